// What the community does day by day, and what its acts do: look-ups of a shift, companies that begin, fleets that
// change.
#include <algorithm>

#include "sim/calendar.h"
#include "sim/community.h"
#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

void plan_lookups(World& world, Index person, Timestamp from, Duration length) {
  Random random = world.stream("lookups", static_cast<std::uint64_t>(from.us) + person);
  const auto count = static_cast<int>(world.figures().quantiles("account.lookup_per_shift").draw(random));
  const double untasked = world.figures().value("release.view_without_ticket_share");
  for (int i = 0; i < count; ++i) {
    Step step;
    step.act = Act::box_located;
    step.at = from + Duration{random.between(0, length.us)};
    step.company = world.port().people[person].company;
    step.person = person;
    step.has_task = !random.chance(untasked);
    world.schedule(step);
  }
}

// Who has an account looks boxes up while on duty: shifts around the clock, the office on working days.
void plan_lookups_of_day(World& world, Timestamp day) {
  if (day + days(1) <= world.options().from) return;  // nobody sees the warm-up, and look-ups change nothing
  const Port& port = world.port();
  for (Index person = 0; person < port.people.size(); ++person) {
    const Person& p = port.people[person];
    if (p.account == kNone) continue;
    if (p.crew == 4 && weekday(day + hours(12)) < 5)
      plan_lookups(world, person, at_local(day + hours(12), 8), seconds(9 * 3600 - 1));
    for (const int start : {6, 14, 22})
      if (p.crew < 4 && crew_at(at_local(day + hours(12), start)) == p.crew)
        plan_lookups(world, person, at_local(day + hours(12), start), seconds(8 * 3600 - 1));
  }
}

void plan_startups(World& world, Timestamp day) {
  constexpr struct {
    CompanyKind kind;
    std::string_view yearly;
    std::size_t accounts;
  } kBegin[] = {{CompanyKind::haulier, "haulier.new_per_year_share", 2},
                {CompanyKind::forwarder, "company.startups_per_year_share", 3},
                {CompanyKind::trader, "company.startups_per_year_share", 0}};
  Port& port = world.port();
  Random random = world.stream("start-ups", static_cast<std::uint64_t>(day.us));
  for (const auto& begin : kBegin) {
    const auto there = static_cast<double>(port.of_kind[static_cast<std::size_t>(begin.kind)].size());
    for (std::uint32_t left = random.poisson(there * world.figures().value(begin.yearly) / 365); left > 0; --left) {
      Step step;
      step.act = Act::party_registered;
      step.at = day + hours(8) + seconds(random.between(0, 9 * 3600));
      step.company = add_company(port, begin.kind, random, step.at, begin.accounts);
      if (begin.kind == CompanyKind::haulier)
        for (auto trucks = random.between(1, 3); trucks > 0; --trucks) add_vehicle(port, step.company, random);
      world.schedule(step);
    }
  }
}

// Tractors are replaced when they are worn out.
void plan_fleets(World& world, Timestamp day) {
  const double daily = world.figures().value("haulier.truck_replaced_per_year_share") / 365;
  const auto& hauliers = world.port().of_kind[static_cast<std::size_t>(CompanyKind::haulier)];
  Random random = world.stream("fleets", static_cast<std::uint64_t>(day.us));
  for (const Index haulier : hauliers) {
    const auto fleet = static_cast<double>(world.port().companies[haulier].vehicles.size());
    if (!random.chance(std::min(1.0, fleet * daily))) continue;
    Step step;
    step.act = Act::party_changed;
    step.at = day + hours(8) + seconds(random.between(0, 9 * 3600));
    step.company = haulier;
    world.schedule(step);
  }
}

// A box that stands in the yard; kNone when a few tries find none.
Index any_box(const World& world, Random& random) {
  const auto& boxes = world.port().boxes;
  for (int tries = 0; tries < 16 && !boxes.empty(); ++tries) {
    const auto index = static_cast<Index>(random.below(boxes.size()));
    if (boxes[index].used && boxes[index].slot.block != 0) return index;
  }
  return kNone;
}

