#include "pipeline/blind_spots.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace quaywatch::pipeline {
namespace {

BlindHour hour(int n, std::string facility = "T1", std::optional<EventType> missing = EventType::order_issued) {
  return {Timestamp{} + hours(n), 0, UnknownCause::no_coverage, std::move(facility), missing};
}

std::vector<rules::Rule> one_rule() {
  std::vector<rules::Rule> rules(1);
  rules[0].id = "rule";
  rules[0].types = {EventType::container_moved};
  return rules;
}

TEST(BlindSpots, HoursThatFollowOneAnotherAreOneIntervalTheWorstFirst) {
  BlindHours all;
  for (const int n : {0, 1, 2, 5}) add_blind(all, hour(n), 1);
  add_blind(all, hour(1, "T2"), 9);
  const auto rules = one_rule();
  const auto spots = join(all, rules);
  ASSERT_EQ(spots.size(), 3u);
  EXPECT_EQ(spots[0].facility, "T2");
  EXPECT_EQ(spots[0].events, 9u);
  EXPECT_EQ(spots[1].from, Timestamp{});
  EXPECT_EQ(spots[1].until, Timestamp{} + hours(3));
  EXPECT_EQ(spots[1].events, 3u);
  EXPECT_EQ(spots[1].missing, std::vector{EventType::order_issued});
  EXPECT_EQ(spots[2].from, Timestamp{} + hours(5));
}

TEST(BlindSpots, BeyondTheLimitTheOldestGoWhateverTheOrder) {
  constexpr int kMore = 10, kAll = static_cast<int>(limits::kBlindSpots) + kMore;
  BlindHours up, down;
  std::uint64_t lost_up = 0, lost_down = 0;
  for (int i = 0; i < kAll; ++i) {
    lost_up += add_blind(up, hour(i), 1);
    lost_down += add_blind(down, hour(kAll - 1 - i), 1);
  }
  EXPECT_EQ(up, down);
  EXPECT_EQ(up.begin()->first.hour, Timestamp{} + hours(kMore));
  EXPECT_EQ(lost_up, static_cast<std::uint64_t>(kMore));
  EXPECT_EQ(lost_down, lost_up);
}

TEST(BlindSpots, AGapOfWholeHoursInARulesOwnRecordsIsOneWhateverOtherFeedsCover) {
  timeline::Coverage coverage;
  const auto cover = [&](const char* feed, Timestamp from, Timestamp until) {
    coverage.add({feed, "T1", {EventType::container_moved}, from, until - Duration{1}, until});
  };
  cover("tos", Timestamp{}, Timestamp{} + days(1));
  cover("tos", Timestamp{} + days(1) + minutes(40), Timestamp{} + days(2));  // no whole hour
  cover("tos", Timestamp{} + days(3), Timestamp{} + days(4));
  const auto rules = one_rule();
  const auto spots = unwatched(rules, coverage);
  ASSERT_EQ(spots.size(), 1u);
  EXPECT_EQ(spots[0].from, Timestamp{} + days(2));
  EXPECT_EQ(spots[0].until, Timestamp{} + days(3));
  EXPECT_EQ(spots[0].facility, "T1");
  EXPECT_EQ(spots[0].events, 0u);
  cover("readers", Timestamp{}, Timestamp{} + days(4));
  EXPECT_EQ(unwatched(rules, coverage).size(), 1u);  // docs/decisions/0013
}

}  // namespace
}  // namespace quaywatch::pipeline
