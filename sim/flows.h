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
void plan_call(World& world, const Step& step);       // times, berth, load list and the exports of it (calls.cpp)
void plan_discharges(World& world, const Step& step);  // the boxes to discharge, with their papers
// Before the planned arrival; before the true one. The first bookings of exports come four weeks before the ship, the
// first releases of imports seven days before it: nothing is planned for an instant that has passed.
inline constexpr Duration kPlannedAhead = days(28), kManifestAhead = days(8), kListedAhead = hours(36);

void plan_import(World& world, Index call, Timestamp discharged, Random& random);
// False: nothing leaves in time; the box is an import.
bool plan_transhipment(World& world, Index call, Timestamp discharged, Random& random);
void plan_export(World& world, Index call, Timestamp loaded, Random& random);

// An instant at or after `earliest` when lorries come, by the gate's hours and weekdays.
Timestamp gate_time(const World& world, Timestamp earliest, Random& random);
Timestamp gate_time_before(const World& world, Timestamp latest, Random& random);  // at or before `latest`
// An instant at or soon after `at` when papers are made: on working days from seven to eighteen, but for a share.
Timestamp office_time(const World& world, Timestamp at, Random& random);
// One of a company's lorries; it gets one when it has none.
Index truck_of(World& world, Index company, Random& random);
// Controls of a box that is discharged at `discharged`; returns when it may leave (customs.cpp).
Timestamp plan_controls(World& world, BoxPlan& plan, Timestamp discharged, Random& random);
// Share of full imports from a load port that customs select: more of those from South America, all together
// `customs.selected_share`.
double selected_share(const Figures& figures, std::string_view load_port);
// A collection: release, transfers, look-ups, announcement, the lorry (collection.cpp). Leaves with the box at the end.
void plan_collection(World& world, BoxPlan& plan, Timestamp discharged, Timestamp may_leave, Random& random);
// The weight of a lorry and its chassis as its papers say, in steps of 20 kg.
std::int32_t lorry_tare_kg(const World& world, Index vehicle);
bool is_cooled(const Box& box);  // full, and needs power (reefers.cpp)
bool is_smart(const World& world, const Box& box);  // tells when its door is opened (doors.cpp)
// Moves within the yard between two instants, for no reason but the yard's own.
void plan_rehandles(World& world, BoxPlan& plan, Timestamp from, Timestamp until, Random& random);
// The lorry that brings or fetches the box of a plan, between its entry and its exit; returns the exit.
Timestamp plan_lorry(World& world, BoxPlan& plan, Timestamp arrives, bool brings, Random& random);

}  // namespace quaywatch::sim