// Who of the planned person's crew is truly there does the work. False: nobody is.
bool at_work(const World& world, Happening& h) {
  const Port& port = world.port();
  const Person& planned = port.people[h.person];
  const auto& crew = port.crews[static_cast<std::size_t>(planned.role)][planned.crew];
  const auto turn = std::find(crew.begin(), crew.end(), h.person) - crew.begin();
  h.person = on_duty(port, planned.role, h.at, static_cast<std::uint64_t>(turn));
  if (h.person == kNone) return false;
  h.account = port.people[h.person].account;
  return h.account != kNone;
}

bool staff_looks(World& world, Happening& h) {
  if (h.box != kNone || h.person == kNone) return true;  // somebody planned whom and what
  Random random = world.stream("any box", static_cast<std::uint64_t>(h.at.us) + h.person);
  h.box = any_box(world, random);
  return h.box != kNone && at_work(world, h);
}

void renew_fleet(World& world, Happening& h) {
  Port& port = world.port();
  auto& fleet = port.companies[h.company].vehicles;
  Random random = world.stream("fleet", static_cast<std::uint64_t>(h.at.us) + h.company);
  if (!fleet.empty()) fleet.erase(fleet.begin() + static_cast<std::ptrdiff_t>(random.below(fleet.size())));
  h.vehicle = add_vehicle(port, h.company, random);
}

// The lane a lorry takes: one whose portal works, where there is one.
Index lane_for(const World& world, const Happening& h) {
  std::vector<Index> working, all;
  const auto& devices = world.port().devices;
  for (Index i = 0; i < devices.size(); ++i) {
    if (devices[i].kind != DeviceKind::gate_portal || devices[i].inwards != (h.act == Act::gate_entered)) continue;
    all.push_back(i);
    if (!devices[i].silent) working.push_back(i);
  }
  Random random = world.stream("lane", static_cast<std::uint64_t>(h.at.us) + h.box);
  return !working.empty() ? random.pick(working) : !all.empty() ? random.pick(all) : kNone;
}

void number_appointment(World& world, Happening& h, Box& b) {
  if (h.act == Act::appointment_made || b.appointment.empty()) {
    b.appointment = world.next_ref("AP");
    b.appointment_version = 0;
    b.due = {};
  }
  ++b.appointment_version;
  if (h.due == Timestamp{}) h.due = b.due == Timestamp{} ? h.at + hours(2) : b.due;
  h.due_before = b.due;
  b.due = h.due;
  h.ref = b.appointment;
}

}  // namespace

void begin_community(World& world) {
  Random random = world.stream("hire company");
  world.port().rental = add_company(world.port(), CompanyKind::contractor, random, world.now() - days(2000), 0);
  world.add_daily(plan_lookups_of_day);
  world.add_daily(plan_startups);
  world.add_daily(plan_fleets);
}

bool community_effect(World& world, Happening& h, Random&) {
  switch (h.act) {
    case Act::box_located: return staff_looks(world, h);
    case Act::party_changed: renew_fleet(world, h); return true;
    case Act::ticket_opened:
      if (h.ref.empty()) h.ref = world.next_ref("TK");
      return true;
    default: break;
  }
  if (h.box == kNone) return true;
  Box& b = world.box(h.box);
  switch (h.act) {
    case Act::pickup_announced:
    case Act::pickup_refused:
    case Act::delivery_announced:
      if (h.ref.empty()) h.ref = world.next_ref("PA");
      if (h.act == Act::pickup_announced) b.announcement = h.ref;
      if (h.vehicle == kNone) h.vehicle = b.vehicle;
      return true;
    case Act::pickup_withdrawn:
      if (h.ref.empty()) h.ref = b.announcement;
      return true;
    case Act::appointment_made:
    case Act::appointment_changed:
      if (h.vehicle == kNone) h.vehicle = b.vehicle;
      number_appointment(world, h, b);
      return true;
    case Act::gate_entered:
    case Act::gate_left:
      if (h.act == Act::gate_left && !h.carries && b.lorry_goes_laden) return false;  // it leaves with the other box
      if (h.vehicle == kNone) return true;
      if (h.device == kNone) h.device = lane_for(world, h);
      if (h.ref.empty()) h.ref = b.appointment;
      return true;
    default: return true;
  }
}

}  // namespace quaywatch::sim
