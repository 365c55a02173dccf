// The weighbridge: every lorry on the way in and on the way out, with a box or without.
#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

Index scale_of(const Port& port) {
  for (Index i = 0; i < port.devices.size(); ++i)
    if (port.devices[i].kind == DeviceKind::scale) return i;
  return kNone;
}

}  // namespace

std::int32_t lorry_tare_kg(const World& world, Index vehicle) {
  return static_cast<std::int32_t>(world.stream("lorry tare", vehicle).between(660, 830) * 20);
}

void follow_weighing(World& world, const Happening& h) {
  if (h.vehicle == kNone || (h.act != Act::gate_entered && h.act != Act::gate_left)) return;
  Step step;
  step.act = Act::weighed;
  step.at = h.act == Act::gate_entered ? h.at + minutes(2) : h.at;
  step.box = h.box;
  step.company = h.company;
  step.vehicle = h.vehicle;
  step.carries = h.carries;
  step.device = scale_of(world.port());
  if (step.device != kNone && world.port().devices[step.device].silent) return;
  world.schedule(step);
}

}  // namespace quaywatch::sim
