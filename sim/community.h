// What companies do in the port community system and at the gate when nothing is wrong: announcements and appointments
// with their changes, lorries that bring one box and take another, hired tractors, look-ups by the terminal's staff,
// companies that begin and fleets that change.
#pragma once

#include "sim/world.h"

namespace quaywatch::sim {

void begin_community(World& world);  // what is planned day by day (community_days.cpp)

// A step of a company, by one of its accounts.
Step& act_of(const World& world, BoxPlan& plan, Timestamp at, Act act, Index company, Random& random);

// The haulier of the plan announces that it comes for the box at `fetched` and books its time; it may change, not come,
// or be replaced by another haulier. Returns when the lorry comes in the end, not before `fetched`.
Timestamp plan_announcement(World& world, BoxPlan& plan, Timestamp announced, Timestamp fetched, Random& random);

// The appointment of the lorry that brings the box, between its arrival and its exit.
void plan_delivery(World& world, BoxPlan& plan, Timestamp told, Timestamp arrives, Timestamp leaves, Random& random);

// A lorry that brings another box soon after `fetched` may take this one: then the plan's haulier and vehicle are set
// and its visit is returned, which begins when the other box is off the lorry.
struct Pairing {
  bool paired = false;
  Timestamp arrives, free;
};
Pairing pair_delivery(World& world, BoxPlan& plan, Timestamp fetched, Random& random);

bool office_hours(Timestamp at);  // 7 to 19 local on working days, of those who work with papers

// The haulier that fetches for an importer: as a rule one that it has worked with before.
Index usual_haulier(const World& world, Index trader, Random& random);

// Announces by COPINO messages, not on the community system's pages.
bool sends_messages(const World& world, Index company);

}  // namespace quaywatch::sim
