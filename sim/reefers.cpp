// Reefers: plugged in where they are set down, unplugged before they are moved, now and then faulty. One that is
// moved while it is plugged in loses power, and says so.
#include <array>

#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

Step step_of(Index box, Timestamp at, Act act) {
  Step step;
  step.at = at;
  step.act = act;
  step.box = box;
  return step;
}

void repair(World& world, const Happening& alarm, Random& random) {
  Detail detail;
  detail.ref = alarm.ref;
  detail.note = "REPAIR";
  Step off = step_of(alarm.box, alarm.at + minutes(random.between(20, 120)), Act::reefer_unplugged);
  off.detail = world.add_detail(detail);
  world.schedule(off);
  Step on = step_of(alarm.box, off.at + minutes(random.between(15, 90)), Act::reefer_plugged);
  on.detail = world.add_detail(detail);
  world.schedule(on);
}

// Told by the monitor alone: nobody on the yard did it.
void lose_power(World& world, const Happening& h) {
  world.box(h.box).plugged = false;
  Step alarm = step_of(h.box, h.at, Act::reefer_alarmed);
  Detail detail;
  detail.note = "POWER OFF";
  alarm.detail = world.add_detail(detail);
  world.schedule(alarm);
}

}  // namespace

bool is_cooled(const Box& box) { return box.full && box.size_type.ends_with("R1"); }

void follow_reefer(World& world, const Happening& h) {
  if (h.box == kNone || !is_cooled(world.box(h.box))) return;
  Random random = stream_for(world, "reefer", h);
  const bool plugged = world.box(h.box).plugged;
  if (h.act == Act::discharged || (h.act == Act::gate_entered && h.carries)) {
    if (random.chance(world.figures().value("reefer.fault_share")))
      world.schedule(step_of(h.box, h.at + hours(random.between(4, 60)), Act::reefer_alarmed));
  } else if (h.act == Act::move_ordered && plugged) {
    world.schedule(step_of(h.box, h.at + seconds(20), Act::reefer_unplugged));
  } else if ((h.act == Act::moved || h.act == Act::loaded) && plugged) {
    lose_power(world, h);
  }
  if (h.act == Act::moved && h.to.block != 0)
    world.schedule(step_of(h.box, h.at + minutes(random.between(4, 25)), Act::reefer_plugged));
  if (h.act == Act::reefer_alarmed && !h.ref.empty()) repair(world, h, random);
}

bool reefer_effect(World& world, Happening& h, Random&) {
  if (h.act < Act::reefer_plugged || h.act > Act::reefer_alarmed || h.box == kNone) return true;
  Box& b = world.box(h.box);
  h.from = b.slot;
  if (h.act == Act::reefer_alarmed) {
    if (h.note == "POWER OFF") return true;
    if (!b.plugged) return false;
    static constexpr auto kFaults =
        std::to_array<const char*>({"HIGH TEMPERATURE", "COMPRESSOR", "POWER LOSS", "PROBE", "HIGH PRESSURE"});
    Random random = stream_for(world, "reefer fault", h);
    if (h.note.empty()) h.note = random.pick(kFaults);
    if (h.ref.empty()) h.ref = world.next_ref("RW");
  } else {
    // What is to be moved at once is not plugged in before.
    const bool plugs = h.act == Act::reefer_plugged;
    const bool planned = h.plant != kNone;  // by a scenario, which pays no heed to the yard
    if (!planned && (b.plugged == plugs || (plugs && (b.slot.block == 0 || !b.order.empty())))) return false;
    b.plugged = plugs;
  }
  if (h.person == kNone) h.person = on_duty(world.port(), Role::reefer_man, h.at, h.box);
  return true;
}

}  // namespace quaywatch::sim
