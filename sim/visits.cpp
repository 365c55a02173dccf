// Who comes from outside and is announced: visitors with a host and a badge for the day, contractors with a card of
// their own and a work order.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/calendar.h"
#include "sim/flows.h"
#include "sim/roster.h"

namespace quaywatch::sim {
namespace {

constexpr int kAhead = 4;  // days: visits are decided before the first notice of them

struct Errand {
  std::string_view purpose, zone;
};
constexpr auto kVisits = std::to_array<Errand>({{"meeting", "OFFICE"},
                                                {"cargo survey", "YARD"},
                                                {"delivery", "OFFICE"},
                                                {"ship's papers", "QUAY"},
                                                {"audit", "OFFICE"},
                                                {"claims survey", "YARD"},
                                                {"reefer survey", "REEFER"}});
constexpr auto kWorks = std::to_array<Errand>({{"lane marking", "YARD"},
                                               {"crane inspection", "QUAY"},
                                               {"lighting", "YARD"},
                                               {"reefer sockets", "REEFER"},
                                               {"network cable", "SERVER"},
                                               {"cleaning", "OFFICE"},
                                               {"carrier service", "YARD"},
                                               {"fender repair", "QUAY"}});

bool is_expected(const Port& port, Index person, Timestamp day) {
  return std::any_of(port.visits.begin(), port.visits.end(), [&](const auto& visit) {
    return visit.second.person == person && visit.second.from >= day && visit.second.from < day + hours(24);
  });
}

void tell(World& world, Timestamp at, Act act, Index person, Index visit) {
  Step step;
  step.at = at;
  step.act = act;
  step.person = person;
  step.other = visit;
  step.company = world.port().people[person].company;
  world.schedule(step);
}

Index add_visit(World& world, Visit visit, Timestamp announced) {
  Port& port = world.port();
  const Index number = ++port.visits_planned;
  const bool works = port.people[visit.person].role == Role::contractor;
  visit.ref = fmt::format("{}{:07}", works ? "WR" : "VS", number);
  const Index person = visit.person;
  port.visits.emplace(number, std::move(visit));
  tell(world, announced, Act::visitor_announced, person, number);
  return number;
}

// A contractor comes through the outer gate with a card; a visitor gets a badge at the reception, and waits there for
// the host.
void walk_visit(World& world, Index number) {
  const Visit visit = world.port().visits.at(number);
  Walk walk(world, visit.person, "visits", number);
  Random& random = walk.random();
  const bool visitor = world.port().people[visit.person].role == Role::visitor;
  const Timestamp in = visit.from + minutes(random.between(-12, 25));
  const Timestamp out = std::max(in + minutes(25), visit.until + minutes(random.between(-25, 20)));
  if (visitor) tell(world, in - seconds(random.between(330, 720)), Act::card_issued, visit.person, number);
  if (!visitor) walk.pass(in - minutes(6), "PORT", true);
  walk.pass(in, "TERMINAL", true);
  walk.stay(in + minutes(5), out - minutes(5), visit.zone);
  walk.pass(out, "TERMINAL", false);
  if (visitor) tell(world, out + seconds(random.between(60, 240)), Act::card_revoked, visit.person, number);
  if (!visitor) walk.pass(out + minutes(6), "PORT", false);
}

// Each of the pool at most once a day.
void plan_day(World& world, Timestamp day, Role role, double mean) {
  const auto& pool = world.port().crews[static_cast<std::size_t>(role)][4];
  const bool visitor = role == Role::visitor;
  Random random = world.stream(visitor ? "visitors" : "contractors", static_cast<std::uint64_t>(day.us));
  const std::size_t count = std::min<std::size_t>(random.poisson(mean), pool.size());
  const auto& stay = world.figures().quantiles(visitor ? "visitor.stay_h" : "contractor.stay_h");
  const std::size_t first = random.below(pool.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Errand& errand = visitor ? random.pick(kVisits) : random.pick(kWorks);
    Visit visit;
    visit.person = pool[(first + i) % pool.size()];
    if (is_expected(world.port(), visit.person, day)) continue;
    visit.purpose = errand.purpose;
    visit.zone = errand.zone;
    visit.from = at_local(day, 7) + minutes(15 * random.between(0, visitor ? 32 : 12));
    visit.until = visit.from + hours_of(stay.draw(random));
    visit.host = random.pick(world.port().crews[static_cast<std::size_t>(Role::office)][4]);
    const Timestamp noted = visit.from - hours_of(1 + 60 * random.unit());
    walk_visit(world, add_visit(world, std::move(visit), by_day(noted)));
  }
}

}  // namespace

void plan_visits(World& world, Timestamp midnight) {
  Port& port = world.port();
  std::erase_if(port.visits, [&](const auto& visit) { return visit.second.until < midnight - days(3); });
  const Timestamp day = local_midnight(midnight + days(kAhead) + hours(12));
  const double hundreds = port.size->staff / 100.0;
  const bool weekend = weekday(day) > 4;
  plan_day(world, day, Role::visitor,
           hundreds * world.figures().value("visitor.per_100_staff_day") * (weekend ? 0.1 : 1));
  plan_day(world, day, Role::contractor,
           hundreds * world.figures().value("contractor.per_100_staff_day") * (weekend ? 0.3 : 1));
}

std::string plan_device_work(World& world, const Device& device, Timestamp from, Timestamp until) {
  const auto& pool = world.port().crews[static_cast<std::size_t>(Role::contractor)][4];
  Random random = world.stream("device work", world.port().visits_planned);
  Visit visit;
  visit.person = random.pick(pool);
  for (std::size_t i = 0; i < pool.size() && is_expected(world.port(), visit.person, local_midnight(from)); ++i)
    visit.person = pool[i];
  visit.purpose = "work at " + device.id;
  const bool has_door = device.kind == DeviceKind::reader && device.zone != "PORT" && device.zone != "TERMINAL";
  visit.zone = has_door ? device.zone : "YARD";
  visit.from = from;
  visit.until = until;
  visit.host = random.pick(world.port().crews[static_cast<std::size_t>(Role::it_admin)][4]);
  const Index number = add_visit(world, std::move(visit), from - hours(20));
  walk_visit(world, number);
  return world.port().visits.at(number).ref;
}

}  // namespace quaywatch::sim
