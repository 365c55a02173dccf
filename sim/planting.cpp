#include "sim/planting.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/cast.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

// Acts whose second party is an account, not a company: who approves.
constexpr Act kApproved[] = {Act::selected,  Act::deselected, Act::control_ordered,
                             Act::box_opened, Act::resealed,  Act::control_ended};

bool approved(Act act) { return std::find(std::begin(kApproved), std::end(kApproved), act) != std::end(kApproved); }

class Laying {
 public:
  Laying(World& world, const Script& script, const Timetable& times, Index plant, BoxPlan& plan, Random& random)
      : world_(world), script_(script), times_(times), plant_(plant), plan_(plan), before_(plan),
        dropped_(plan.steps.size()), random_(random), cast_(world, script, before_, random) {}

  std::size_t all() {
    for (std::size_t i = 0; i < script_.steps.size(); ++i) {
      const StepRule& rule = script_.steps[i];
      const auto& at = times_.at[i];
      if (rule.verb == Verb::add || rule.verb == Verb::silence) add(rule, at);
      else change(rule, at);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i)
      if (i >= dropped_.size() || !dropped_[i]) plan_.steps[kept++] = plan_.steps[i];
    plan_.steps.resize(kept);
    return acts_;
  }

 private:
  Index box_of(const std::string& name) {
    if (name.empty() || name == "own") return plan_.box;
    if (name == "none") return kNone;
    if (name != "any") return times_.others.at(name);
    const auto& boxes = world_.port().boxes;
    for (int tries = 0; tries < 200 && !boxes.empty(); ++tries) {
      const auto i = static_cast<Index>(random_.below(boxes.size()));
      if (boxes[i].used && boxes[i].open_steps > 0) return i;
    }
    return plan_.box;
  }
  std::string seal_of(const StepRule& rule, Index box) {
    if (box == kNone) return {};
    const Box& b = world_.box(box);
    switch (rule.seal) {
      case SealUse::keep: return {};
      case SealUse::same: return b.seal;
      case SealUse::fresh: return new_seal(random_, b.line);
      case SealUse::foreign: return fmt::format("{:06}", random_.below(1'000'000));
      case SealUse::other: return times_.others.empty() ? b.seal : world_.box(times_.others.begin()->second).seal;
    }
    return {};
  }
  // A reader of the zone; doors without one leave no trace.
  Index door_of(const StepRule& rule) {
    if (rule.act != Act::door_passed && rule.act != Act::door_refused) return kNone;
    std::vector<Index> fit;
    const auto& devices = world_.port().devices;
    for (Index i = 0; i < devices.size(); ++i)
      if (devices[i].kind == DeviceKind::reader && devices[i].zone == rule.place && devices[i].inwards == rule.inwards)
        fit.push_back(i);
    return fit.empty() ? kNone : random_.pick(fit);
  }
  // What the rule says beyond who and when; kNone when it says nothing.
  Index detail_of(const StepRule& rule, Index box, Timestamp at, Duration lasts) {
    Detail d;
    d.note = rule.note;
    d.place = rule.place;
    if (const Index holder = cast_.play(rule.card_of, at).person; holder != kNone)
      d.card = world_.port().people[holder].card;
    d.seal = seal_of(rule, box);
    d.weight_kg = rule.weight_kg;
    d.beside = rule.beside_box.empty() ? kNone : box_of(rule.beside_box);
    d.silences = rule.device;
    d.lasts = lasts;
    const bool says = !d.note.empty() || !d.place.empty() || !d.seal.empty() || !d.card.empty() || d.weight_kg != -1 ||
                      d.beside != kNone || rule.verb == Verb::silence;
    return says ? world_.add_detail(std::move(d)) : kNone;
  }
  void play(Step& step, const StepRule& rule) {
    const Played who = cast_.play(rule.who, step.at), to = cast_.play(rule.to, step.at);
    if (who.company != kNone) step.company = who.company;
    if (who.account != kNone) step.account = who.account;
    if (who.person != kNone) step.person = who.person;
    if (who.vehicle != kNone) step.vehicle = who.vehicle;
    if (!rule.to.empty()) step.other = approved(step.act) ? to.account : to.company;
    step.forced = rule.forced.value_or(step.forced);
    step.carries = rule.carries.value_or(step.carries);
    step.ok = rule.ok.value_or(step.ok);
    step.has_task = rule.task.value_or(step.has_task);
    if (rule.part) step.plant = plant_;
  }
  void put(const Step& step) {
    if (step.plant != kNone && step.act != Act::device_silenced) ++acts_;  // a device may be silent already
    if (step.box != kNone && step.box == plan_.box) plan_.steps.push_back(step);
    else world_.schedule(step);
  }
  void add(const StepRule& rule, const std::vector<Timestamp>& at) {
    if (rule.lorry) return add_lorry(rule, at.front(), at.back());
    const std::size_t count = rule.verb == Verb::silence ? 1 : at.size();
    for (std::size_t i = 0; i < count; ++i) {
      Step step;
      step.act = rule.act;
      step.at = at[i];
      step.box = box_of(rule.box);
      if (rule.move) step.move = *rule.move;
      play(step, rule);
      step.device = door_of(rule);
      step.detail = detail_of(rule, step.box, step.at, at.back() - at.front());
      put(step);
    }
  }
  void add_lorry(const StepRule& rule, Timestamp in, Timestamp out) {
    Step step;
    step.box = box_of(rule.box);
    const bool brings = rule.move && *rule.move == Move::to_yard;
    const auto passage = [&](Timestamp at, Act act, bool carries) {
      step.at = at;
      step.act = act;
      play(step, rule);
      step.account = kNone;
      step.carries = rule.carries.value_or(true) && carries;
      put(step);
    };
    passage(in, Act::gate_entered, brings);
    passage(out, Act::gate_left, !brings);
    if (!rule.carries.value_or(true)) return;
    // The terminal serves it like any other.
    Step served;
    served.box = step.box;
    served.move = rule.move.value_or(Move::to_lane);
    served.act = Act::move_ordered;
    served.at = in + minutes(3);
    put(served);
    served.act = Act::moved;
    served.at = in + Duration{(out - in).us * 6 / 10};
    put(served);
  }
  void change(const StepRule& rule, const std::vector<Timestamp>& at) {
    std::size_t turn = 0;
    const bool brings = world_.box(plan_.box).trade == Trade::export_trade;
    for (std::size_t i = 0; i < before_.steps.size(); ++i) {
      if (!step_matches(before_.steps[i], rule, brings)) continue;
      Step& step = plan_.steps[i];
      const Timestamp then = at[turn++];
      if (rule.verb == Verb::drop) {
        dropped_[i] = true;
        continue;
      }
      if (rule.at) step.at = then;
      play(step, rule);
      if (rule.part) ++acts_;
      if (const Index d = detail_of(rule, step.box, step.at, {}); d != kNone) step.detail = d;
    }
  }

  World& world_;
  const Script& script_;
  const Timetable& times_;
  Index plant_;
  BoxPlan& plan_;
  const BoxPlan before_;  // as it was: rules speak of steps that nothing planted has touched
  std::vector<bool> dropped_;
  Random& random_;
  Cast cast_;
  std::size_t acts_ = 0;
};

}  // namespace

std::size_t lay(World& world, const Script& script, const Timetable& times, Index plant, BoxPlan& plan,
                Random& random) {
  if (plan.box != kNone) world.box(plan.box).planted = true;
  for (const auto& [name, box] : times.others) world.box(box).planted = true;
  return Laying(world, script, times, plant, plan, random).all();
}

}  // namespace quaywatch::sim
