#include "adapters/mapped/time_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "codec/log_time.h"

namespace quaywatch::adapters::mapped {
namespace {

constexpr std::int64_t kEpochSecondsMax = 253'402'300'799;  // 9999-12-31T23:59:59Z

struct Cursor {
  std::string_view text;
  std::size_t pos = 0;

  // Between `least` and `most` digits as a number; nullopt when they are not there.
  std::optional<int> number(std::size_t least, std::size_t most) {
    int v = 0;
    std::size_t n = 0;
    while (n < most && pos < text.size() && is_ascii_digit(text[pos])) {
      v = v * 10 + (text[pos++] - '0');
      ++n;
    }
    return n >= least ? std::optional(v) : std::nullopt;
  }

  // Fraction of a second of any length, as microseconds.
  std::optional<int> fraction() {
    int us = 0, scale = 100'000;
    const std::size_t start = pos;
    for (; pos < text.size() && is_ascii_digit(text[pos]); ++pos, scale /= 10) us += (text[pos] - '0') * scale;
    return pos > start ? std::optional(us) : std::nullopt;
  }

  // AM or PM, in either case.
  std::optional<bool> afternoon() {
    const std::string_view mark = text.substr(pos, 2);
    pos += mark.size();
    if (equals_ignore_case(mark, "PM")) return true;
    return equals_ignore_case(mark, "AM") ? std::optional(false) : std::nullopt;
  }

  // Z, +02:00 or +0200.
  std::optional<Duration> offset() {
    if (pos >= text.size()) return std::nullopt;
    const char sign = text[pos++];
    if (sign == 'Z' || sign == 'z') return Duration{};
    if (sign != '+' && sign != '-') return std::nullopt;
    const auto h = number(2, 2);
    if (pos < text.size() && text[pos] == ':') ++pos;
    const auto m = number(2, 2);
    if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
    const Duration d = minutes(*h * 60 + *m);
    return sign == '+' ? d : Duration{-d.us};
  }
};

bool has_field(std::string_view pattern, char field) {
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    if (pattern[i + 1] == field) return true;
    ++i;
  }
  return false;
}

std::optional<StatedTime> read_epoch(std::string_view text, std::int64_t unit_us) {
  std::int64_t n = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, n);
  if (parsed.ec != std::errc{} || parsed.ptr != end || n < 0 || n > kEpochSecondsMax * (1'000'000 / unit_us))
    return std::nullopt;
  return StatedTime{{}, Timestamp{n * unit_us}, 0};
}

// Days and, behind a point or comma, the part of the day, to the millisecond.
std::optional<StatedTime> read_serial(std::string_view text, bool is_1904) {
  constexpr std::int64_t kLastDay = 2'958'465;  // 9999-12-31
  const std::size_t mark = std::min(text.find_first_of(".,"), text.size());
  std::int64_t day = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + mark, day);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + mark || day < (is_1904 ? 0 : 61) || day > kLastDay)
    return std::nullopt;
  double part = 0, scale = 0.1;
  for (std::size_t i = mark + 1; i < text.size(); ++i, scale /= 10) {
    if (!is_ascii_digit(text[i])) return std::nullopt;
    part += (text[i] - '0') * scale;
  }
  constexpr std::int64_t kNoonMs = 43'200'000;
  const bool is_date = mark + 1 >= text.size();
  const std::int64_t ms = is_date ? kNoonMs : std::llround(part * 86'400'000.0);
  const std::int64_t epoch = is_1904 ? days_from_civil(1904, 1, 1) : days_from_civil(1899, 12, 30);
  StatedTime out;
  out.civil = to_civil_utc(Timestamp{((epoch + day) * 86'400'000 + ms) * 1000});
  out.error_s = is_date ? 43'200 : 0;
  return out;
}

// What a pattern reads besides the civil time.
struct Parts {
  std::optional<Duration> offset;
  std::optional<bool> is_afternoon;
};

