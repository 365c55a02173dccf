// What acts do to the port when their instant comes, by domain: each completes the happenings of its own acts (who,
// which device, which number) and changes the state they change. False: it cannot happen now, and nobody sees it. The
// acts of the yard, the quay and the gate are in effects.cpp itself.
#pragma once

#include "sim/world.h"

namespace quaywatch::sim {

using Effect = bool (*)(World& world, Happening& happening, Random& random);

bool paper_effect(World& world, Happening& happening, Random& random);    // collection.cpp
bool customs_effect(World& world, Happening& happening, Random& random);  // customs.cpp
bool people_effect(World& world, Happening& happening, Random& random);   // people.cpp
bool plant_effect(World& world, Happening& happening, Random& random);    // plant_effects.cpp
bool device_effect(World& world, Happening& happening, Random& random);   // devices.cpp

}  // namespace quaywatch::sim
