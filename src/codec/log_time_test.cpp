#include "codec/log_time.h"

#include <gtest/gtest.h>

namespace quaywatch::codec {
namespace {

Timestamp at(std::string_view text) { return *parse_rfc3339(text); }

TEST(LogTime, TakesEveryFormThatLogLinesBeginWith) {
  struct Row {
    std::string_view text, rest, instant;  // instant in Europe/Ljubljana, received on 26 October 2026
  };
  const Row kRows[] = {
      {"Oct 23 19:52:14 host", " host", "2026-10-23T17:52:14Z"},
      {"Oct  3 19:52:14", "", "2026-10-03T17:52:14Z"},
      {"oct 3 19:52:14.120: %SYS", ": %SYS", "2026-10-03T17:52:14.12Z"},
      {"*Oct 23 2026 19:52:14: x", ": x", "2026-10-23T17:52:14Z"},
      {"2026 Oct 23 19:52:14 UTC: x", ": x", "2026-10-23T19:52:14Z"},
      {"Oct 23 19:52:14 UTC host", " host", "2026-10-23T19:52:14Z"},
      {"Oct 23 19:52:14 CEST: x", ": x", "2026-10-23T17:52:14Z"},
      {"Oct 23 19:52:14 CEST x", " CEST x", "2026-10-23T17:52:14Z"},
      {"Nov  3 19:52:14 x", " x", "2025-11-03T18:52:14Z"},
      {"2026-10-23T19:52:14.123456+02:00 h", " h", "2026-10-23T17:52:14.123456Z"},
      {"2026-10-23T17:52:14Z", "", "2026-10-23T17:52:14Z"},
      {"2026-10-23 19:52:14 h", " h", "2026-10-23T17:52:14Z"},
  };
  for (const Row& row : kRows) {
    std::string_view rest = row.text;
    const auto time = take_log_time(rest);
    ASSERT_TRUE(time) << row.text;
    EXPECT_EQ(rest, row.rest) << row.text;
    const auto instant = to_instant(*time, "Europe/Ljubljana", at("2026-10-26T12:00:00Z"));
    ASSERT_TRUE(instant) << row.text;
    EXPECT_EQ(format_rfc3339(instant->time), row.instant) << row.text;
  }
}

TEST(LogTime, LeavesTextThatIsNoTime) {
  for (const std::string_view text : {"", "Oct 23", "Oct 23 19:52", "Oct 32 19:52:14 x", "Okt 23 19:52:14 x",
                                      "Oct 23 24:52:14 x", "2026-13-01T00:00:00Z", "2026-10-23T19:52:14+2:00 x",
                                      "2026-10-23T19:52:14x", "Oct 23 19:52:145 x", "12:00:00", "Feb 30 00:00:00 x"}) {
    std::string_view rest = text;
    EXPECT_FALSE(take_log_time(rest)) << text;
    EXPECT_EQ(rest, text);
  }
}

TEST(LogTime, ATimeWithoutYearLiesAtMostADayBehindTheReceipt) {
  struct Row {
    std::string_view text, zone, received, instant;
  };
  const Row kRows[] = {
      {"Dec 31 23:59:58", "UTC", "2027-01-01T00:00:03Z", "2026-12-31T23:59:58Z"},
      {"Jan  1 00:00:05", "UTC", "2026-12-31T23:59:59Z", "2027-01-01T00:00:05Z"},
      {"Jan  1 13:30:00", "Pacific/Kiritimati", "2026-12-31T00:10:00Z", "2026-12-31T23:30:00Z"},
      {"Oct 27 11:59:59", "", "2026-10-26T12:00:00Z", "2026-10-27T11:59:59Z"},
      {"Oct 27 12:00:01", "", "2026-10-26T12:00:00Z", "2025-10-27T12:00:01Z"},
      {"Dec 31 20:00:00", "America/Guayaquil", "2027-01-01T00:59:00Z", "2027-01-01T01:00:00Z"},
      {"Feb 29 10:00:00", "UTC", "2026-10-26T12:00:00Z", "2024-02-29T10:00:00Z"},
  };
  for (const Row& row : kRows) {
    const auto time = read_log_time(row.text);
    ASSERT_TRUE(time) << row.text;
    const auto instant = to_instant(*time, std::string(row.zone), at(row.received));
    ASSERT_TRUE(instant) << row.text;
    EXPECT_EQ(format_rfc3339(instant->time), row.instant) << row.text << " " << row.received;
  }
  EXPECT_FALSE(to_instant(*read_log_time("Oct 23 19:52:14"), "Europe/Nowhere", at("2026-10-26T12:00:00Z")));
}

TEST(LogTime, ReadsMillisecondsWhereNothingElseStands) {
  const auto ms = read_log_time(" 1792777934120 ");
  ASSERT_TRUE(ms);
  EXPECT_EQ(format_rfc3339(*ms->instant), "2026-10-23T17:52:14.12Z");
  EXPECT_FALSE(read_log_time("179277793"));
  EXPECT_FALSE(read_log_time("99999999999999999999"));
  EXPECT_FALSE(read_log_time("Oct 23 19:52:14 x"));
}

}  // namespace
}  // namespace quaywatch::codec
