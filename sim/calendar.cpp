#include "sim/calendar.h"

#include <fmt/format.h>

namespace quaywatch::sim {
namespace {

// Day number of the last Sunday of a month with 31 days; 1970-01-01 was a Thursday.
std::int64_t last_sunday(int year, int month) {
  const std::int64_t last = days_from_civil(year, month, 31);
  return last - (last + 4) % 7;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

Duration offset_at(Timestamp utc) {
  const int year = to_civil_utc(utc).year;
  const Timestamp summer = Timestamp{} + days(last_sunday(year, 3)) + hours(1);
  const Timestamp winter = Timestamp{} + days(last_sunday(year, 10)) + hours(1);
  return utc >= summer && utc < winter ? hours(2) : hours(1);
}

CivilTime local_time(Timestamp utc) { return to_civil_utc(utc + offset_at(utc)); }

Timestamp at_local(Timestamp day, int hour, int minute) {
  const CivilTime c = local_time(day);
  const Timestamp wall = Timestamp{} + days(days_from_civil(c.year, c.month, c.day)) + hours(hour) + minutes(minute);
  const Timestamp summer = wall - hours(2);
  return offset_at(summer) == hours(2) ? summer : wall - hours(1);
}

Timestamp local_midnight(Timestamp utc) { return at_local(utc, 0); }

int weekday(Timestamp utc) {
  const std::int64_t day = floor_div((utc + offset_at(utc)).us, kDay.us);
  return static_cast<int>(((day + 3) % 7 + 7) % 7);
}

std::string stamp_minute(const CivilTime& c) {
  return fmt::format("{:04}{:02}{:02}{:02}{:02}", c.year, c.month, c.day, c.hour, c.minute);
}
std::string stamp_day(const CivilTime& c) { return fmt::format("{:04}{:02}{:02}", c.year, c.month, c.day); }
std::string dotted(const CivilTime& c) {
  return fmt::format("{:02}.{:02}.{:04} {:02}:{:02}:{:02}", c.day, c.month, c.year, c.hour, c.minute, c.second);
}
std::string dashed(const CivilTime& c) {
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

}  // namespace quaywatch::sim
