#include "sim/calendar.h"

#include <gtest/gtest.h>

namespace quaywatch::sim {
namespace {

Timestamp utc(const char* text) { return *parse_rfc3339(text); }

TEST(Calendar, WallClockAroundTheChanges) {
  const struct { const char *utc, *wall; } rows[] = {
      {"2026-03-29T00:59:59Z", "2026-03-29 01:59:59"}, {"2026-03-29T01:00:00Z", "2026-03-29 03:00:00"},
      {"2026-10-25T00:30:00Z", "2026-10-25 02:30:00"}, {"2026-10-25T01:30:00Z", "2026-10-25 02:30:00"},
      {"2025-10-26T01:00:00Z", "2025-10-26 02:00:00"}, {"2024-12-31T23:30:00Z", "2025-01-01 00:30:00"}};
  for (const auto& row : rows) EXPECT_EQ(dashed(local_time(utc(row.utc))), row.wall) << row.utc;
}

TEST(Calendar, MidnightsOfLongAndShortDays) {
  EXPECT_EQ(local_midnight(utc("2026-10-25T12:00:00Z")), utc("2026-10-24T22:00:00Z"));
  EXPECT_EQ(local_midnight(utc("2026-10-26T12:00:00Z")), utc("2026-10-25T23:00:00Z"));
  EXPECT_EQ(local_midnight(utc("2026-03-29T12:00:00Z")), utc("2026-03-28T23:00:00Z"));
  EXPECT_EQ(local_midnight(utc("2026-03-30T12:00:00Z")), utc("2026-03-29T22:00:00Z"));
}

TEST(Calendar, Weekdays) {
  EXPECT_EQ(weekday(utc("2026-10-19T12:00:00Z")), 0);
  EXPECT_EQ(weekday(utc("2026-10-25T22:59:00Z")), 6);
  EXPECT_EQ(weekday(utc("2026-10-25T23:01:00Z")), 0);
}

}  // namespace
}  // namespace quaywatch::sim
