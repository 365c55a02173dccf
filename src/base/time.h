// Instants and spans. One clock unit inside the program: microseconds since 1970-01-01T00:00:00Z, no leap seconds
// (POSIX time). Nothing here reads a clock; `io/clock.h` alone does.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quaywatch {

struct Duration {
  std::int64_t us = 0;
  constexpr auto operator<=>(const Duration&) const = default;
  constexpr std::int64_t whole_seconds() const { return us / 1'000'000; }
};

constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }
constexpr Duration days(std::int64_t n) { return hours(n * 24); }

struct Timestamp {
  std::int64_t us = 0;
  constexpr auto operator<=>(const Timestamp&) const = default;
  static constexpr Timestamp min() { return {std::numeric_limits<std::int64_t>::min() / 2}; }
  static constexpr Timestamp max() { return {std::numeric_limits<std::int64_t>::max() / 2}; }
};

constexpr Timestamp operator+(Timestamp t, Duration d) { return {t.us + d.us}; }
constexpr Timestamp operator-(Timestamp t, Duration d) { return {t.us - d.us}; }
constexpr Duration operator-(Timestamp a, Timestamp b) { return {a.us - b.us}; }
constexpr Duration operator+(Duration a, Duration b) { return {a.us + b.us}; }

struct CivilTime {  // proleptic Gregorian, fields in their usual ranges
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int microsecond = 0;
};

// Days since the epoch of a civil date; no range check.
std::int64_t days_from_civil(int year, int month, int day);
// False when a field is out of range (second 60 is refused: no feed of ours states leap seconds).
bool is_valid(const CivilTime& c);
Timestamp from_civil_utc(const CivilTime& c);
CivilTime to_civil_utc(Timestamp t);

// RFC 3339, always UTC with Z; fractions only when present, up to microseconds: 2026-10-23T17:52:14.5Z
std::string format_rfc3339(Timestamp t);
// RFC 3339 section 5.6 with an offset or Z; a blank is taken for T. No offset: malformed.
Result<Timestamp> parse_rfc3339(std::string_view text);

// "90s", "30m", "24h", "15d"; the spelling of Sigma timespans.
Result<Duration> parse_timespan(std::string_view text);
std::string format_timespan(Duration d);

}  // namespace quaywatch
