#include "sim/random.h"

#include <gtest/gtest.h>

namespace quaywatch::sim {
namespace {

// Golden: a change of these changes every simulated port, and must be said in the changelog.
TEST(Random, SameNumbersEverywhere) {
  Random r(stream_seed(1, "gate", 7));
  EXPECT_EQ(r.next(), 0x32f0884d435f7dabU);
  EXPECT_EQ(r.next(), 0xc89f53c243d976eU);
  EXPECT_NE(stream_seed(1, "gate", 7), stream_seed(1, "gate", 8));
  EXPECT_NE(stream_seed(1, "gate", 7), stream_seed(2, "gate", 7));
  EXPECT_NE(stream_seed(1, "gate", 7), stream_seed(1, "yard", 7));
}

TEST(Random, DrawsKeepTheirBounds) {
  Random r(3);
  std::uint32_t seen = 0;
  double sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto x = r.between(-2, 2);
    ASSERT_GE(x, -2);
    ASSERT_LE(x, 2);
    seen |= 1U << (x + 2);
    const double u = r.unit();
    ASSERT_TRUE(u >= 0 && u < 1);
    sum += r.poisson(1.5);
  }
  EXPECT_EQ(seen, 31U);
  EXPECT_NEAR(sum / 20'000, 1.5, 0.04);
}

}  // namespace
}  // namespace quaywatch::sim
