// Seals: read at the quay and at the gate, put on by who stuffs the box, renewed after damage, and what is left on a
// door that somebody opens.
#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

std::string_view checked_at(const Happening& h) {
  if (h.act == Act::discharged || h.act == Act::loaded) return "QUAY";
  if (!h.carries || h.vehicle == kNone) return {};
  return h.act == Act::gate_entered ? "GATE IN" : h.act == Act::gate_left ? "GATE OUT" : "";
}

Step step_of(const World& world, Index box, Timestamp at, Act act) {
  Step step;
  step.at = at;
  step.act = act;
  step.box = box;
  step.company = world.port().terminal;
  return step;
}

}  // namespace

void follow_seals(World& world, const Happening& h) {
  if (h.box == kNone || !world.box(h.box).full) return;
  const std::string_view place = checked_at(h);
  if (place.empty()) return;
  Step check = step_of(world, h.box, h.at, Act::seal_checked);
  Detail detail;
  detail.place = place;
  check.detail = world.add_detail(detail);
  world.schedule(check);
  if (h.act != Act::discharged && h.act != Act::gate_entered) return;
  Random random = stream_for(world, "seal damage", h);
  if (!random.chance(world.figures().value("seal.damage_reseal_share"))) return;
  Step anew = step_of(world, h.box, h.at + minutes(random.between(20, 90)), Act::sealed);
  detail.place = "YARD";
  detail.note = "DAMAGE";
  anew.detail = world.add_detail(detail);
  world.schedule(anew);
}

bool seal_effect(World& world, Happening& h, Random&) {
  if (h.box == kNone) return true;
  Box& b = world.box(h.box);
  if (h.act == Act::seal_checked && h.person == kNone)
    h.person = on_duty(world.port(), h.place == "QUAY" ? Role::lasher : Role::gate_clerk, h.at, h.box);
  if (h.act == Act::sealed || h.act == Act::door_opened) h.seal_before = b.seal;
  if (h.act == Act::sealed && h.company == world.port().terminal) {
    if (h.person == kNone) h.person = on_duty(world.port(), Role::mechanic, h.at, h.box);
    if (h.ref.empty()) h.ref = world.next_ref("DR");
    if (h.seal.empty()) {
      Random random = stream_for(world, "seal anew", h);
      h.seal = new_seal(random, b.line);
    }
  }
  // A door that is opened may be left with another seal; who else but the opener knows?
  if ((h.act == Act::sealed || h.act == Act::door_opened) && !h.seal.empty()) b.seal = h.seal;
  return true;
}

}  // namespace quaywatch::sim
