// The outer gate of the port authority: people and lorries show a card at the barrier. Syslog lines (RFC 5424) in UTC,
// a file for each hour in which anybody passed; its name says from when to when. The authority knows cards and plates,
// not the staff of a terminal.
#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

// Between the barrier and the lanes of the terminal.
constexpr Duration kBeforeLane = seconds(70), kBehindLane = seconds(50);

std::string_view refusal(std::string_view why) {
  return why == "passback" ? "ALREADY" : why == "lost" ? "LOST" : "CODE";
}

class OuterGateSystem final : public System {
 public:
  OuterGateSystem(const Deliver& deliver, Timestamp first) : deliver_(deliver), from_(first) {}

  void see(const World& world, const Happening& h) override {
    const Port& port = world.port();
    if ((h.act == Act::gate_entered || h.act == Act::gate_left) && h.vehicle != kNone) {
      const Vehicle& lorry = port.vehicles[h.vehicle];
      const bool in = h.act == Act::gate_entered;
      return write(world, in ? h.at - kBeforeLane : h.at + kBehindLane, in, "PASS",
                   fmt::format("card=\"{}\" class=\"DRIVER\" plate=\"{}\"", lorry.driver_card, lorry.plate));
    }
    if ((h.act != Act::door_passed && h.act != Act::door_refused) || h.device == kNone || h.card.empty()) return;
    const Device& barrier = port.devices[h.device];
    if (barrier.zone != "PORT") return;
    const bool passed = h.act == Act::door_passed;
    write(world, h.at, barrier.inwards, passed ? "PASS" : "DENY",
          fmt::format("card=\"{}\" class=\"PERSON\"{}", h.card,
                      passed ? "" : fmt::format(" reason=\"{}\"", refusal(h.note))));
  }
  void tick(const World&, Timestamp now) override {
    if (lines_.empty()) return;
    std::stable_sort(lines_.begin(), lines_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string bytes;
    for (const auto& line : lines_) bytes += line.second;
    deliver_(fmt::format("feeds/port_authority/outer_gate_{}_{}.log", stamp_minute(to_civil_utc(from_)),
                         stamp_minute(to_civil_utc(now))),
             bytes, now);
    lines_.clear();
    from_ = now;
  }
  void close(const World& world, Timestamp until) override { tick(world, until); }

 private:
  void write(const World& world, Timestamp at, bool in, std::string_view what, const std::string& data) {
    const auto& devices = world.port().devices;
    const auto barrier = std::find_if(devices.begin(), devices.end(), [&](const Device& d) {
      return d.zone == "PORT" && d.inwards == in;
    });
    if (barrier == devices.end() || barrier->silent) return;
    // Log audit, informational (RFC 5424, 6.2.1); 32473 is the enterprise number of examples (RFC 5612).
    lines_.emplace_back(at, fmt::format("<110>1 {} {}.outer.zzqay gatepass - {} [pass@32473 way=\"{}\" {}] {}\n",
                                        format_rfc3339(at), barrier->id, what, in ? "IN" : "OUT", data,
                                        what == "PASS" ? "barrier opened" : "barrier stays closed"));
  }
  const Deliver& deliver_;
  Timestamp from_;
  std::vector<std::pair<Timestamp, std::string>> lines_;
};

}  // namespace

std::unique_ptr<System> outer_gate_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<OuterGateSystem>(deliver, first);
}

}  // namespace quaywatch::sim
