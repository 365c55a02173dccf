// The port's wall clock: Central European time by its own rule (last Sundays of March and October, 01:00 UTC, directive
// 2000/84/EC). Written here anew, so that a fault of the program under test does not cancel out.
#pragma once

#include <string>

#include "base/time.h"

namespace quaywatch::sim {

inline constexpr Duration kDay = days(1);

Duration offset_at(Timestamp utc);                // 1 h or 2 h
CivilTime local_time(Timestamp utc);              // what the clock on the wall shows
Timestamp local_midnight(Timestamp utc);          // the last one at or before utc, as an instant
Timestamp at_local(Timestamp day, int hour, int minute = 0);  // that wall time of the local day of `day`; first reading
int weekday(Timestamp utc);                       // of the local day: 0 Monday ... 6 Sunday

// yyyymmddhhmm, yyyymmdd, yymmdd, hhmm, "dd.mm.yyyy hh:mm:ss", "yyyy-mm-dd hh:mm:ss" of a civil time.
std::string stamp_minute(const CivilTime& c);
std::string stamp_day(const CivilTime& c);
std::string dotted(const CivilTime& c);
std::string dashed(const CivilTime& c);

}  // namespace quaywatch::sim
