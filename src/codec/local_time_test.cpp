#include "codec/local_time.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codec/charset.h"

namespace quaywatch::codec {
namespace {

TEST(LocalTime, ReadsWallClocksOfAPlace) {
  struct Row {
    CivilTime local;
    std::string zone;
    std::optional<Timestamp> previous;
    std::string_view expected;
    std::int64_t error_s;
  };
  const auto utc = [](std::string_view text) { return *parse_rfc3339(text); };
  const Row kRows[] = {
      {{2026, 10, 23, 19, 52, 14}, "Europe/Ljubljana", std::nullopt, "2026-10-23T17:52:14Z", 0},
      {{2026, 12, 1, 8, 0, 0}, "Europe/Ljubljana", std::nullopt, "2026-12-01T07:00:00Z", 0},
      {{2026, 12, 1, 8, 0, 0}, "America/Guayaquil", std::nullopt, "2026-12-01T13:00:00Z", 0},
      // 25 October 2026 has 02:00 to 03:00 twice.
      {{2026, 10, 25, 2, 7, 0}, "Europe/Ljubljana", std::nullopt, "2026-10-25T00:07:00Z", 3600},
      {{2026, 10, 25, 2, 7, 0}, "Europe/Ljubljana", utc("2026-10-25T00:12:08Z"), "2026-10-25T01:07:00Z", 0},
      {{2026, 10, 25, 2, 7, 0}, "Europe/Ljubljana", utc("2026-10-24T23:00:00Z"), "2026-10-25T00:07:00Z", 3600},
      {{2026, 10, 25, 2, 7, 0}, "Europe/Ljubljana", utc("2026-10-25T05:00:00Z"), "2026-10-25T00:07:00Z", 3600},
      // 29 March 2026 has no 02:30.
      {{2026, 3, 29, 2, 30, 0}, "Europe/Ljubljana", std::nullopt, "2026-03-29T01:30:00Z", 3600},
      {{2026, 3, 29, 3, 0, 0}, "Europe/Ljubljana", std::nullopt, "2026-03-29T01:00:00Z", 0},
  };
  for (const Row& row : kRows) {
    const auto result = to_utc(row.local, row.zone, row.previous);
    ASSERT_TRUE(result) << row.expected;
    EXPECT_EQ(format_rfc3339(result->time), row.expected);
    EXPECT_EQ(result->error_s, row.error_s) << row.expected;
  }
}

// What one record leaves behind must not answer for the next: every quarter of an hour of days with a change of clocks,
// in turn through zones that change at other hours, by half an hour (Lord Howe) or never, forwards and backwards.
TEST(LocalTime, AnswersDoNotDependOnWhatWasAskedBefore) {
  const std::string kZones[] = {"Europe/Ljubljana", "Australia/Lord_Howe", "America/Guayaquil"};
  const CivilTime kDays[] = {{2026, 3, 29}, {2026, 10, 25}, {2026, 4, 5}, {2026, 10, 4}, {1969, 12, 31}};
  std::vector<CivilTime> asked;
  for (const CivilTime& day : kDays)
    for (int minute = 0; minute < 1440; minute += 15)
      asked.push_back({day.year, day.month, day.day, minute / 60, minute % 60, 1});
  for (const std::string& zone : kZones) {
    std::vector<Timestamp> alone;
    for (const CivilTime& local : asked) {
      ASSERT_TRUE(to_utc({2020, 1, 1}, zone == kZones[2] ? kZones[0] : kZones[2], std::nullopt));  // forgets the zone
      alone.push_back(to_utc(local, zone, std::nullopt)->time);
    }
    for (std::size_t i = asked.size(); i-- > 0;) {
      EXPECT_EQ(to_utc(asked[i], zone, std::nullopt)->time, alone[i]) << zone << " " << format_rfc3339(alone[i]);
      EXPECT_EQ(to_utc(asked[i], zone, std::nullopt)->time, alone[i]) << zone << " " << format_rfc3339(alone[i]);
    }
  }
}

TEST(LocalTime, AnUnknownZoneIsNamedAndAnImpossibleTimeRefused) {
  const auto zone = to_utc({2026, 1, 1, 0, 0, 0}, "Europe/Koper", std::nullopt);
  ASSERT_FALSE(zone);
  EXPECT_EQ(zone.error().code, ErrorCode::not_found);
  EXPECT_NE(zone.error().message.find("Europe/Koper"), std::string::npos);
  EXPECT_FALSE(to_utc({2026, 2, 30, 0, 0, 0}, "Europe/Ljubljana", std::nullopt));
}

TEST(Charset, ValuesBecomeUtf8AndIllegalBytesAreToldNotLost) {
  struct Row {
    std::string_view syntax, bytes, expected;
    bool legal;
  };
  const Row kRows[] = {
      {"UNOA", "KOPER", "KOPER", true},
      {"UNOA", "M\xC3\xBCnchen", "München", false},  // UTF-8 under a 7-bit set
      {"UNOA", "M\xFCnchen", "München", false},      // ISO 8859-1 under a 7-bit set
      {"UNOC", "M\xFCnchen", "München", true},
      {"UNOC", "MUNCI\xC3\x8B", "MUNCIË", false},  // 8B is no character of ISO 8859-1
      {"UNOD", "\xA9PEDICIJA", "ŠPEDICIJA", true},
      {"UNOE", "\xBF\xDE\xE0\xE2", "Порт", true},
      {"UNOF", "\xC1\xE8\xDE\xED\xE1", "Αθήνα", true},
      {"UNOK", "\xDDzmir", "İzmir", true},
      {"UNOW", "Š", "Š", true},
      {"UNOW", "\xA9", "©", false},
  };
  for (const Row& row : kRows) {
    const auto charset = charset_of_syntax(row.syntax);
    ASSERT_TRUE(charset) << row.syntax;
    std::string out;
    EXPECT_EQ(append_utf8(*charset, row.bytes, out), row.legal) << row.expected;
    EXPECT_EQ(out, row.expected);
  }
  EXPECT_FALSE(charset_of_syntax("UNOX"));
  EXPECT_FALSE(charset_of_syntax("IATB"));
}

}  // namespace
}  // namespace quaywatch::codec
