// What only planted steps leave open until their instant: the camera over the box, the stack beside another box; and
// what nobody sees happen.
#include <fmt/format.h>

#include "sim/effects.h"

namespace quaywatch::sim {
namespace {

// The first device of the kind that looks at the box, or stands in the named zone, and is not silent already.
Index device_at(const World& world, const Happening& h, DeviceKind kind) {
  const auto& devices = world.port().devices;
  const std::string block =
      h.box == kNone ? std::string() : fmt::format("BLOCK{:02}", world.box(h.box).slot.block);
  for (Index i = 0; i < devices.size(); ++i) {
    if (devices[i].kind != kind || devices[i].silent) continue;
    if (kind == DeviceKind::camera && h.place.empty() ? devices[i].zone == block
                                                      : h.place.empty() || devices[i].zone == h.place)
      return i;
  }
  return kNone;
}

bool silence(World& world, Happening& h, const Detail& detail) {
  h.device = device_at(world, h, detail.silences);
  if (h.device == kNone) return false;
  Step back = h;
  back.act = Act::device_restored;
  back.at = h.at + detail.lasts;
  back.detail = kNone;
  world.schedule(back);
  return true;
}

// An order or a move to the stack beside another box. A move that carries out an order goes where that says.
void go_beside(World& world, Happening& h, Index other, Random& random) {
  const Box& b = world.box(h.box);
  if (h.act == Act::moved && !b.order.empty() && b.order_move == h.move) return;
  h.to = world.yard().reserve_beside(h.box, world.box(other).slot, random);
}

}  // namespace

bool plant_effect(World& world, Happening& h, Random& random) {
  const Detail* detail = world.detail(h);
  if (h.act == Act::device_silenced && h.device == kNone && detail != nullptr && detail->lasts.us > 0)
    return silence(world, h, *detail);
  if (detail != nullptr && detail->beside != kNone && (h.act == Act::moved || h.act == Act::move_ordered))
    go_beside(world, h, detail->beside, random);
  if (h.box == kNone) return true;
  Box& b = world.box(h.box);
  if (h.act == Act::seal_swapped) {
    h.seal_before = b.seal;
    if (!h.seal.empty()) b.seal = h.seal;
  }
  if (h.act == Act::load_changed) b.cargo_kg = std::max(0, b.cargo_kg + h.weight_kg);
  return true;
}

}  // namespace quaywatch::sim
