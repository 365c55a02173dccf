#include "codec/local_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace quaywatch::codec {
namespace {

constexpr std::int64_t kShiftS = 3600;  // every daylight saving shift of a port in the database but Lord Howe's

// The database throws for a name it does not know; that stays inside this function.
Result<const date::time_zone*> find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return fail(
        ErrorCode::not_found,
        fmt::format("time zone '{}' is not in the system's database; write an IANA name such as Europe/Ljubljana",
                    name.substr(0, 64)));
  }
}

using LocalTime = date::local_time<std::chrono::microseconds>;

constexpr std::int64_t kHourUs = 3'600'000'000;

// A zone and, by local hour, what its clocks were ahead of UTC, where they agree throughout that hour: records come by
// the thousand for each hour, and the search through the database costs more than the rest of a record.
struct ZoneHours {
  struct Hour {
    std::int64_t number = std::numeric_limits<std::int64_t>::min();  // hours since the epoch of the wall clock
    std::int64_t ahead_s = 0;
  };
  std::string name;
  const date::time_zone* zone = nullptr;
  std::array<Hour, 256> hours{};
};

// Of one reading at both ends of an hour follows one reading in between: the choices lie at the ends of a period.
bool is_same_throughout(const date::time_zone& zone, std::int64_t hour) {
  const auto info_at = [&](std::int64_t us) { return zone.get_info(LocalTime{std::chrono::microseconds(us)}); };
  const date::local_info begin = info_at(hour * kHourUs);
  const date::local_info end = info_at((hour + 1) * kHourUs - 1);
  return begin.result == date::local_info::unique && end.result == date::local_info::unique &&
         begin.first.begin == end.first.begin;
}

}  // namespace

Result<LocalTimeResult> to_utc(const CivilTime& local, const std::string& iana_zone,
                               std::optional<Timestamp> previous) {
  if (!is_valid(local)) return fail(ErrorCode::malformed, "the date or the time of day does not exist");
  thread_local ZoneHours known;
  if (known.zone == nullptr || known.name != iana_zone) {
    const auto zone = find_zone(iana_zone);
    if (!zone) return tl::unexpected<Error>(zone.error());
    known = {iana_zone, *zone, {}};
  }
  const Timestamp wall = from_civil_utc(local);  // the wall clock read as if it were UTC
  const std::int64_t number = (wall.us - (wall.us < 0 ? kHourUs - 1 : 0)) / kHourUs;
  ZoneHours::Hour& hour = known.hours[static_cast<std::size_t>(number) % known.hours.size()];
  if (hour.number == number) return LocalTimeResult{wall - seconds(hour.ahead_s), 0};
  const date::local_info info = known.zone->get_info(LocalTime{std::chrono::microseconds(wall.us)});
  if (is_same_throughout(*known.zone, number)) hour = {number, info.first.offset.count()};
  const auto read_with = [&](const date::sys_info& period) { return wall - seconds(period.offset.count()); };
  switch (info.result) {
    case date::local_info::unique:
      return LocalTimeResult{read_with(info.first), 0};
    case date::local_info::nonexistent:
      return LocalTimeResult{read_with(info.first), kShiftS};
    default:
      break;
  }
  const Timestamp first = read_with(info.first);
  const Timestamp second = read_with(info.second);
  const bool only_second = previous && first < *previous && second >= *previous;
  return only_second ? LocalTimeResult{second, 0} : LocalTimeResult{first, kShiftS};
}

}  // namespace quaywatch::codec
