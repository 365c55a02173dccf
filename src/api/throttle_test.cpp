#include "api/throttle.h"

#include <gtest/gtest.h>

#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-03-12T06:00:00Z");

int taken(Throttle& throttle, const std::string& who, Timestamp now, int times) {
  int out = 0;
  for (int i = 0; i < times; ++i) out += throttle.take(who, now).wait.us == 0;
  return out;
}

TEST(Throttle, LetsSoManyGoOnAndTheRestAsTimePasses) {
  Throttle throttle(20);
  EXPECT_EQ(taken(throttle, "a", kNow, 15), 10);
  EXPECT_EQ(taken(throttle, "b", kNow, 15), 10) << "each has a bucket";
  EXPECT_EQ(taken(throttle, "a", kNow + seconds(9), 15), 3) << "what was refused took nothing";
  EXPECT_EQ(taken(throttle, "a", kNow + minutes(9), 15), 10) << "no more than full";
  EXPECT_EQ(throttle.take("a", kNow + minutes(9)).wait, seconds(3));
  EXPECT_EQ(taken(throttle, "a", kNow, 1), 0) << "a clock that went back";
}

TEST(Throttle, TellsTheFirstRefusalOfARow) {
  Throttle throttle(8);
  taken(throttle, "a", kNow, 4);
  EXPECT_TRUE(throttle.take("a", kNow).is_first);
  EXPECT_FALSE(throttle.take("a", kNow).is_first);
  EXPECT_EQ(taken(throttle, "a", kNow + seconds(8), 1), 1);
  EXPECT_FALSE(throttle.take("a", kNow + seconds(8)).is_first);
  taken(throttle, "a", kNow + seconds(32), 3);
  EXPECT_TRUE(throttle.take("a", kNow + seconds(32)).is_first);
}

TEST(Throttle, WithoutARateLimitsNothing) {
  Throttle throttle(1);
  taken(throttle, "a", kNow, 2);
  throttle.set(0);
  EXPECT_EQ(taken(throttle, "a", kNow, 1000), 1000);
}

TEST(Throttle, IsBounded) {
  Throttle throttle(1);
  for (std::size_t i = 0; i < limits::kThrottled + 10; ++i) throttle.take(std::to_string(i), kNow);
  EXPECT_EQ(taken(throttle, std::to_string(limits::kThrottled + 9), kNow, 2), 0);
}

}  // namespace
}  // namespace quaywatch::api
