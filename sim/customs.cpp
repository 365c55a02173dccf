// Customs: a box is selected before it arrives or not at all; what is selected is scanned, checked by its papers or
// opened and sealed anew. Two officers decide to take a box off the list.
#include <algorithm>
#include <tuple>

#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

constexpr std::string_view kSouthAmerica[] = {"AR", "BR", "CL", "CO", "EC", "GY", "PE", "SR", "UY"};

bool south_american(std::string_view port) {
  return std::find(std::begin(kSouthAmerica), std::end(kSouthAmerica), port.substr(0, 2)) != std::end(kSouthAmerica);
}

// The steps of one control, each by an officer of the office.
class Control {
 public:
  Control(World& world, BoxPlan& plan, Random& random)
      : world_(world), plan_(plan), random_(random), office_(world.port().customs_office) {}

  Step& add(Timestamp at, Act act, std::string note = {}) {
    Step& step = plan_.add(at, act);
    step.company = office_;
    step.account = random_.pick(officers());
    if (!note.empty()) {
      Detail detail;
      detail.note = std::move(note);
      step.detail = world_.add_detail(std::move(detail));
    }
    return step;
  }
  // Approves what `first` does; never the same officer, while there are two.
  Index second(Index first) {
    for (int tries = 0; tries < 20; ++tries)
      if (const Index officer = random_.pick(officers()); officer != first) return officer;
    return first;
  }
  void carry(Timestamp ordered, Timestamp done, Move where) {
    plan_.add(ordered, Act::move_ordered).move = where;
    plan_.add(done, Act::moved).move = where;
  }

 private:
  const std::vector<Index>& officers() const { return world_.port().companies[office_].accounts; }
  World& world_;
  BoxPlan& plan_;
  Random& random_;
  Index office_;
};

// How a selected box is controlled: half of what is not scanned is opened at once, of the scanned ones as many as
// make up the share of all that are opened.
struct Manner {
  bool scanned = false, opened = false;
};
Manner manner_of(const Figures& figures, Random& random) {
  const double scan = figures.value("customs.scan_share");
  const double by_image = std::max(0.0, figures.value("customs.physical_share") - (1 - scan) / 2);
  Manner manner;
  manner.scanned = random.chance(scan);
  manner.opened = random.chance(manner.scanned ? by_image / scan : 0.5);
  return manner;
}

Timestamp plan_scan(World& world, Control& control, Timestamp at, bool suspicious, Random& random) {
  control.add(at, Act::scanned);
  const Timestamp judged =
      at + minutes(8) + minutes_of(world.figures().quantiles("customs.scan_analysis_min").draw(random));
  control.add(judged, Act::scan_analysed, suspicious ? "SUSPECT" : "CLEAR");
  return judged;
}

// The result is written before the new seal is on; returns when it is.
Timestamp plan_opening(Control& control, Timestamp decided, Random& random) {
  const Timestamp opened = decided + hours_of(0.5 + 3 * random.unit());
  Step& open = control.add(opened, Act::box_opened);
  const Index first = open.account, second = control.second(first);
  open.other = second;
  const Timestamp done = opened + minutes(random.between(35, 180));
  for (const auto& [at, act, note] : {std::tuple{done, Act::control_ended, "OPENED, NOTHING FOUND"},
                                      std::tuple{done + minutes(9), Act::resealed, ""}}) {
    Step& step = control.add(at, act, note);
    step.account = first;
    step.other = second;
  }
  return done + minutes(10);
}

Timestamp plan_control(World& world, Control& control, Timestamp at, Random& random) {
  const Manner manner = manner_of(world.figures(), random);
  if (!manner.scanned && !manner.opened) {
    control.add(at - hours(1), Act::control_ordered, "PAPERS");
    control.add(at, Act::control_ended, "PAPERS IN ORDER");
    control.add(at + minutes(20), Act::customs_cleared);
    return at + minutes(30);
  }
  control.add(at - hours(1), Act::control_ordered, manner.scanned ? "SCAN" : "INSPECT");
  control.carry(at - minutes(50), at - minutes(20), Move::to_control);
  Timestamp done = manner.scanned ? plan_scan(world, control, at, manner.opened, random) : at;
  if (manner.scanned && manner.opened) control.add(done + minutes(4), Act::control_ordered, "INSPECT");
  if (manner.opened)
    done = plan_opening(control, done, random);
  else
    control.add(done, Act::control_ended, "NOTHING FOUND");
  control.carry(done + minutes(5), done + minutes(25), Move::to_yard);
  control.add(done + minutes(30), Act::customs_cleared);
  return done + minutes(40);
}

Index scanner_of(const Port& port) {
  for (Index i = 0; i < port.devices.size(); ++i)
    if (port.devices[i].kind == DeviceKind::scanner) return i;
  return kNone;
}

}  // namespace

double selected_share(const Figures& figures, std::string_view load_port) {
  const Shares& origins = figures.shares("box.origin");
  double south = 0;
  for (const std::string& name : origins.names)
    if (south_american(name)) south += origins.share(name);
  const double there = figures.value("customs.selected_south_america_share");
  if (south_american(load_port)) return there;
  return std::max(0.0, (figures.value("customs.selected_share") - south * there) / (1 - south));
}

Timestamp plan_controls(World& world, BoxPlan& plan, Timestamp discharged, Random& random) {
  const Figures& figures = world.figures();
  Control control(world, plan, random);
  const std::string& load_port = figures.shares("box.origin").names[world.box(plan.box).origin];
  if (!random.chance(selected_share(figures, load_port))) {
    const Timestamp cleared = discharged + hours_of(1 + 5 * random.unit());
    control.add(cleared, Act::customs_cleared);
    return cleared;
  }
  const Index selector = control.add(discharged - hours_of(8 + 20 * random.unit()), Act::selected).account;
  if (random.chance(figures.value("customs.deselected_share"))) {
    const Timestamp at = discharged + hours_of(1 + 6 * random.unit());
    Step& off = control.add(at, Act::deselected);
    off.account = selector;
    off.other = control.second(selector);
    control.add(at + minutes(5), Act::customs_cleared);
    return at + minutes(5);
  }
  const Duration delay = hours_of(std::max(2.0, figures.quantiles("customs.inspection_delay_h").draw(random)));
  return plan_control(world, control, discharged + delay, random);
}

bool customs_effect(World& world, Happening& h, Random&) {
  if (h.act < Act::selected || h.act > Act::customs_cleared || h.box == kNone) return true;
  Box& b = world.box(h.box);
  // One number from the selection to the clearance.
  if (b.control.empty() && h.act != Act::customs_cleared) b.control = world.next_ref("CT");
  if (h.ref.empty()) h.ref = b.control;
  if (h.device == kNone && (h.act == Act::scanned || h.act == Act::scan_analysed)) h.device = scanner_of(world.port());
  if (h.act != Act::resealed) return true;
  h.seal_before = b.seal;
  if (h.seal.empty()) {
    Random random = stream_for(world, "customs seal", h);
    h.seal = new_seal(random, 11);
  }
  b.seal = h.seal;
  b.second_seal.clear();
  return true;
}

}  // namespace quaywatch::sim