// Reads the field `letter`; false when the text does not have it there.
bool read_field(char letter, Cursor& in, CivilTime& c, Parts& parts) {
  const auto into = [](int& out, std::optional<int> v) {
    if (v) out = *v;
    return v.has_value();
  };
  switch (letter) {
    case 'Y':
      return into(c.year, in.number(4, 4));
    case 'y': {
      const auto v = in.number(2, 2);
      if (v) c.year = *v + (*v < 69 ? 2000 : 1900);
      return v.has_value();
    }
    case 'm':
      return into(c.month, in.number(1, 2));
    case 'd':
      return into(c.day, in.number(1, 2));
    case 'H':
      return into(c.hour, in.number(1, 2));
    case 'M':
      return into(c.minute, in.number(1, 2));
    case 'S':
      return into(c.second, in.number(1, 2));
    case 'f':
      return into(c.microsecond, in.fraction());
    case 'z':
      parts.offset = in.offset();
      return parts.offset.has_value();
    case 'I':
      return into(c.hour, in.number(1, 2)) && c.hour >= 1 && c.hour <= 12;
    case 'p':
      parts.is_afternoon = in.afternoon();
      return parts.is_afternoon.has_value();
    default:
      return letter == '%' && in.pos < in.text.size() && in.text[in.pos++] == '%';
  }
}

}  // namespace

Result<TimeFormat> TimeFormat::compile(std::string_view text) {
  TimeFormat f;
  f.text_ = text;
  if (text == "rfc3339") f.kind_ = Kind::rfc3339;
  if (text == "epoch_s") f.kind_ = Kind::epoch_s;
  if (text == "epoch_ms") f.kind_ = Kind::epoch_ms;
  if (text == "syslog") f.kind_ = Kind::syslog;
  if (text == "excel") f.kind_ = Kind::excel;
  if (text == "excel_1904") f.kind_ = Kind::excel_1904;
  if (f.kind_ != Kind::pattern) return f;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    ++i;
    if (i == text.size() || std::string_view("YymdHIpMSfz%").find(text[i]) == std::string_view::npos)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("time format '{}' uses '%{}'; known are %Y %y %m %d %H %I %p %M %S %f %z %%", text,
                              text.substr(i, 1)));
  }
  if ((!has_field(text, 'Y') && !has_field(text, 'y')) || !has_field(text, 'm') || !has_field(text, 'd'))
    return fail(ErrorCode::invalid_argument, fmt::format("time format '{}' names no full date; write rfc3339, epoch_s, "
                                                         "epoch_ms or a pattern such as %d.%m.%Y %H:%M:%S",
                                                         text));
  if (has_field(text, 'I') != has_field(text, 'p') || (has_field(text, 'I') && has_field(text, 'H')))
    return fail(ErrorCode::invalid_argument,
                fmt::format("time format '{}': an hour is either %H, or %I together with %p", text));
  f.has_offset_ = has_field(text, 'z');
  f.error_s_ = !has_field(text, 'H') && !has_field(text, 'I') ? 43'200
               : !has_field(text, 'M')                        ? 3600
               : !has_field(text, 'S')                        ? 60
                                                              : 0;
  return f;
}

std::optional<StatedTime> TimeFormat::read(std::string_view text) const {
  text = trim(text);
  switch (kind_) {
    case Kind::epoch_s:
      return read_epoch(text, 1'000'000);
    case Kind::epoch_ms:
      return read_epoch(text, 1000);
    case Kind::rfc3339: {
      const auto t = parse_rfc3339(text);
      return t ? std::optional(StatedTime{{}, *t, 0}) : std::nullopt;
    }
    case Kind::syslog: {
      const auto t = codec::read_log_time(text);
      return t && t->has_year ? std::optional(StatedTime{t->civil, t->instant, 0}) : std::nullopt;
    }
    case Kind::excel:
    case Kind::excel_1904:
      return read_serial(text, kind_ == Kind::excel_1904);
    case Kind::pattern:
      break;
  }
  return read_pattern(text);
}

std::optional<StatedTime> TimeFormat::read_pattern(std::string_view text) const {
  StatedTime out;
  out.error_s = error_s_;
  if (!has_field(text_, 'H')) out.civil.hour = 12;
  Parts parts;
  Cursor in{text};
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '%') {
      if (!read_field(text_[++i], in, out.civil, parts)) return std::nullopt;
    } else if (in.pos >= text.size() || text[in.pos++] != text_[i]) {
      return std::nullopt;
    }
  }
  if (parts.is_afternoon) out.civil.hour = out.civil.hour % 12 + (*parts.is_afternoon ? 12 : 0);
  if (in.pos != text.size() || !is_valid(out.civil)) return std::nullopt;
  if (parts.offset) out.instant = from_civil_utc(out.civil) - *parts.offset;
  return out;
}

}  // namespace quaywatch::adapters::mapped
