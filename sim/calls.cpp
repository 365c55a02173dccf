// Vessel calls: the weekly services, the times and the berth of each call, and the boxes it brings and takes.
#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

constexpr Duration kBetweenShips = hours(1), kTieUp = hours(1), kCastOff = minutes(90);

// The berth that is free soonest for a whole stay from `wanted` on, and from when; the stay is entered there. Calls are
// planned long before they come: a late ship fits between those that are planned already.
struct Berthing {
  std::uint32_t berth = 0;
  Timestamp from;
};
Berthing take_berth(Port& port, Timestamp wanted, Duration stay, Timestamp now) {
  Berthing best;
  for (std::uint32_t i = 0; i < port.berths.size(); ++i) {
    auto& stays = port.berths[i];
    std::erase_if(stays, [&](const BerthStay& s) { return s.until + kBetweenShips < now; });
    Timestamp from = std::max(wanted, now);
    for (const BerthStay& s : stays) {
      if (from + stay + kBetweenShips <= s.from) break;
      from = std::max(from, s.until + kBetweenShips);
    }
    if (i == 0 || from < best.from) best = {i, from};
  }
  auto& stays = port.berths[best.berth];
  const auto after = std::find_if(stays.begin(), stays.end(), [&](const BerthStay& s) { return s.from > best.from; });
  stays.insert(after, {best.from, best.from + stay});
  return best;
}

// Two weeks' calls of a service together are as large as planned: what one ship leaves the next one takes.
double moves_of(const World& world, Index service, std::int64_t week) {
  const auto pair = static_cast<std::uint64_t>(service) * 100'000 + static_cast<std::uint64_t>(week / 2);
  const double more = 0.6 * world.stream("moves of calls", pair).unit() - 0.3;
  return world.port().services[service].moves_mean * (week % 2 == 0 ? 1 + more : 1 - more);
}

Duration times(Duration one, std::uint32_t count) { return {one.us * static_cast<std::int64_t>(count)}; }

