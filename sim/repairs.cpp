// Empties that come back damaged are repaired at the depot.
#include <array>

#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {

void follow_depot(World& world, const Happening& h) {
  if (h.act != Act::depot_entered || h.box == kNone) return;
  Random random = stream_for(world, "repair", h);
  if (!random.chance(world.figures().value("repair.share"))) return;
  static constexpr auto kDamages = std::to_array<const char*>(
      {"roof dented", "floor board broken", "door gasket torn", "corner post bent", "hole in side panel"});
  Step step;
  step.act = Act::repaired;
  step.at = h.at + minutes(random.between(180, 1700));
  step.box = h.box;
  step.company = random.pick(world.port().of_kind[static_cast<std::size_t>(CompanyKind::contractor)]);
  Detail detail;
  detail.note = random.pick(kDamages);
  detail.ref = world.next_ref("EST");
  step.detail = world.add_detail(detail);
  world.schedule(step);
}

}  // namespace quaywatch::sim
