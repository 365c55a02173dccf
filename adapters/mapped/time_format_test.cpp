#include "adapters/mapped/time_format.h"

#include <gtest/gtest.h>

#include "adapters/mapped/row_clock.h"

namespace quaywatch::adapters::mapped {
namespace {

struct Case {
  const char* format;
  const char* zone;
  const char* text;
  const char* wanted;  // UTC; empty: refused
  std::int64_t error_s = 0;
  Doubt doubt = Doubt::none;
};

TEST(TimeFormat, ReadsTheSpellingsOfPortSystems) {
  static constexpr Case kCases[] = {
      {"%d.%m.%Y %H:%M:%S", "Europe/Ljubljana", "22.10.2026 05:50:00", "2026-10-22T03:50:00Z"},
      {"%d.%m.%Y %H:%M", "Europe/Ljubljana", "1.2.2026 7:05", "2026-02-01T06:05:00Z", 60},
      {"%Y-%m-%d %H:%M:%S", "UTC", "2026-10-22 05:15:00", "2026-10-22T05:15:00Z"},
      {"%Y-%m-%d", "UTC", "2026-10-22", "2026-10-22T12:00:00Z", 43'200},
      {"%m/%d/%y %H.%M", "America/New_York", "10/22/26 05.15", "2026-10-22T09:15:00Z", 60},
      {"%Y%m%d%H%M%S", "UTC", "20261022051530", "2026-10-22T05:15:30Z"},
      {"%Y-%m-%dT%H:%M:%S.%f%z", "", "2026-10-22T05:15:30.25+02:00", "2026-10-22T03:15:30.25Z"},
      {"%Y-%m-%d %H:%M:%S %z", "", "2026-10-22 05:15:30 -0330", "2026-10-22T08:45:30Z"},
      {"%m/%d/%Y %I:%M %p", "America/New_York", "10/5/2026 7:05 PM", "2026-10-05T23:05:00Z", 60},
      {"%m/%d/%Y %I:%M:%S %p", "UTC", "10/5/2026 12:05:09 am", "2026-10-05T00:05:09Z"},
      {"%m/%d/%Y %I:%M %p", "UTC", "10/5/2026 13:05 PM", ""},
      {"%m/%d/%Y %I:%M %p", "UTC", "10/5/2026 7:05", ""},
      {"rfc3339", "", "2026-10-21T14:32:06.744Z", "2026-10-21T14:32:06.744Z"},
      {"epoch_s", "", "1792562726", "2026-10-21T06:05:26Z"},
      {"epoch_ms", "", "1792562726744", "2026-10-21T06:05:26.744Z"},
      {"%d.%m.%Y %H:%M", "UTC", "31.02.2026 07:05", ""},
      {"%d.%m.%Y %H:%M", "UTC", "22.10.2026 07:05:11", ""},
      {"%d.%m.%Y %H:%M", "UTC", "22.10.2026", ""},
      {"%d.%m.%Y %H:%M", "UTC", "", ""},
      {"rfc3339", "", "2026-10-21T14:32:06", ""},
      {"epoch_s", "", "-5", ""},
      {"epoch_ms", "", "99999999999999999999", ""},
      // Both days of Europe/Amsterdam: forward on 29 March at 01:00Z, back on 25 October at 01:00Z.
      {"%Y-%m-%d %H:%M:%S", "Europe/Amsterdam", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z"},
      {"%Y-%m-%d %H:%M:%S", "Europe/Amsterdam", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z", 3600,
       Doubt::skipped_hour},
      {"%Y-%m-%d %H:%M:%S", "Europe/Amsterdam", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z"},
      {"%Y-%m-%d %H:%M:%S", "Europe/Amsterdam", "2026-10-25 01:59:59", "2026-10-24T23:59:59Z"},
      {"%Y-%m-%d %H:%M:%S", "Europe/Amsterdam", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z", 3600,
       Doubt::repeated_hour},
      {"%Y-%m-%d %H:%M:%S", "Europe/Amsterdam", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z"},
  };
  for (const Case& c : kCases) {
    const auto format = TimeFormat::compile(c.format);
    ASSERT_TRUE(format) << c.format;
    EXPECT_EQ(format->needs_zone(), *c.zone != '\0') << c.format;
    const auto t = read_time(*format, c.zone, c.text, std::nullopt);
    ASSERT_EQ(t.has_value(), *c.wanted != '\0') << c.format << " " << c.text;
    if (!t) continue;
    EXPECT_EQ(format_rfc3339(t->time), c.wanted) << c.format << " " << c.text;
    EXPECT_EQ(t->error_s, c.error_s) << c.text;
    EXPECT_EQ(t->doubt, c.doubt) << c.text;
  }
}

TEST(TimeFormat, RefusesPatternsThatCannotNameAnInstant) {
  EXPECT_EQ(TimeFormat::compile("%d.%m.%Y %h:%M").error().message,
            "time format '%d.%m.%Y %h:%M' uses '%h'; known are %Y %y %m %d %H %I %p %M %S %f %z %%");
  EXPECT_EQ(TimeFormat::compile("%H:%M:%S").error().message,
            "time format '%H:%M:%S' names no full date; write rfc3339, epoch_s, epoch_ms or a pattern such as %d.%m.%Y "
            "%H:%M:%S");
  EXPECT_FALSE(TimeFormat::compile("%Y-%m-%d %"));
  EXPECT_EQ(TimeFormat::compile("%m/%d/%Y %I:%M").error().message,
            "time format '%m/%d/%Y %I:%M': an hour is either %H, or %I together with %p");
  EXPECT_FALSE(TimeFormat::compile("%m/%d/%Y %H:%M %I %p"));
}

TEST(TimeFormat, LocalMidnightHoldsOnDaysOf23And25Hours) {
  const auto midnight = [](const char* t) {
    return format_rfc3339(local_midnight(*parse_rfc3339(t), "Europe/Amsterdam"));
  };
  EXPECT_EQ(midnight("2026-10-24T22:00:00Z"), "2026-10-24T22:00:00Z");
  EXPECT_EQ(midnight("2026-10-25T22:59:59Z"), "2026-10-24T22:00:00Z");
  EXPECT_EQ(midnight("2026-10-25T23:00:00Z"), "2026-10-25T23:00:00Z");
  EXPECT_EQ(midnight("2026-03-29T21:59:59Z"), "2026-03-28T23:00:00Z");
  EXPECT_EQ(midnight("2026-03-29T22:00:00Z"), "2026-03-29T22:00:00Z");
}

}  // namespace
}  // namespace quaywatch::adapters::mapped
