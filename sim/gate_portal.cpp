// The portals of the terminal's gate: a camera for the plate and one for the container in each lane. UTC, by the
// clock of the lane's computer. What the camera misread a clerk corrects in a column beside it: a container number
// whose check digit fails, and a plate that is not that of the appointment, if the clerk looks. A portal that is out
// writes nothing.
#include <fmt/format.h>

#include <array>
#include <map>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

// Characters that a camera takes for each other.
char confused(char c, Random& random) {
  constexpr std::string_view kPairs = "0O1I8B5S2Z6G";
  if (const auto at = kPairs.find(c); at != std::string_view::npos && random.chance(0.6)) return kPairs[at ^ 1];
  return static_cast<char>('0' + (c >= '0' && c <= '9' ? (c - '0' + 1 + static_cast<char>(random.below(9))) % 10
                                                       : static_cast<char>(random.below(10))));
}

struct Reading {
  std::string read, corrected;
  int percent = 0;  // confidence
};

Reading read_text(const std::string& truth, double misread_share, double missed_share, Random& random) {
  Reading out{truth, "", static_cast<int>(88 + random.below(12))};
  if (truth.empty() || !random.chance(misread_share)) return out;
  std::size_t at = random.below(truth.size());
  while (truth[at] == ' ' || truth[at] == '-') at = (at + 1) % truth.size();
  out.read[at] = confused(truth[at], random);
  out.percent = static_cast<int>(35 + random.below(55));
  if (out.read != truth && !random.chance(missed_share)) out.corrected = truth;
  return out;
}

class GatePortal final : public System {
 public:
  GatePortal(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/gate/gate_portal_{day}.csv",
              "seq;utc;lane;direction;plate_read;plate_conf;plate_manual;container_read;container_conf;"
              "container_manual;size_type;seal_seen;appointment;driver_card;clerk;image\n",
              2, first) {}

  void see(const World& world, const Happening& h) override {
    if ((h.act != Act::gate_entered && h.act != Act::gate_left) || h.vehicle == kNone || h.device == kNone) return;
    if (world.port().devices[h.device].silent) return;
    write(world, h);
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  Duration skew(const World& world, Index lane) {
    const auto found = skews_.find(lane);
    if (found != skews_.end()) return found->second;
    Random random = world.stream("lane clock", lane);
    const double s = world.figures().quantiles("dirt.clock_skew_s").draw(random);
    return skews_[lane] = seconds(static_cast<std::int64_t>(s));
  }

  void write(const World& world, const Happening& h) {
    const Port& port = world.port();
    const Figures& figures = world.figures();
    const Device& lane = port.devices[h.device];
    const Vehicle& vehicle = port.vehicles[h.vehicle];
    const Box* box = h.box != kNone && h.carries ? &world.box(h.box) : nullptr;
    Random random = world.stream("portal", ++passages_);
    const Reading plate = read_text(vehicle.plate, figures.value("gate.plate_misread_share"),
                                    figures.value("gate.correction_missed_share"), random);
    const Reading number =
        read_text(box == nullptr ? "" : box->number, figures.value("gate.container_misread_share"), 0, random);
    const bool sealed = box != nullptr && box->full && !random.chance(figures.value("seal.unread_share"));
    const bool typed = !plate.corrected.empty() || !number.corrected.empty();
    const Index clerk = typed ? on_duty(port, Role::gate_clerk, h.at, h.device) : kNone;
    const Index account = clerk == kNone ? kNone : port.people[clerk].account;
    const Timestamp clock = h.at + skew(world, h.device);
    std::array<std::uint64_t, 4> hash{};  // of the picture
    for (auto part = hash.rbegin(); part != hash.rend(); ++part) *part = random.next();
    file_.add(h.at, clock,
              fmt::format("{};{};{};{};{};0.{:02};{};{};{};{};{};{};{};{};{};{:016x}{:016x}{:016x}{:016x}\n", passages_,
                          dashed(to_civil_utc(clock)), lane.id, h.act == Act::gate_entered ? "IN" : "OUT", plate.read,
                          plate.percent, plate.corrected, number.read,
                          box == nullptr ? "" : fmt::format("0.{:02}", number.percent), number.corrected,
                          box == nullptr ? "" : box->size_type, sealed ? h.seal : "", h.ref, vehicle.driver_card,
                          account == kNone ? "" : port.accounts[account].name, hash[0], hash[1], hash[2], hash[3]));
  }

  DailyFile file_;
  std::map<Index, Duration> skews_;
  std::uint64_t passages_ = 0;
};

}  // namespace

std::unique_ptr<System> gate_portal(const Deliver& deliver, Timestamp first) {
  return std::make_unique<GatePortal>(deliver, first);
}

}  // namespace quaywatch::sim
