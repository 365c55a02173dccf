// Readers, cameras, portals, scales and scanners: when they are silent. Some of it is announced work, with a contractor
// at the device; the rest breaks and comes back.
#include <algorithm>

#include "sim/calendar.h"
#include "sim/effects.h"
#include "sim/flows.h"
#include "sim/roster.h"

namespace quaywatch::sim {
namespace {

constexpr int kAhead = 5;                  // days: work is ordered before the visitors of its day are decided
constexpr double kDaysOfMonth = 365.0 / 12;

void plan_silence(World& world, Index device, Timestamp from, Timestamp until, std::string why) {
  Step step;
  step.device = device;
  for (const auto& [at, act] : {std::pair{from, Act::device_silenced}, std::pair{until, Act::device_restored}}) {
    step.at = at;
    step.act = act;
    Detail detail;
    detail.note = why;
    step.detail = world.add_detail(std::move(detail));
    world.schedule(step);
  }
}

// An administrator is called from home for a long fault at night or on a Sunday; no roster knows of it. True: called.
bool call_out(World& world, Timestamp from, Timestamp until, Random& random) {
  const auto& admins = world.port().crews[static_cast<std::size_t>(Role::it_admin)][4];
  if (until - from < hours(2) || admins.empty() || !random.chance(world.figures().value("device.callout_share")))
    return false;
  const Timestamp in = from + minutes(random.between(45, 90));
  const int hour = local_time(in).hour;
  if (weekday(in) != 6 && hour >= 4 && hour < 22) return false;
  const Timestamp out = std::clamp(until, in + minutes(30), in + hours(2));
  // In turn by days, so that two nights that meet are two people.
  const auto today = static_cast<std::size_t>((from + offset_at(from)).us / days(1).us);
  Walk walk(world, admins[today % admins.size()], "called out", static_cast<std::uint64_t>(from.us));
  walk.pass(in - minutes(8), "PORT", true);
  walk.pass(in, "TERMINAL", true);
  walk.stay(in + minutes(5), out, "SERVER");
  walk.pass(out + minutes(5), "TERMINAL", false);
  walk.pass(out + minutes(12), "PORT", false);
  return true;
}

// Work has its hours and its length; a fault comes when it comes.
void plan_outage(World& world, Index device, Timestamp day, bool& called, Random& random) {
  const Figures& figures = world.figures();
  const Duration lasts = hours_of(figures.quantiles("device.outage_h").draw(random));
  if (!random.chance(figures.value("device.planned_work_share"))) {
    const Timestamp from = day + seconds(random.between(0, 86'399));
    called = called || call_out(world, from, from + lasts, random);  // one at a time
    return plan_silence(world, device, from, from + lasts, "no answer");
  }
  const Timestamp from = at_local(day, 8) + minutes(15 * random.between(0, 20));
  const Timestamp until = from + std::clamp(lasts, minutes(10), hours(4));
  const std::string order =
      plan_device_work(world, world.port().devices[device], from - minutes(20), until + minutes(20));
  plan_silence(world, device, from, until, "work " + order);
}

}  // namespace

void begin_devices(World& world) {
  world.add_daily([](World& w, Timestamp midnight) {
    const Timestamp day = local_midnight(midnight + days(kAhead) + hours(12));
    Random random = w.stream("outages", static_cast<std::uint64_t>(day.us));
    const double mean = w.figures().value("device.outages_per_device_month") / kDaysOfMonth;
    bool called = false;
    for (Index device = 0; device < w.port().devices.size(); ++device)
      if (random.chance(mean)) plan_outage(w, device, day, called, random);
  });
}

// Two causes at once are one silence: the second is not seen, and the first that ends ends it.
bool device_effect(World& world, Happening& h, Random&) {
  if (h.act != Act::device_silenced && h.act != Act::device_restored) return true;
  if (h.device == kNone) return false;
  Device& device = world.port().devices[h.device];
  const bool silenced = h.act == Act::device_silenced;
  if (device.silent == silenced) return false;
  device.silent = silenced;
  h.place = device.zone;
  return true;
}

}  // namespace quaywatch::sim
