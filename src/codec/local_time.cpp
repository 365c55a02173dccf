#include "codec/local_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <chrono>
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

}  // namespace

Result<LocalTimeResult> to_utc(const CivilTime& local, const std::string& iana_zone,
                               std::optional<Timestamp> previous) {
  if (!is_valid(local)) return fail(ErrorCode::malformed, "the date or the time of day does not exist");
  const auto zone = find_zone(iana_zone);
  if (!zone) return tl::unexpected<Error>(zone.error());
  const Timestamp wall = from_civil_utc(local);  // the wall clock read as if it were UTC
  const date::local_time<std::chrono::microseconds> t{std::chrono::microseconds(wall.us)};
  const date::local_info info = (*zone)->get_info(t);
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
