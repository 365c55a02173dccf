// Doors that are opened: by the consignee who empties the box; and boxes that tell it themselves.
#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {

bool is_smart(const World& world, const Box& box) {
  const auto& services = world.port().services;
  if (services.empty() || box.line != services.front().line) return false;
  return world.stream("smart box " + box.number).chance(world.figures().value("door.smart_share"));
}

void follow_door(World& world, const Happening& h) {
  if (h.act != Act::gate_left || !h.carries || h.box == kNone) return;
  const Box& b = world.box(h.box);
  if (b.trade != Trade::import || !b.full || b.mode != Mode::truck) return;
  Random random = stream_for(world, "unloading", h);
  Step step;
  step.act = Act::door_opened;
  step.at = h.at + minutes(random.between(90, 1100));  // before the box is at the depot
  step.box = h.box;
  step.company = b.trader;
  Detail detail;
  detail.place = "CONSIGNEE";
  step.detail = world.add_detail(detail);
  world.schedule(step);
}

}  // namespace quaywatch::sim
