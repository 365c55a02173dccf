// Readers, cameras, scales and scanners: when they are silent.
#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {

void begin_devices(World&) {}

bool device_effect(World&, Happening&, Random&) { return true; }

}  // namespace quaywatch::sim
