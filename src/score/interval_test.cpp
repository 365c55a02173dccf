#include "score/interval.h"

#include <gtest/gtest.h>

#include <cmath>

namespace quaywatch::score {
namespace {

struct Case {
  std::uint64_t count, of;
  double low, high;
};

// R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (Wilson score without correction).
TEST(Interval, WilsonIsThatOfNewcombesTable) {
  const Case cases[] = {
      {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};
  for (const Case& c : cases) {
    const Interval i = wilson(c.count, c.of);
    EXPECT_NEAR(i.low, c.low, 0.00005) << c.count << " of " << c.of;
    EXPECT_NEAR(i.high, c.high, 0.00005) << c.count << " of " << c.of;
  }
}

TEST(Interval, WilsonHoldsAtTheEnds) {
  EXPECT_EQ(wilson(0, 0).low, 0);
  EXPECT_EQ(wilson(0, 0).high, 1);
  EXPECT_EQ(wilson(5, 5).high, 1);
  EXPECT_NEAR(wilson(5, 5).low, 0.5655, 0.00005);
  EXPECT_EQ(wilson(0, 5).low, 0);
}

// Tables of exact Poisson limits print two to three of these decimals (3.69; 5.57; 18.39; 37.11 and 65.92).
TEST(Interval, GarwoodIsThatOfThePublishedTables) {
  const Case cases[] = {{0, 0, 0, 3.6889},        {1, 0, 0.0253, 5.5716},   {2, 0, 0.2422, 7.2247},
                        {3, 0, 0.6187, 8.7673},   {5, 0, 1.6235, 11.6683},  {10, 0, 4.7954, 18.3904},
                        {20, 0, 12.2165, 30.8884}, {50, 0, 37.1110, 65.9188}, {100, 0, 81.3640, 121.6268}};
  for (const Case& c : cases) {
    const Interval i = garwood(c.count);
    EXPECT_NEAR(i.low, c.low, 0.0001) << c.count;
    EXPECT_NEAR(i.high, c.high, 0.0001) << c.count;
  }
}

// Probability of at most `count` at this mean, by adding up the terms.
double at_most(std::uint64_t count, double mean) {
  double term = std::exp(-mean), sum = term;
  for (std::uint64_t i = 1; i <= count; ++i) sum += term *= mean / static_cast<double>(i);
  return sum;
}

TEST(Interval, GarwoodLeavesATailOnEitherSide) {
  for (std::uint64_t k = 1; k < 400; k += 7) {
    const Interval i = garwood(k);
    EXPECT_NEAR(1 - at_most(k - 1, i.low), 0.025, 1e-9) << k;
    EXPECT_NEAR(at_most(k, i.high), 0.025, 1e-9) << k;
  }
}

}  // namespace
}  // namespace quaywatch::score
