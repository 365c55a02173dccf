// What each act does to the state of the port and draws after it.
#include <algorithm>

#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

Index machine_for(const World& world, Role role, Random& random) {
  const auto& machines = world.port().machines;
  const std::size_t carriers = world.port().size->straddle_carriers;
  return static_cast<Index>(role == Role::straddle_driver ? random.below(carriers)
                                                          : carriers + random.below(machines.size() - carriers));
}

void crew(const World& world, Happening& h, Role role, Random& random) {
  if (h.machine == kNone) h.machine = machine_for(world, role, random);
  // One driver stays on one machine for the shift.
  if (h.person == kNone) h.person = on_duty(world.port(), role, h.at, h.machine);
}

// The boxes on top are set aside first, each with an order of its own.
void reshuffle(World& world, const Happening& h) {
  const auto above = world.yard().above(h.box, world.box(h.box).slot);
  for (std::size_t i = 0; i < above.size(); ++i) {
    const Box& b = world.box(above[i]);
    if (!b.used || !b.order.empty()) continue;  // has an order already
    Step step;
    step.box = above[i];
    step.move = Move::rehandle;
    step.act = Act::move_ordered;
    step.at = h.at + seconds(5 + 2 * static_cast<std::int64_t>(i));
    world.schedule(step);
    step.act = Act::moved;
    step.at = h.at + seconds(50 + 45 * static_cast<std::int64_t>(i));
    world.schedule(step);
  }
}

// A box has one open order at most. The yard's own shuffling gives way to what has to leave.
bool order(World& world, Happening& h, Random& random) {
  Box& b = world.box(h.box);
  const bool open = !b.order.empty();
  if (h.move == Move::rehandle && !h.forced && (open || b.slot.block == 0)) return false;
  if (open && b.target.block != 0) world.yard().leave(h.box, b.target);
  h.ref = world.next_ref("WO");
  h.from = b.slot;
  if (h.to.block == 0 && (h.move == Move::to_yard || h.move == Move::rehandle))
    h.to = world.yard().reserve(h.box, random, b.slot);
  reshuffle(world, h);
  b.order = h.ref;
  b.order_move = h.move;
  b.target = h.to;
  return true;
}

bool move(World& world, Happening& h, Random& random) {
  Box& b = world.box(h.box);
  const bool ordered = !b.order.empty() && b.order_move == h.move;
  if (!ordered && !h.forced) return false;  // its order was dropped
  crew(world, h, Role::straddle_driver, random);
  h.from = b.slot;
  if (ordered) {
    h.ref = b.order;
    h.to = b.target;
    b.order.clear();
    b.target = {};
  } else if (h.to.block == 0 && (h.move == Move::to_yard || h.move == Move::rehandle)) {
    h.to = world.yard().reserve(h.box, random, b.slot);
  }
  if (h.from.block != 0) world.yard().leave(h.box, h.from);
  b.slot = h.to;
  return true;
}

void enter_yard(World& world, const Happening& h, Random& random) {
  const auto& duration = world.figures().quantiles("yard.move_min");
  Step step;
  step.box = h.box;
  step.move = Move::to_yard;
  step.act = Act::move_ordered;
  step.at = h.at + seconds(20);
  world.schedule(step);
  step.act = Act::moved;
  step.at = h.at + seconds(60 + static_cast<std::int64_t>(duration.draw(random) * 60));
  world.schedule(step);
}

void leave_yard(World& world, Index box) {
  Box& b = world.box(box);
  world.yard().leave(box, b.slot);
  b.slot = {};
}

// What a scale shows: the true weight with its own error.
std::int32_t weighed(const World& world, Index box, std::string_view figure, Random& random) {
  const Box& b = world.box(box);
  return std::max(0,
                  b.tare_kg + b.cargo_kg + static_cast<std::int32_t>(world.figures().quantiles(figure).draw(random)));
}

}  // namespace

Random stream_for(const World& world, std::string_view purpose, const Happening& h) {
  return world.stream(purpose, static_cast<std::uint64_t>(h.at.us) * 1'000'003 + h.box);
}

bool take_effect(World& world, Happening& h, Random& random) {
  if (h.box != kNone && !world.box(h.box).used) return false;
  Box* b = h.box == kNone ? nullptr : &world.box(h.box);
  for (const Effect effect : {plant_effect, paper_effect, customs_effect, seal_effect, reefer_effect, people_effect,
                              device_effect, community_effect})
    if (!effect(world, h, random)) return false;
  switch (h.act) {
    case Act::call_planned: plan_call(world, h); return false;
    case Act::manifest_known: plan_discharges(world, h); return false;
    case Act::call_scheduled: {
      Call& call = world.port().calls[h.call];
      call.estimate = h.at < call.told ? call.eta : call.foreseen;
      break;
    }
    case Act::discharged:
      crew(world, h, Role::crane_driver, random);
      h.weight_kg = weighed(world, h.box, "weight.crane_error_kg", random);
      enter_yard(world, h, random);
      break;
    case Act::loaded:
      crew(world, h, Role::crane_driver, random);
      h.weight_kg = weighed(world, h.box, "weight.crane_error_kg", random);
      leave_yard(world, h.box);
      break;
    case Act::move_ordered:
      if (!order(world, h, random)) return false;
      break;
    case Act::moved:
      if (!move(world, h, random)) return false;
      break;
    case Act::weighed:  // without the box a lorry is as heavy as its papers say
      h.weight_kg = h.carries ? weighed(world, h.box, "weight.weighbridge_error_kg", random) : 0;
      break;
    case Act::verified_mass_declared: h.weight_kg = b->declared_kg; break;
    case Act::gate_left:
      if (h.carries) leave_yard(world, h.box);
      break;
    case Act::vessel_departed:
      world.port().calls[h.call].discharge = {};
      world.port().calls[h.call].load = {};
      break;
    case Act::depot_entered: {
      b->full = false;
      auto& idle = world.port().idle_numbers[b->size_type];
      idle.push_back(b->number);
      b->in_depot = true;
      if (idle.size() > 20'000) {
        world.port().numbers.erase(idle.front());
        idle.pop_front();
      }
      break;
    }
    default: break;
  }
  if (b != nullptr && h.seal.empty()) h.seal = b->seal;
  for (const auto follow : {follow_weighing, follow_seals, follow_reefer, follow_door, follow_depot}) follow(world, h);
  return true;
}

}  // namespace quaywatch::sim