// How many boxes, by how many cranes. Ships with many boxes get more cranes than the dice give.
void set_work(const World& world, Call& call, double moves, Random& random) {
  const Figures& figures = world.figures();
  const Shares& direction = figures.shares("flow.direction");
  const double through = direction.share("transhipment") / 2;
  call.discharges = static_cast<std::uint32_t>(moves * (direction.share("import") + through) + 0.5);
  call.loads = static_cast<std::uint32_t>(moves * (direction.share("export") + through) + 0.5);
  call.load_places = call.loads;
  const auto most = std::max(1U, world.port().size->quay_cranes / world.port().size->berths) + 1;
  const auto drawn = static_cast<std::uint32_t>(figures.quantiles("quay.cranes_per_call").draw(random));
  call.cranes = std::clamp(std::max(drawn, static_cast<std::uint32_t>(moves / 500)), 1U, most);
  const double rate = figures.quantiles("quay.moves_per_crane_hour").draw(random) * call.cranes;
  call.per_move = {static_cast<std::int64_t>(3'600e6 / std::max(rate, 5.0))};
}

// Ties up, discharges, loads, casts off.
void set_times(World& world, Call& call, Timestamp eta, Timestamp back, Random& random) {
  const Figures& figures = world.figures();
  const Duration discharging = times(call.per_move, call.discharges), loading = times(call.per_move, call.loads);
  call.reached = std::max(eta + hours_of(figures.quantiles("vessel.delay_h").draw(random)), back);
  const Duration stay = kTieUp + discharging + minutes(30) + loading + kCastOff;
  const Berthing berthing = take_berth(world.port(), call.reached, stay, world.now());
  call.berth = berthing.berth + 1;
  call.eta = call.estimate = eta;
  call.arrived = berthing.from;
  call.told = std::min(eta, call.arrived) - hours_of(figures.quantiles("vessel.notice_h").draw(random));
  call.foreseen = call.arrived + minutes(random.between(-120, 120));
  call.discharge_end = call.arrived + kTieUp + discharging;
  call.load_end = call.discharge_end + minutes(30) + loading;
  call.departed = call.load_end + kCastOff;
}

void schedule_call(World& world, Index index, Timestamp planned) {
  const Call& call = world.call(index);
  const auto at = [&](Timestamp t, Act act, Index company) {
    Step s;
    s.at = t;
    s.act = act;
    s.call = index;
    s.company = company;
    world.schedule(s);
  };
  const Index terminal = world.port().terminal;
  at(planned, Act::call_scheduled, call.agent);
  at(call.told, Act::call_scheduled, call.agent);
  at(call.arrived - kManifestAhead, Act::manifest_known, call.line);
  at(call.arrived - kListedAhead, Act::call_listed, terminal);
  at(call.arrived - hours(26), Act::prearrival_declared, call.agent);
  at(call.arrived, Act::vessel_arrived, terminal);
  at(call.discharge_end, Act::discharge_ended, terminal);
  at(call.load_end, Act::load_ended, terminal);
  at(call.departed, Act::vessel_departed, terminal);
}

}  // namespace

void begin_schedule(World& world) {
  const Timestamp start = world.now();
  const auto services = static_cast<Index>(world.port().services.size());
  // The week of the services begins on a Monday.
  const Timestamp monday = local_midnight(start) - days(weekday(start));
  for (Index i = 0; i < services; ++i) {
    Step step;
    step.act = Act::call_planned;
    step.other = i;
    // Its eta lies kPlannedAhead behind `at`, whatever the clock says when it is done.
    step.at = monday + minutes(world.port().services[i].minute_of_week) - kPlannedAhead;
    for (; step.at < start; step.at = step.at + days(7))
      if (step.at + kPlannedAhead >= start + days(1)) plan_call(world, step);
    world.schedule(step);
  }
}

void plan_call(World& world, const Step& step) {
  const Index index = world.new_call();
  Service& service = world.port().services[step.other];
  Random random = world.stream("call", world.next_number());
  const Timestamp eta = step.at + kPlannedAhead;
  const std::int64_t week = eta.us / days(7).us;
  const auto turn = static_cast<std::size_t>(week) % service.vessels.size();  // a string sails in turn
  Call& call = world.port().calls[index];
  call.number = world.next_ref("VC");
  call.vessel = service.vessels[turn];
  call.imo = service.imo[turn];
  const std::int64_t voyage = 100 + (37 * static_cast<std::int64_t>(step.other) + week) % 900;
  call.voyage_in = fmt::format("{:03}E", voyage);
  call.voyage_out = fmt::format("{:03}W", voyage);
  call.line = service.line;
  call.agent = service.agent;
  call.service = step.other;
  call.kind = service.kind;
  set_work(world, call, moves_of(world, step.other, week), random);
  set_times(world, call, eta, service.back[turn], random);
  service.back[turn] = call.departed + days(2);
  schedule_call(world, index, step.at);
  // The last places of the load list are for boxes that come by sea.
  const Shares& direction = world.figures().shares("flow.direction");
  const double through = direction.share("transhipment") / 2;
  const auto exports =
      static_cast<std::uint32_t>(call.loads * direction.share("export") / (direction.share("export") + through));
  const Timestamp first_load = call.discharge_end + minutes(30);
  const Duration per_move = call.per_move;
  call.next_load = first_load + times(per_move, exports);
  for (std::uint32_t i = 0; i < exports; ++i) plan_export(world, index, first_load + times(per_move, i), random);
  if (step.at < world.now()) return;
  Step next = step;
  next.at = step.at + days(7);
  world.schedule(next);
}

void plan_discharges(World& world, const Step& step) {
  const Call call = world.call(step.call);
  Random random = world.stream("list", step.call);
  const Shares& direction = world.figures().shares("flow.direction");
  const double through = direction.share("transhipment") / 2;
  const double transhipped = through / (through + direction.share("import"));
  for (std::uint32_t i = 0; i < call.discharges; ++i) {
    const Timestamp discharged = call.arrived + kTieUp + times(call.per_move, i);
    if (!random.chance(transhipped) || !plan_transhipment(world, step.call, discharged, random))
      plan_import(world, step.call, discharged, random);
  }
}

}  // namespace quaywatch::sim
