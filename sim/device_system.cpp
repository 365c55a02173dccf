// The monitoring server of readers, cameras, portals, scales and scanners. It asks every device once a minute, so it
// knows of a change at the next full minute. UTC; a file a day.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

std::string_view kind_name(DeviceKind kind) {
  constexpr std::string_view kNames[] = {"reader", "camera", "portal", "scale", "scanner"};
  return kNames[static_cast<std::size_t>(kind)];
}

class DeviceSystem final : public System {
 public:
  DeviceSystem(const Deliver& deliver, Timestamp first)
      : states_(deliver, "feeds/monitoring/device_health_{day}.csv", "asked_utc,device,kind,zone,state,remark\n", 1,
                first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::device_silenced && h.act != Act::device_restored) return;
    const Device& d = world.port().devices[h.device];
    const Timestamp asked{(h.at.us / minutes(1).us + 1) * minutes(1).us};
    states_.add(asked, fmt::format("{},{},{},{},{},{}\n", format_rfc3339(asked), d.id, kind_name(d.kind), d.zone,
                                  h.act == Act::device_silenced ? "DOWN" : "UP", csv_field(h.note, ',')));
  }
  void tick(const World&, Timestamp now) override { states_.tick(now); }
  void close(const World&, Timestamp until) override { states_.close(until); }

 private:
  DailyFile states_;
};

}  // namespace

std::unique_ptr<System> device_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<DeviceSystem>(deliver, first);
}

}  // namespace quaywatch::sim
