// The access control of the terminal: what each panel decided at each door. Nightly, the day cut at two, with both cuts
// in the name; in the panel's own local clock and with the server's receipt in UTC. Its words are those of BACnet
// (ASHRAE 135-2020, 12.31).
#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

constexpr int kCutHour = 2;
constexpr std::string_view kHeader = "no;panel_time;server_utc;panel;door;area;way;card;holder;class;event\r\n";
constexpr Index kDoorsOfPanel = 6;

// Free-running clocks: one error for each panel, the same all the time.
Duration panel_error(const World& world, Index panel) {
  Random random = world.stream("panel clock", panel);
  return seconds(static_cast<std::int64_t>(world.figures().quantiles("dirt.clock_skew_s").draw(random)));
}

std::string_view refusal(std::string_view why) {
  if (why == "passback") return "denied-passback";
  if (why == "zone") return "denied-zone-no-access-rights";
  if (why == "lost") return "denied-authentication-factor-lost";
  if (why == "factor") return "denied-incorrect-authentication-factor";
  return "denied-other";
}

// Whose card it is by the register; who carries it the panel does not see.
const Person* holder_of(const Port& port, const Happening& h) {
  const auto holds = [&](const Person& p) { return p.card == h.card || p.day_card == h.card; };
  if (h.person != kNone && (holds(port.people[h.person]) || h.note == "lost")) return &port.people[h.person];
  const auto at = std::find_if(port.people.begin(), port.people.end(), holds);
  return at == port.people.end() ? nullptr : &*at;
}

std::string_view class_of(const Person& p) {
  return p.role == Role::visitor ? "VISITOR" : p.role == Role::contractor ? "CONTRACTOR" : "STAFF";
}

class AccessSystem final : public System {
 public:
  AccessSystem(const Deliver& deliver, Timestamp first)
      : deliver_(deliver), from_(first), bytes_(kHeader) {}

  void see(const World& world, const Happening& h) override {
    if ((h.act != Act::door_passed && h.act != Act::door_refused) || h.device == kNone || h.card.empty()) return;
    const Port& port = world.port();
    const Device& door = port.devices[h.device];
    if (door.silent || door.zone == "PORT") return;
    const Index panel = h.device / kDoorsOfPanel;
    const Person* holder = holder_of(port, h);
    bytes_ += fmt::format("{};{};{};P{:02};{};{};{};{};{};{};{}\r\n", ++rows_,
                          dashed(local_time(h.at + panel_error(world, panel))), format_rfc3339(h.at + seconds(2)),
                          panel + 1, door.id, door.zone, door.inwards ? "IN" : "OUT", h.card,
                          holder == nullptr ? "" : holder->number, holder == nullptr ? "" : class_of(*holder),
                          h.act == Act::door_passed ? "granted" : refusal(h.note));
  }
  void tick(const World&, Timestamp now) override {
    if (local_time(now).hour == kCutHour && now - from_ >= hours(2)) hand_out(now);  // the hour comes twice in October
  }
  void close(const World&, Timestamp until) override { hand_out(until); }

 private:
  void hand_out(Timestamp cut) {
    deliver_(fmt::format("feeds/access/terminal_access_{}_{}.csv", stamp_minute(local_time(from_)),
                         stamp_minute(local_time(cut))),
             bytes_, cut);
    bytes_ = kHeader;
    from_ = cut;
  }
  const Deliver& deliver_;
  Timestamp from_;
  std::string bytes_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<System> access_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<AccessSystem>(deliver, first);
}

}  // namespace quaywatch::sim
