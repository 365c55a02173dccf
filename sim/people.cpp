// Who works, visits and passes doors.
#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {

void begin_people(World&) {}

bool people_effect(World&, Happening&, Random&) { return true; }

}  // namespace quaywatch::sim
