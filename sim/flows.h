// How boxes flow through the port when nothing is wrong: vessel services and calls, imports, exports, transhipment and
// empties, with the papers that go with them. Each function plans steps; none looks at a system or a rule.
#pragma once

#include "sim/world.h"

namespace quaywatch::sim {

// Spans as figures state them, to the whole second.
Duration hours_of(double h);
Duration minutes_of(double m);
// One of a company's accounts; kNone when it has none.
Index account_of(const World& world, Index company, Random& random);
// A vehicle of the company that is on no other trip from `out` to `back`, promised to this one; bought or hired when
// all are out (fleet.cpp).
Index free_lorry(World& world, Index company, Timestamp out, Timestamp back, Random& random);

void begin_schedule(World& world);                    // the first call of each service
void begin_people(World& world);                      // rosters, visitors, what they do day by day (people.cpp)
void begin_devices(World& world);                     // their outages and planned work (devices.cpp)
void plan_call(World& world, const Step& step);       // three weeks ahead: times, load list, the exports of it
void list_call(World& world, const Step& step);       // before arrival: the boxes to discharge
inline constexpr Duration kPlannedAhead = days(21), kListedAhead = hours(36);

// An instant at or after `earliest` when lorries come, by the gate's hours and weekdays.
Timestamp gate_time(const World& world, Timestamp earliest, Random& random);
// Controls of a box that is discharged at `discharged`; returns when it may leave (customs.cpp).
Timestamp plan_controls(World& world, BoxPlan& plan, Timestamp discharged, Random& random);
// A collection: release, transfers, look-ups, announcement, the lorry (collection.cpp). Leaves with the box at the end.
void plan_collection(World& world, BoxPlan& plan, Timestamp discharged, Timestamp may_leave, Random& random);
// Moves within the yard between two instants, for no reason but the yard's own.
void plan_rehandles(World& world, BoxPlan& plan, Timestamp from, Timestamp until, Random& random);
// The lorry that brings or fetches the box of a plan, between its entry and its exit; returns the exit.
Timestamp plan_lorry(World& world, BoxPlan& plan, Timestamp arrives, bool brings, Random& random);

}  // namespace quaywatch::sim
