// Times as log lines write them: RFC 3339 (RFC 5424 section 6.2.3), the time of BSD syslog without year and zone (RFC
// 3164 section 4.1.2), and what network devices and CEF make of it: fractions, a year before or behind the day, "*" or
// "." for an unsynchronised clock, UTC or GMT behind it, epoch milliseconds. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "codec/local_time.h"

namespace quaywatch::codec {

struct LogTime {
  CivilTime civil;                   // wall clock, when `instant` is absent
  bool has_year = true;              // false: civil.year means nothing
  bool is_utc = false;               // the text says UTC or GMT and no year
  std::optional<Timestamp> instant;  // the text named year and offset
  std::string_view text{};           // as it stood
};

// Takes the time that `text` begins with and leaves what stands behind it, blank or colon included. nullopt: there is
// none, `text` is untouched. Only a whole time counts: "Oct 23" without hours is text.
std::optional<LogTime> take_log_time(std::string_view& text);
// Nothing but a time, which may also be milliseconds since 1970 in ten digits or more.
std::optional<LogTime> read_log_time(std::string_view text);

// The wall clock with its year. Without one it is the latest year that does not put the time more than a day behind
// `received_at`; `iana_zone` says whose clock it is, UTC when empty. An unknown zone is an error that names it.
Result<CivilTime> with_year(const LogTime& time, const std::string& iana_zone, Timestamp received_at);
Result<LocalTimeResult> to_instant(const LogTime& time, const std::string& iana_zone, Timestamp received_at);

}  // namespace quaywatch::codec
