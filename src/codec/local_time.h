// Wall-clock times of a place to instants, by the IANA time zone database of the system (/usr/share/zoneinfo).
// Thread-safe. The only place where a local time becomes UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace quaywatch::codec {

struct LocalTimeResult {
  Timestamp time;
  std::int64_t error_s = 0;  // 3600 where the reading is a choice: repeated hour undecided, or skipped hour
};

// `previous` is the instant of the record before, where the source states that its order is the order of happening.
// Repeated hour (end of summer time): the first reading, unless only the second keeps the order after `previous`.
// Skipped hour (begin of summer time): kept, as if the clock had not been put forward.
// An unknown zone is an error naming it.
Result<LocalTimeResult> to_utc(const CivilTime& local, const std::string& iana_zone, std::optional<Timestamp> previous);

}  // namespace quaywatch::codec
