#include "base/time.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace quaywatch {
namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads exactly `n` digits at `pos`; -1 when they are not there.
int digits(std::string_view s, std::size_t pos, std::size_t n) {
  if (pos + n > s.size()) return -1;
  int v = 0;
  for (std::size_t i = pos; i < pos + n; ++i) {
    if (!is_digit(s[i])) return -1;
    v = v * 10 + (s[i] - '0');
  }
  return v;
}

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// At the time of day of `c`; the day counts from the epoch.
Timestamp at_day(std::int64_t day, const CivilTime& c) {
  const std::int64_t day_s = c.hour * 3600 + c.minute * 60 + c.second;
  return {day * kDayUs + day_s * 1'000'000 + c.microsecond};
}

}  // namespace

// Days-from-civil in 400-year eras of 146,097 days, year starting in March so that the leap day comes last.
std::int64_t days_from_civil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719'468;
}

bool is_valid(const CivilTime& c) {
  return c.year >= 1900 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
         c.day <= days_in_month(c.year, c.month) && c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 &&
         c.second >= 0 && c.second < 60;
}

Timestamp from_civil_utc(const CivilTime& c) {
  return at_day(days_from_civil(c.year, c.month, c.day), c);
}

CivilTime to_civil_utc(Timestamp t) {
  std::int64_t day = t.us / kDayUs;
  std::int64_t rest = t.us % kDayUs;
  if (rest < 0) {
    rest += kDayUs;
    --day;
  }
  const std::int64_t z = day + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  CivilTime c;
  c.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  c.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  c.year = static_cast<int>(yoe + era * 400 + (c.month <= 2 ? 1 : 0));
  c.microsecond = static_cast<int>(rest % 1'000'000);
  const std::int64_t s = rest / 1'000'000;
  c.hour = static_cast<int>(s / 3600);
  c.minute = static_cast<int>(s / 60 % 60);
  c.second = static_cast<int>(s % 60);
  return c;
}

std::string format_rfc3339(Timestamp t) {
  const CivilTime c = to_civil_utc(t);
  // By hand: an alert has a dozen of them, and a format string costs five times as much.
  std::string out = c.year < 0 || c.year > 9999 ? fmt::format("{:04}", c.year) : std::string("0000");
  const std::size_t year = out.size();
  out += "-00-00T00:00:00.000000";
  const auto put = [&](std::size_t at, std::size_t width, int v) {
    for (; width > 0; v /= 10) out[at + --width] = static_cast<char>('0' + v % 10);
  };
  if (out[0] == '0') put(0, 4, c.year);
  put(year + 1, 2, c.month);
  put(year + 4, 2, c.day);
  put(year + 7, 2, c.hour);
  put(year + 10, 2, c.minute);
  put(year + 13, 2, c.second);
  put(year + 16, 6, c.microsecond);
  while (out.back() == '0') out.pop_back();
  if (c.microsecond == 0) out.resize(year + 15);
  out += 'Z';
  return out;
}

Result<Timestamp> parse_rfc3339(std::string_view s) {
  const auto bad = [&] {
    return fail(ErrorCode::malformed,
                fmt::format("'{}' is not an RFC 3339 time such as 2026-10-23T17:52:14Z", s.substr(0, 40)));
  };
  if (s.size() < 20 || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != 't' && s[10] != ' ') ||
      s[13] != ':' || s[16] != ':')
    return bad();
  // The last day that was read: records come by the thousand for each.
  thread_local struct {
    std::array<char, 10> text{};
    std::int64_t number = 0;
  } day;
  bool all_digits = true;
  const auto two = [&](std::size_t at) {
    const unsigned tens = static_cast<unsigned>(s[at]) - '0', ones = static_cast<unsigned>(s[at + 1]) - '0';
    all_digits &= tens <= 9 && ones <= 9;
    return static_cast<int>(tens * 10 + ones);
  };
  CivilTime c;
  c.hour = two(11);
  c.minute = two(14);
  c.second = two(17);
  if (!std::equal(day.text.begin(), day.text.end(), s.begin())) {
    c.year = two(0) * 100 + two(2);
    c.month = two(5);
    c.day = two(8);
    if (!all_digits || !is_valid(c)) return bad();
    std::copy_n(s.begin(), day.text.size(), day.text.begin());
    day.number = days_from_civil(c.year, c.month, c.day);
  }
  if (!all_digits || c.hour > 23 || c.minute > 59 || c.second > 59) return bad();
  std::size_t pos = 19;
  if (s[pos] == '.') {
    int scale = 100'000;
    for (++pos; pos < s.size() && is_digit(s[pos]); ++pos, scale /= 10) c.microsecond += (s[pos] - '0') * scale;
  }
  if (pos >= s.size()) return bad();
  const Timestamp t = at_day(day.number, c);
  if ((s[pos] == 'Z' || s[pos] == 'z') && pos + 1 == s.size()) return t;
  if ((s[pos] != '+' && s[pos] != '-') || pos + 6 != s.size() || s[pos + 3] != ':') return bad();
  const int oh = digits(s, pos + 1, 2);
  const int om = digits(s, pos + 4, 2);
  if (oh < 0 || oh > 23 || om < 0 || om > 59) return bad();
  const Duration offset = minutes(oh * 60 + om);
  return s[pos] == '+' ? t - offset : t + offset;
}

Result<Duration> parse_timespan(std::string_view text) {
  std::int64_t n = 0;
  std::size_t pos = 0;
  while (pos < text.size() && is_digit(text[pos]) && pos < 9) n = n * 10 + (text[pos++] - '0');
  if (pos > 0 && pos + 1 == text.size()) {
    switch (text[pos]) {
      case 's': return seconds(n);
      case 'm': return minutes(n);
      case 'h': return hours(n);
      case 'd': return days(n);
      default: break;
    }
  }
  return fail(ErrorCode::malformed, fmt::format("'{}' is not a timespan; write a number and s, m, h or d, such as 24h",
                                                text.substr(0, 40)));
}

std::string format_timespan(Duration d) {
  const std::int64_t s = d.whole_seconds();
  if (s != 0 && s % 86'400 == 0) return fmt::format("{}d", s / 86'400);
  if (s != 0 && s % 3600 == 0) return fmt::format("{}h", s / 3600);
  if (s != 0 && s % 60 == 0) return fmt::format("{}m", s / 60);
  return fmt::format("{}s", s);
}

}  // namespace quaywatch
