#include "codec/log_time.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace quaywatch::codec {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::int64_t kEpochMsMax = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z
constexpr std::size_t kEpochMsDigits = 10;                 // fewer lie in January 1970: some other number
constexpr int kYearsBack = 8;                              // 29 February: eight years lie between 1896 and 1904

struct Cursor {
  std::string_view rest;

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool blanks() {
    const std::size_t before = rest.size();
    while (take(' ')) {}
    return rest.size() < before;
  }
  // Between `least` and `most` digits that no further digit follows.
  bool number(std::size_t least, std::size_t most, int& out) {
    std::size_t n = 0;
    int v = 0;
    for (; n < rest.size() && n < most && is_ascii_digit(rest[n]); ++n) v = v * 10 + (rest[n] - '0');
    if (n < least || (n < rest.size() && is_ascii_digit(rest[n]))) return false;
    rest.remove_prefix(n);
    out = v;
    return true;
  }
  bool month(int& out) {
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      if (!equals_ignore_case(rest.substr(0, 3), kMonths[i])) continue;
      rest.remove_prefix(3);
      out = static_cast<int>(i) + 1;
      return true;
    }
    return false;
  }
};

void take_fraction(Cursor& in, CivilTime& c) {
  Cursor ahead = in;
  if (!ahead.take('.') || ahead.rest.empty() || !is_ascii_digit(ahead.rest.front())) return;
  for (int scale = 100'000; !ahead.rest.empty() && is_ascii_digit(ahead.rest.front()); scale /= 10) {
    c.microsecond += (ahead.rest.front() - '0') * scale;
    ahead.rest.remove_prefix(1);
  }
  in = ahead;
}

bool take_clock(Cursor& in, CivilTime& c) {
  if (!in.number(2, 2, c.hour) || !in.take(':') || !in.number(2, 2, c.minute) || !in.take(':') ||
      !in.number(2, 2, c.second))
    return false;
  take_fraction(in, c);
  return true;
}

// "UTC" and "GMT" behind the clock; other names of zones are ambiguous and only skipped where a colon ends the time.
bool take_utc(Cursor& in) {
  Cursor ahead = in;
  if (!ahead.blanks()) return false;
  for (const std::string_view zone : {"UTC", "GMT", "Z"}) {
    if (!ahead.rest.starts_with(zone)) continue;
    const char next = ahead.rest.size() > zone.size() ? ahead.rest[zone.size()] : ' ';
    if (next != ' ' && next != ':') return false;
    ahead.rest.remove_prefix(zone.size());
    in = ahead;
    return true;
  }
  return false;
}

void skip_zone_before_colon(Cursor& in) {
  Cursor ahead = in;
  if (!ahead.blanks()) return;
  std::size_t n = 0;
  while (n < ahead.rest.size() && is_ascii_upper(ahead.rest[n])) ++n;
  if (n < 3 || n > 5 || n == ahead.rest.size() || ahead.rest[n] != ':') return;
  ahead.rest.remove_prefix(n);
  in = ahead;
}

// "Oct 23 19:52:14", "Oct  3 2026 19:52:14.120", "2026 Oct 23 19:52:14 UTC".
std::optional<LogTime> take_bsd(Cursor& in) {
  LogTime t;
  if (!in.take('*')) in.take('.');
  Cursor year_first = in;
  t.has_year = year_first.number(4, 4, t.civil.year) && year_first.blanks();
  if (t.has_year) in = year_first;
  if (!in.month(t.civil.month) || !in.blanks() || !in.number(1, 2, t.civil.day) || !in.blanks()) return std::nullopt;
  Cursor year_behind = in;
  if (!t.has_year && year_behind.number(4, 4, t.civil.year) && year_behind.blanks()) {
    t.has_year = true;
    in = year_behind;
  }
  if (!take_clock(in, t.civil)) return std::nullopt;
  if (!t.has_year) t.civil.year = 2000;  // a leap year: validity of the day is judged without the year
  if (!is_valid(t.civil)) return std::nullopt;
  if (!take_utc(in)) {
    skip_zone_before_colon(in);
  } else if (t.has_year) {
    t.instant = from_civil_utc(t.civil);
  } else {
    t.is_utc = true;
  }
  return t;
}

// "2026-10-23T19:52:14.5+02:00", or with a blank for T, or without an offset.
std::optional<LogTime> take_iso(Cursor& in) {
  LogTime t;
  const std::string_view all = in.rest;
  if (!in.number(4, 4, t.civil.year) || !in.take('-') || !in.number(2, 2, t.civil.month) || !in.take('-') ||
      !in.number(2, 2, t.civil.day) || (!in.take('T') && !in.take('t') && !in.take(' ')) || !take_clock(in, t.civil) ||
      !is_valid(t.civil))
    return std::nullopt;
  const std::size_t clock = all.size() - in.rest.size();
  const char next = in.rest.empty() ? ' ' : in.rest.front();
  const std::size_t offset = next == 'Z' || next == 'z' ? 1 : next == '+' || next == '-' ? 6 : 0;
  if (offset == 0) return t;
  const auto whole = parse_rfc3339(all.substr(0, clock + offset));
  if (!whole) return std::nullopt;
  in.rest.remove_prefix(offset);
  t.instant = *whole;
  return t;
}

const std::string& clock_of(const LogTime& time, const std::string& iana_zone) {
  static const std::string kUtc = "UTC";
  return time.is_utc || iana_zone.empty() ? kUtc : iana_zone;
}

}  // namespace

std::optional<LogTime> take_log_time(std::string_view& text) {
  for (const auto take : {take_iso, take_bsd}) {
    Cursor in{text};
    auto time = take(in);
    if (!time || (!in.rest.empty() && in.rest.front() != ' ' && in.rest.front() != ':')) continue;
    time->text = text.substr(0, text.size() - in.rest.size());
    text = in.rest;
    return time;
  }
  return std::nullopt;
}

std::optional<LogTime> read_log_time(std::string_view text) {
  text = trim(text);
  std::int64_t ms = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, ms);
  if (parsed.ec == std::errc{} && parsed.ptr == end) {
    if (text.size() < kEpochMsDigits || ms < 0 || ms > kEpochMsMax) return std::nullopt;
    return LogTime{{}, true, false, Timestamp{ms * 1000}, text};
  }
  const auto time = take_log_time(text);
  return text.empty() ? time : std::nullopt;
}

Result<CivilTime> with_year(const LogTime& time, const std::string& iana_zone, Timestamp received_at) {
  CivilTime c = time.civil;
  if (time.has_year) return c;
  const Timestamp latest = received_at + days(1);
  const int newest = to_civil_utc(latest + days(1)).year;  // a place ahead of UTC may have New Year already
  for (int back = 0; back <= kYearsBack; ++back) {
    c.year = newest - back;
    if (!is_valid(c)) continue;
    const auto instant = to_utc(c, clock_of(time, iana_zone), std::nullopt);
    if (!instant) return tl::unexpected<Error>(instant.error());
    if (instant->time <= latest) return c;
  }
  return fail(ErrorCode::malformed, "no year near the receipt has this day");
}

Result<LocalTimeResult> to_instant(const LogTime& time, const std::string& iana_zone, Timestamp received_at) {
  if (time.instant) return LocalTimeResult{*time.instant, 0};
  const auto civil = with_year(time, iana_zone, received_at);
  if (!civil) return tl::unexpected<Error>(civil.error());
  return to_utc(*civil, clock_of(time, iana_zone), std::nullopt);
}

}  // namespace quaywatch::codec
