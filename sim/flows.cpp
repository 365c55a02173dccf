#include "sim/flows.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/commodities.h"
#include "sim/community.h"

namespace quaywatch::sim {
namespace {

const std::vector<Index>& of(const World& world, CompanyKind kind) {
  return world.port().of_kind[static_cast<std::size_t>(kind)];
}

std::int32_t tare_of(std::string_view size_type) {
  return size_type.starts_with("2") ? 2'200 : size_type.ends_with("R1") ? 4'600 : 3'900;
}

// A box of a call with all that does not depend on its direction.
Index make_box(World& world, const Call& call, Trade trade, bool full, bool from_pool, Random& random) {
  const Index index = world.new_box();
  const Figures& figures = world.figures();
  Box& b = world.box(index);
  const Shares& types = figures.shares("box.size_type");
  b.size_type = types.names[types.draw(random)];
  b.number = next_box_number(world.port(), b.size_type, from_pool, random);
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
  b.commodity = draw_commodity(figures, b.size_type, random);
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

// The next cell of a ship that is stowed bay by bay: 20 ft boxes in odd bays, longer ones in even bays.
Cell stow(const Box& b, CallKind kind, std::size_t number) {
  const std::size_t rows = kind == CallKind::deep_sea ? 18 : 10, tiers = kind == CallKind::deep_sea ? 14 : 8;
  const std::size_t bay = number / (rows * tiers), tier = number / rows % tiers;
  Cell cell;
  cell.bay = static_cast<std::uint16_t>(4 * bay + (b.size_type.starts_with("2") ? 1 : 2));
  cell.row = static_cast<std::uint16_t>(number % rows);
  // Tiers count by two, in the hold from 02, on deck from 82.
  cell.tier = static_cast<std::uint16_t>(tier < tiers / 2 ? 2 + 2 * tier : 82 + 2 * (tier - tiers / 2));
  return cell;
}

void put_on_board(World& world, Index call_index, Index box) {
  Call& call = world.port().calls[call_index];
  Box& b = world.box(box);
  b.call_in = call_index;
  b.cell_in = stow(b, call.kind, call.discharge.size());
  call.discharge.push_back(box);
}

}  // namespace

void plan_import(World& world, Index call_index, Timestamp discharged, Random& random) {
  const bool full = !random.chance(world.figures().value("flow.empty_import"));
  const Index index = make_box(world, world.call(call_index), Trade::import, full, false, random);
  put_on_board(world, call_index, index);
  BoxPlan plan{index, {}};
  plan.add(discharged, Act::discharged).call = call_index;
  Timestamp may_leave = discharged + hours(2);
  if (full) may_leave = std::max(may_leave, plan_controls(world, plan, discharged, random));
  plan_collection(world, plan, discharged, may_leave, random);
  world.commit(std::move(plan));
}

namespace {

// A call that still has a place on its load list and leaves within nine days after.
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
  Box& b = world.box(plan.box);
  b.call_out = call_index;
  b.cell_out = stow(b, call.kind, call.load.size());
  Step& order = plan.add(loaded - minutes(25), Act::move_ordered);
  order.move = Move::to_quay;
  Step& move = plan.add(loaded - minutes(6), Act::moved);
  move.move = Move::to_quay;
  plan.add(loaded, Act::loaded).call = call_index;
  if (call.load_places > 0) --call.load_places;
  call.load.push_back(plan.box);
}

}  // namespace

bool plan_transhipment(World& world, Index call_index, Timestamp discharged, Random& random) {
  const Index onward = onward_call(world, call_index, discharged, random);
  if (onward == kNone) return false;
  const Index index = make_box(world, world.call(call_index), Trade::transhipment, true, false, random);
  put_on_board(world, call_index, index);
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

namespace {

// Trains come four times a day and barges twice, with all their boxes within forty minutes. way 1: behind `at`; -1:
// before it.
Timestamp train_time(const Box& b, Timestamp at, int way, Random& random) {
  const std::int64_t every = hours(b.mode == Mode::rail ? 6 : 12).us, slot = at.us / every * every;
  const Duration within = seconds(random.between(0, 40 * 60));
  return way > 0 ? Timestamp{slot + every} + within : Timestamp{slot} - within;
}

}  // namespace

void plan_export(World& world, Index call_index, Timestamp loaded, Random& random) {
  const Figures& figures = world.figures();
  const bool full = !random.chance(figures.value("flow.empty_export"));
  const Index index = make_box(world, world.call(call_index), Trade::export_trade, full, true, random);
  Box& b = world.box(index);
  b.haulier = random.pick(of(world, CompanyKind::haulier));
  b.holder = b.haulier;
  BoxPlan plan{index, {}};
  const Duration dwell = hours_of(figures.quantiles(full ? "export.dwell_h" : "empty.dwell_h").draw(random));
  Timestamp arrives = gate_time_before(world, loaded - std::clamp(dwell, hours(8), days(12)), random);
  // By rail and barge a lorry brings it to the inland terminal first.
  const bool inland = b.mode != Mode::truck;
  if (inland) arrives = train_time(b, arrives, -1, random);
  const Timestamp brought =
      inland ? gate_time_before(world, arrives - hours_of(9 + 40 * random.unit()), random) : arrives;
  const Timestamp fetched = gate_time_before(world, brought - hours_of(3 + 70 * random.unit()), random);
  const Timestamp booked = gate_time_before(world, fetched - hours_of(12 + 96 * random.unit()), random);
  // Shippers work when lorries do; who wants to book before the sailing is open books in its first days.
  const Timestamp open = std::min(world.now() + hours_of(72 * random.unit()), fetched - hours(1));
  Step& booking = plan.add(std::max(booked, open), Act::booking_made);
  booking.company = b.agent;
  booking.account = account_of(world, b.agent, random);
  const auto by_truck = [&](Timestamp at, Act act) {
    Step& step = plan.add(at, act);
    step.company = b.haulier;
    step.vehicle = truck_of(world, b.haulier, random);
  };
  by_truck(fetched, Act::depot_left);
  if (inland) by_truck(brought, Act::inland_entered);
  if (inland) plan.add(brought + Duration{(arrives - brought).us / 3}, Act::inland_left).company = b.haulier;
  if (full) {
    plan.add(brought - minutes_of(30 + 200 * random.unit()), Act::sealed).company = b.trader;
    plan.add(arrives - minutes_of(30 + 85 * random.unit()), Act::export_declared).company = b.forwarder;
    plan.add(arrives - minutes_of(20 + 60 * random.unit()), Act::verified_mass_declared).company = b.forwarder;
  }
  Step& told = plan.add(arrives - minutes_of(90 + 600 * random.unit()), Act::delivery_announced);
  told.company = b.haulier;
  told.account = account_of(world, b.haulier, random);
  const Timestamp announced = told.at;
  const Timestamp inside = plan_lorry(world, plan, arrives, true, random);
  Random community = world.stream("delivery", random.next());
  plan_delivery(world, plan, announced, arrives, inside, community);
  plan_rehandles(world, plan, inside, loaded - hours(2), random);
  plan_loading(world, plan, call_index, loaded);
  world.commit(std::move(plan));
}

Duration hours_of(double h) { return {static_cast<std::int64_t>(h * 3600) * 1'000'000}; }
Duration minutes_of(double m) { return {static_cast<std::int64_t>(m * 60) * 1'000'000}; }

Index account_of(const World& world, Index company, Random& random) {
  const auto& accounts = world.port().companies[company].accounts;
  return accounts.empty() ? kNone : random.pick(accounts);
}

namespace {

// The nearest instant behind `at` (way 1) or before it (way -1) when lorries come.
Timestamp lorry_time(const World& world, Timestamp at, int way, Random& random) {
  const Shares& hour = world.figures().shares("gate.hour");
  const Shares& weekdays = world.figures().shares("gate.weekday");
  double busiest = 0;
  for (const auto& name : weekdays.names) busiest = std::max(busiest, weekdays.share(name));
  static constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  for (int tries = 0; tries < 40; ++tries) {
    Timestamp day = at + days(way * (tries / 3));
    const int of_week = weekday(day);
    if (!random.chance(weekdays.share(kDays[of_week]) / busiest)) {
      if (of_week < 5) continue;
      // Who does not come on a weekend comes in the week beside it, not all on its Monday or Friday.
      day = day + days(way > 0 ? 7 - of_week + random.between(0, 3) : 4 - of_week - random.between(0, 2));
    }
    // Named h00 to h23, in the order of their names.
    const auto drawn = static_cast<int>(hour.draw(random));
    const Timestamp time = at_local(day, drawn) + seconds(random.between(0, 3599));
    if (way > 0 ? time >= at : time <= at) return time;
  }
  return at;
}

}  // namespace

Timestamp gate_time(const World& world, Timestamp earliest, Random& random) {
  return lorry_time(world, earliest, 1, random);
}
Timestamp gate_time_before(const World& world, Timestamp latest, Random& random) {
  return lorry_time(world, latest, -1, random);
}

Timestamp office_time(const World& world, Timestamp at, Random& random) {
  const int hour = local_time(at).hour;
  if (random.chance(world.figures().value("paper.outside_office_share"))) return at;
  if (weekday(at) < 5 && hour >= 7 && hour < 18) return at;
  // What comes up at night is done in the course of the next working day, of a weekend in the days after it.
  Timestamp day = hour < 7 ? at : at + days(1);
  if (weekday(day) >= 5) day = day + days(7 - weekday(day) + random.between(0, 2));
  return at_local(day, 7) + seconds(random.between(0, 11 * 3600));
}

Index truck_of(World& world, Index company, Random& random) {
  const auto& fleet = world.port().companies[company].vehicles;
  return fleet.empty() ? add_vehicle(world.port(), company, random) : random.pick(fleet);
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
  if (b.mode != Mode::truck && !brings) arrives = train_time(b, arrives, 1, random);
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
  moved(arrives + minutes(3), Act::move_ordered);
  moved(arrives + Duration{turn.us * 6 / 10}, Act::moved);
  passage(leaves, Act::gate_left, !brings);
  return leaves;
}

}  // namespace quaywatch::sim
