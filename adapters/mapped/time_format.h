// How a feed writes a time: a strptime-like pattern, RFC 3339, seconds or milliseconds since 1970, or the serial day of
// a spreadsheet (epoch 1900 or 1904; ECMA-376 part 1, 18.17.4).
//
// "syslog" reads what log lines write (codec/log_time.h), with a year.
//
// Pattern: %Y %y (00-68 is 20xx, as in POSIX) %m %d %H %M %S, %I hour of twelve with %p AM or PM, %f fraction digits,
// %z offset (+0200, +02:00 or Z), %% and literal text. A field takes one or two digits (%Y four), so 1.2.2026 7:05
// reads as well as 01.02.2026 07:05. What a pattern leaves out is stated as uncertainty, not guessed: without seconds
// the error is 60 s, without minutes 3600 s; a bare date is placed at noon with an error of 12 h; a whole
// serial day is one. Serial days below 61 (epoch 1900) are refused: the calendar of spreadsheets is wrong there.
// Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace quaywatch::adapters::mapped {

struct StatedTime {
  CivilTime civil;                   // wall clock, when `instant` is absent
  std::optional<Timestamp> instant;  // the text named its offset
  std::int64_t error_s = 0;
};

class TimeFormat {
 public:
  static Result<TimeFormat> compile(std::string_view text);
  // False when every value names its own offset.
  bool needs_zone() const {
    return (kind_ == Kind::pattern && !has_offset_) || kind_ == Kind::syslog || kind_ == Kind::excel ||
           kind_ == Kind::excel_1904;
  }
  std::optional<StatedTime> read(std::string_view text) const;
  std::string_view text() const { return text_; }

 private:
  enum class Kind : std::uint8_t { pattern, rfc3339, epoch_s, epoch_ms, syslog, excel, excel_1904 };
  std::optional<StatedTime> read_pattern(std::string_view text) const;

  Kind kind_ = Kind::pattern;
  bool has_offset_ = false;
  std::int64_t error_s_ = 0;
  std::string text_;
};

}  // namespace quaywatch::adapters::mapped
