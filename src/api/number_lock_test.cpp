#include "api/number_lock.h"

#include <gtest/gtest.h>

namespace quaywatch::api {

TEST(NumberLock, OpensWhatItLockedForThePurpose) {
  const NumberLock one, other;
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{7}, ~std::uint64_t{0}}) {
    const std::string text = one.lock("a", number);
    EXPECT_EQ(one.unlock("a", text), number);
    EXPECT_EQ(one.unlock("b", text), std::nullopt);
    EXPECT_EQ(other.unlock("a", text), std::nullopt);
    EXPECT_NE(one.lock("a", number), text);
    EXPECT_EQ(one.lock("a", 1).size(), text.size());
    EXPECT_LE(text.size(), 128u) << "as long as the interface lets a Last-Event-ID be";
  }
  for (const char* text : {"", "7", "zz", "00000000000000000007"}) EXPECT_EQ(one.unlock("a", text), std::nullopt);
}

}  // namespace quaywatch::api
