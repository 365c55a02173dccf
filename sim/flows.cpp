#include "sim/flows.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"

namespace quaywatch::sim {
namespace {

const std::vector<Index>& of(const World& world, CompanyKind kind) {
  return world.port().of_kind[static_cast<std::size_t>(kind)];
}

std::int32_t tare_of(std::string_view size_type) {
  return size_type.starts_with("2") ? 2'200 : size_type.ends_with("R1") ? 4'600 : 3'900;
}

std::string number_for(World& world, const std::string& size_type, Random& random) {
  auto& idle = world.port().idle_numbers[size_type];
  // New boxes come into the pool all the time, and old ones leave it.
  if (idle.empty() || random.chance(0.3)) return new_box_number(random);
  std::string out = std::move(idle.front());
  idle.pop_front();
  return out;
}

// A box of a call with all that does not depend on its direction.
Index make_box(World& world, const Call& call, Trade trade, bool full, bool from_pool, Random& random) {
  const Index index = world.new_box();
  const Figures& figures = world.figures();
  Box& b = world.box(index);
  const Shares& types = figures.shares("box.size_type");
  b.size_type = types.names[types.draw(random)];
  b.number = from_pool ? number_for(world, b.size_type, random) : new_box_number(random);
  b.trade = trade;
  b.full = full;
  b.line = call.line;
  b.agent = call.agent;
  b.trader = random.pick(of(world, CompanyKind::trader));
  b.forwarder = random.pick(of(world, CompanyKind::forwarder));
  const Shares& modes = figures.shares("inland.mode");
  const std::string& mode = modes.names[modes.draw(random)];
  b.mode = mode == "rail" ? Mode::rail : mode == "barge" ? Mode::barge : Mode::truck;
  b.origin = static_cast<std::uint16_t>(figures.shares("box.origin").draw(random));
  b.destination = static_cast<std::uint16_t>(figures.shares("box.destination").draw(random));
  b.commodity = static_cast<std::uint16_t>(figures.shares("box.commodity").draw(random));
  b.tare_kg = tare_of(b.size_type) + static_cast<std::int32_t>(random.between(-100, 100));
  if (full) {
    const auto& cargo =
        figures.quantiles(b.size_type.starts_with("2") ? "box.cargo_weight_20ft_kg" : "box.cargo_weight_40ft_kg");
    b.cargo_kg = static_cast<std::int32_t>(cargo.draw(random));
    const auto& error =
        figures.quantiles(trade == Trade::export_trade ? "weight.export_error_kg" : "weight.import_error_kg");
    b.declared_kg = std::max(b.tare_kg + 200, b.tare_kg + b.cargo_kg + static_cast<std::int32_t>(error.draw(random)));
    b.seal = new_seal(random, b.line);
    if (random.chance(figures.value("seal.second_seal_share"))) b.second_seal = new_seal(random, b.line + 5);
    b.bill = world.next_ref("QXB");
  } else {
    b.declared_kg = b.tare_kg;
  }
  b.booking = world.next_ref("BKG");
  return index;
}

void plan_import(World& world, Index call_index, Timestamp discharged, Random& random) {
  const bool full = !random.chance(world.figures().value("flow.empty_import"));
  const Index index = make_box(world, world.call(call_index), Trade::import, full, false, random);
  Box& b = world.box(index);
  b.call_in = call_index;
  world.port().calls[call_index].discharge.push_back(index);
  BoxPlan plan{index, {}};
  plan.add(discharged, Act::discharged).call = call_index;
  Timestamp may_leave = discharged + hours(2);
  if (full) may_leave = std::max(may_leave, plan_controls(world, plan, discharged, random));
  plan_collection(world, plan, discharged, may_leave, random);
  world.commit(std::move(plan));
}

// The next call that still has a place on its load list and leaves within nine days after.
Index onward_call(World& world, Index from, Timestamp discharged, Random& random) {
  const auto& calls = world.port().calls;
  std::vector<Index> fit;
  for (std::size_t back = calls.size(); back > 0 && calls.size() - back < 400; --back) {
    const auto i = static_cast<Index>(back - 1);
    if (i != from && calls[i].load_places > 0 && calls[i].next_load > discharged + days(1) &&
        calls[i].next_load < discharged + days(9))
      fit.push_back(i);
  }
  return fit.empty() ? kNone : random.pick(fit);
}

void plan_loading(World& world, BoxPlan& plan, Index call_index, Timestamp loaded) {
  Call& call = world.port().calls[call_index];
  world.box(plan.box).call_out = call_index;
  Step& order = plan.add(loaded - minutes(25), Act::move_ordered);
  order.move = Move::to_quay;
  Step& move = plan.add(loaded - minutes(6), Act::moved);
  move.move = Move::to_quay;
  plan.add(loaded, Act::loaded).call = call_index;
  if (call.load_places > 0) --call.load_places;
}

// False: nothing leaves in time; the box stays an import.
bool plan_transhipment(World& world, Index call_index, Timestamp discharged, Random& random) {
  const Index onward = onward_call(world, call_index, discharged, random);
  if (onward == kNone) return false;
  const Index index = make_box(world, world.call(call_index), Trade::transhipment, true, false, random);
  world.box(index).call_in = call_index;
  world.port().calls[call_index].discharge.push_back(index);
  BoxPlan plan{index, {}};
  plan.add(discharged, Act::discharged).call = call_index;
  Call& next = world.port().calls[onward];
  const Timestamp loaded = next.next_load;
  next.next_load = next.next_load + next.per_move;
  plan_rehandles(world, plan, discharged + hours(1), loaded - hours(2), random);
  plan_loading(world, plan, onward, loaded);
  world.commit(std::move(plan));
  return true;
}

void plan_export(World& world, Index call_index, Timestamp loaded, Random& random) {
  const Figures& figures = world.figures();
  const bool full = !random.chance(figures.value("flow.empty_export"));
  const Index index = make_box(world, world.call(call_index), Trade::export_trade, full, true, random);
  Box& b = world.box(index);
  b.haulier = random.pick(of(world, CompanyKind::haulier));
  b.holder = b.haulier;
  BoxPlan plan{index, {}};
  const Duration dwell = hours_of(figures.quantiles(full ? "export.dwell_h" : "empty.dwell_h").draw(random));
  const Timestamp latest = loaded - hours(8);
  Timestamp arrives = gate_time(world, loaded - std::clamp(dwell, hours(12), days(14)), random);
  if (arrives > latest) arrives = latest;
  const Timestamp fetched = gate_time(world, arrives - hours_of(20 + 60 * random.unit()), random);
  Step& booking = plan.add(std::min(fetched, arrives) - hours_of(12 + 96 * random.unit()), Act::booking_made);
  booking.company = b.agent;
  booking.account = account_of(world, b.agent, random);
  plan.add(std::min(fetched, arrives - hours(5)), Act::depot_left).company = b.haulier;
  if (full) {
    plan.add(arrives - minutes_of(120 + 600 * random.unit()), Act::sealed).company = b.trader;
    plan.add(arrives - minutes_of(100), Act::export_declared).company = b.forwarder;
    plan.add(arrives - minutes_of(20 + 60 * random.unit()), Act::verified_mass_declared).company = b.forwarder;
  }
  Step& told = plan.add(arrives - minutes_of(90 + 600 * random.unit()), Act::delivery_announced);
  told.company = b.haulier;
  told.account = account_of(world, b.haulier, random);
  const Timestamp inside = plan_lorry(world, plan, arrives, true, random);
  plan_rehandles(world, plan, inside, loaded - hours(2), random);
  plan_loading(world, plan, call_index, loaded);
  world.commit(std::move(plan));
}

Call& times_of(World& world, Index index, Timestamp eta, double moves, Random& random) {
  const Figures& figures = world.figures();
  Call& call = world.port().calls[index];
  const Shares& direction = figures.shares("flow.direction");
  const double through = direction.share("transhipment") / 2;
  const auto loads = static_cast<std::uint32_t>(moves * (direction.share("export") + through));
  call.discharges = static_cast<std::uint32_t>(moves * (direction.share("import") + through));
  const auto most = std::max(1U, world.port().size->quay_cranes / world.port().size->berths);
  const auto cranes = static_cast<std::uint32_t>(figures.quantiles("quay.cranes_per_call").draw(random));
  call.cranes = std::clamp(cranes, 1U, most + 1);
  const double rate = figures.quantiles("quay.moves_per_crane_hour").draw(random) * call.cranes;
  call.per_move = {static_cast<std::int64_t>(3'600e6 / std::max(rate, 5.0))};
  auto& berths = world.port().berth_free;
  const auto berth = std::min_element(berths.begin(), berths.end());
  call.berth = static_cast<std::uint32_t>(berth - berths.begin()) + 1;
  call.eta = eta;
  call.arrived = std::max(eta + hours_of(figures.quantiles("vessel.delay_h").draw(random)), *berth + hours(1));
  const auto after = [&](Timestamp t, std::uint32_t count) {
    return Timestamp{t.us + call.per_move.us * static_cast<std::int64_t>(count)};
  };
  call.discharge_end = after(call.arrived + hours(1), call.discharges);
  const auto reserved = static_cast<std::uint32_t>(moves * through);
  call.load_places = loads;
  call.load_end = after(call.discharge_end + minutes(30), loads);
  call.next_load = after(call.discharge_end + minutes(30), loads - std::min(loads, reserved));
  call.departed = call.load_end + minutes(90);
  *berth = call.departed;
  return call;
}

}  // namespace

Duration hours_of(double h) { return {static_cast<std::int64_t>(h * 3600) * 1'000'000}; }
Duration minutes_of(double m) { return {static_cast<std::int64_t>(m * 60) * 1'000'000}; }

Index account_of(const World& world, Index company, Random& random) {
  const auto& accounts = world.port().companies[company].accounts;
  return accounts.empty() ? kNone : random.pick(accounts);
}

void begin_schedule(World& world) {
  const Timestamp start = world.now();
  const auto& services = world.port().services;
  // The week of the services begins on a Monday.
  const Timestamp monday = local_midnight(start) - days(weekday(start));
  for (Index i = 0; i < services.size(); ++i) {
    for (int week = 0; week < 4; ++week) {
      Step step;
      step.act = Act::call_planned;
      step.other = i;
      // Its eta lies kPlannedAhead behind `at`, whatever the clock says when it is done.
      step.at = monday + days(7 * week) + minutes(services[i].minute_of_week) - kPlannedAhead;
      if (step.at + kPlannedAhead < start + days(1)) continue;
      if (step.at >= start) {
        world.schedule(step);
        break;  // each plans its successor
      }
      plan_call(world, step);
    }
  }
}

void plan_call(World& world, const Step& step) {
  const Index index = world.new_call();
  const Service& service = world.port().services[step.other];
  Random random = world.stream("call", world.next_number());
  const auto turn = static_cast<std::size_t>(random.below(service.vessels.size()));
  const double moves = service.moves_mean * (0.7 + 0.6 * random.unit());
  Call& call = times_of(world, index, step.at + kPlannedAhead, moves, random);
  call.number = world.next_ref("VC");
  call.vessel = service.vessels[turn];
  call.imo = service.imo[turn];
  call.voyage_in = fmt::format("{:03}E", random.below(900) + 100);
  call.voyage_out = fmt::format("{:03}W", random.below(900) + 100);
  call.line = service.line;
  call.agent = service.agent;
  call.service = step.other;
  call.kind = service.kind;
  const auto at = [&](Timestamp t, Act act) {
    Step s;
    s.at = t;
    s.act = act;
    s.call = index;
    s.company = act == Act::call_scheduled || act == Act::prearrival_declared ? call.agent : world.port().terminal;
    world.schedule(s);
  };
  at(step.at, Act::call_scheduled);
  at(call.arrived - kListedAhead, Act::call_listed);
  at(call.arrived - hours(26), Act::prearrival_declared);
  at(call.arrived, Act::vessel_arrived);
  at(call.discharge_end, Act::discharge_ended);
  at(call.load_end, Act::load_ended);
  at(call.departed, Act::vessel_departed);
  const Timestamp first_load = call.discharge_end + minutes(30);
  const auto exports =
      static_cast<std::uint32_t>((call.next_load - first_load).us / std::max<std::int64_t>(call.per_move.us, 1));
  const Duration per_move = call.per_move;
  for (std::uint32_t i = 0; i < exports; ++i)  // `call` may move: boxes do not add calls, but keep to the index
    plan_export(world, index, Timestamp{first_load.us + per_move.us * i}, random);
  if (step.at < world.now()) return;
  Step next = step;
  next.at = step.at + days(7);
  world.schedule(next);
}

void list_call(World& world, const Step& step) {
  const Call call = world.call(step.call);
  Random random = world.stream("list", step.call);
  const Shares& direction = world.figures().shares("flow.direction");
  const double through = direction.share("transhipment") / 2;
  const double transhipped = through / (through + direction.share("import"));
  for (std::uint32_t i = 0; i < call.discharges; ++i) {
    const Timestamp discharged{call.arrived.us + hours(1).us + call.per_move.us * i};
    if (!random.chance(transhipped) || !plan_transhipment(world, step.call, discharged, random))
      plan_import(world, step.call, discharged, random);
  }
}

Timestamp gate_time(const World& world, Timestamp earliest, Random& random) {
  const Shares& hour = world.figures().shares("gate.hour");
  const Shares& weekdays = world.figures().shares("gate.weekday");
  double busiest = 0;
  for (const auto& name : weekdays.names) busiest = std::max(busiest, weekdays.share(name));
  static constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  for (int tries = 0; tries < 40; ++tries) {
    const Timestamp day = earliest + days(tries / 3);
    if (!random.chance(weekdays.share(kDays[weekday(day)]) / busiest)) continue;
    // Named h00 to h23, in the order of their names.
    const auto drawn = static_cast<int>(hour.draw(random));
    const Timestamp at = at_local(day, drawn) + seconds(random.between(0, 3599));
    if (at >= earliest) return at;
  }
  return earliest;
}

void plan_rehandles(World& world, BoxPlan& plan, Timestamp from, Timestamp until, Random& random) {
  if (until <= from + hours(1)) return;
  const std::uint32_t count = random.poisson(world.figures().value("yard.rehandles_per_box"));
  for (std::uint32_t i = 0; i < count; ++i) {
    const Timestamp at = from + Duration{random.between(0, (until - from).us)};
    plan.add(at - minutes_of(4 + 20 * random.unit()), Act::move_ordered).move = Move::rehandle;
    plan.add(at, Act::moved).move = Move::rehandle;
  }
}

Timestamp plan_lorry(World& world, BoxPlan& plan, Timestamp arrives, bool brings, Random& random) {
  Box& b = world.box(plan.box);
  const Duration turn = minutes_of(world.figures().quantiles("gate.turn_min").draw(random));
  const Timestamp leaves = arrives + turn;
  if (b.vehicle != kNone) world.port().vehicles[b.vehicle].trips.emplace_back(arrives, leaves);
  if (b.mode == Mode::truck && b.vehicle == kNone) b.vehicle = free_lorry(world, b.haulier, arrives, leaves, random);
  const auto passage = [&](Timestamp at, Act act, bool carries) {
    Step& step = plan.add(at, act);
    step.company = b.haulier;
    step.vehicle = b.vehicle;
    step.carries = carries;
  };
  const Move out = b.mode == Mode::truck ? Move::to_lane : b.mode == Mode::rail ? Move::to_rail : Move::to_barge;
  const auto moved = [&](Timestamp at, Act act) { plan.add(at, act).move = brings ? Move::to_yard : out; };
  passage(arrives, Act::gate_entered, brings);
  if (brings && b.full) plan.add(arrives + minutes(2), Act::weighed).vehicle = b.vehicle;
  moved(arrives + minutes(3), Act::move_ordered);
  moved(arrives + Duration{turn.us * 6 / 10}, Act::moved);
  passage(leaves, Act::gate_left, !brings);
  return leaves;
}

}  // namespace quaywatch::sim
