// What acts do to the port when their instant comes, by domain: each completes the happenings of its own acts (who,
// which device, which number) and changes the state they change. False: it cannot happen now, and nobody sees it. The
// acts of the yard, the quay and the gate are in effects.cpp itself.
#pragma once

#include "sim/world.h"

namespace quaywatch::sim {

using Effect = bool (*)(World& world, Happening& happening, Random& random);

bool paper_effect(World& world, Happening& happening, Random& random);    // collection.cpp
bool customs_effect(World& world, Happening& happening, Random& random);  // customs.cpp
bool seal_effect(World& world, Happening& happening, Random& random);     // seals.cpp
bool reefer_effect(World& world, Happening& happening, Random& random);   // reefers.cpp
bool people_effect(World& world, Happening& happening, Random& random);   // people.cpp
bool plant_effect(World& world, Happening& happening, Random& random);    // plant_effects.cpp
bool device_effect(World& world, Happening& happening, Random& random);   // devices.cpp
bool community_effect(World& world, Happening& happening, Random& random);  // community.cpp

// What follows from a happening by itself, for whoever brought it about: a lorry that passes the gate is weighed, a
// door that passes a check has its seal read, a reefer that is set down is plugged in.
void follow_weighing(World& world, const Happening& happening);  // weights.cpp
void follow_seals(World& world, const Happening& happening);     // seals.cpp
void follow_reefer(World& world, const Happening& happening);    // reefers.cpp
void follow_door(World& world, const Happening& happening);      // doors.cpp
void follow_depot(World& world, const Happening& happening);     // repairs.cpp

// Random numbers for what one happening brings about, apart from those of every other purpose.
Random stream_for(const World& world, std::string_view purpose, const Happening& happening);

}  // namespace quaywatch::sim
