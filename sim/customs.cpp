// Customs: a box is selected before it arrives or not at all; what is selected is scanned, some are opened, and sealed
// anew. Two officers decide to take a box off the list.
#include <algorithm>

#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
Timestamp plan_controls(World& world, BoxPlan& plan, Timestamp discharged, Random& random) {
  const Figures& figures = world.figures();
  const Index office = world.port().customs_office;
  const auto& officers = world.port().companies[office].accounts;
  const auto add = [&](Timestamp at, Act act) -> Step& {
    Step& step = plan.add(at, act);
    step.company = office;
    step.account = random.pick(officers);
    return step;
  };
  if (!random.chance(figures.value("customs.selected_share"))) {
    const Timestamp cleared = discharged + hours_of(1 + 5 * random.unit());
    add(cleared, Act::customs_cleared);
    return cleared;
  }
  const Index selector = add(discharged - hours_of(8 + 20 * random.unit()), Act::selected).account;
  const auto second = [&] {  // approves; not who selected
    for (int tries = 0; tries < 20; ++tries)
      if (const Index officer = random.pick(officers); officer != selector) return officer;
    return selector;
  };
  if (random.chance(figures.value("customs.deselected_share"))) {
    const Timestamp at = discharged + hours_of(1 + 6 * random.unit());
    Step& off = add(at, Act::deselected);
    off.account = selector;
    off.other = second();
    add(at + minutes(5), Act::customs_cleared);
    return at + minutes(5);
  }
  const Timestamp control =
      discharged + hours_of(std::max(2.0, figures.quantiles("customs.inspection_delay_h").draw(random)));
  add(control - hours(1), Act::control_ordered);
  plan.add(control - minutes(50), Act::move_ordered).move = Move::to_control;
  plan.add(control - minutes(20), Act::moved).move = Move::to_control;
  add(control, Act::scanned);
  Timestamp done = control + minutes_of(figures.quantiles("customs.scan_analysis_min").draw(random));
  add(done, Act::scan_analysed);
  const double physical =
      figures.value("customs.physical_share") / std::max(figures.value("customs.selected_share"), 1e-9);
  if (random.chance(std::min(physical, 1.0))) {
    const Timestamp opened = done + hours_of(0.5 + 3 * random.unit());
    Step& open = add(opened, Act::box_opened);
    open.other = second();
    done = opened + minutes(random.between(35, 180));
    add(done, Act::resealed).other = second();
    done = done + minutes(10);
  }
  add(done, Act::control_ended);
  plan.add(done + minutes(5), Act::move_ordered).move = Move::to_yard;
  plan.add(done + minutes(25), Act::moved).move = Move::to_yard;
  add(done + minutes(30), Act::customs_cleared);
  return done + minutes(40);
}

bool customs_effect(World& world, Happening& h, Random& random) {
  if (h.act != Act::resealed) return true;
  Box& b = world.box(h.box);
  h.seal_before = b.seal;
  if (h.seal.empty()) h.seal = new_seal(random, 11);
  b.seal = h.seal;
  b.second_seal.clear();
  return true;
}

}  // namespace quaywatch::sim
