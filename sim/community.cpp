#include "sim/community.h"

#include <algorithm>

#include "sim/calendar.h"
#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

void book(World& world, BoxPlan& plan, Timestamp at, Act act, Timestamp due, Random& random) {
  Detail detail;
  detail.due = due;
  Step& step = act_of(world, plan, at, act, world.box(plan.box).haulier, random);
  step.detail = world.add_detail(std::move(detail));
}

// A tractor of the hire company that is out on no other trip that day.
Index hire_tractor(World& world, Timestamp day) {
  Port& port = world.port();
  const std::int64_t number = local_midnight(day).us;
  port.hired.erase(port.hired.begin(), port.hired.lower_bound({local_midnight(world.now()).us, 0}));
  for (const Index tractor : port.companies[port.rental].vehicles)
    if (port.hired.emplace(number, tractor).second) return tractor;
  Random random = world.stream("hired tractor", world.port().vehicles.size());
  const Index tractor = add_vehicle(port, port.rental, random);
  port.hired.emplace(number, tractor);
  return tractor;
}

// A haulier passes the job on after it announced; as a rule with the right to it.
void plan_swap(World& world, BoxPlan& plan, Timestamp at, Timestamp fetched, Random& random) {
  Box& b = world.box(plan.box);
  const Index first = b.haulier;
  const Index second = random.pick(world.port().of_kind[static_cast<std::size_t>(CompanyKind::haulier)]);
  const auto& fleet = world.port().companies[first].vehicles;
  if (second == first || fleet.empty()) return;
  const Index meant = random.pick(fleet);  // the tractor that would have come
  for (Step& step : plan.steps)
    if (step.company == first && (step.act == Act::pickup_announced || step.act == Act::appointment_made ||
                                  step.act == Act::appointment_changed))
      step.vehicle = meant;
  act_of(world, plan, at, Act::pickup_withdrawn, first, random);
  if (!random.chance(world.figures().value("haulier.swap_untold_share")))
    act_of(world, plan, at + minutes(2), Act::release_transferred, first, random).other = second;
  b.haulier = second;
  act_of(world, plan, at + minutes(9), Act::pickup_announced, second, random);
  book(world, plan, at + minutes(11), Act::appointment_changed, fetched, random);
}

}  // namespace

Step& act_of(const World& world, BoxPlan& plan, Timestamp at, Act act, Index company, Random& random) {
  Step& step = plan.add(at, act);
  step.company = company;
  step.account = account_of(world, company, random);
  return step;
}

bool office_hours(Timestamp at) {
  const int hour = local_time(at).hour;
  return weekday(at) < 5 && hour >= 7 && hour < 19;
}

Index usual_haulier(const World& world, Index trader, Random& random) {
  const auto& hauliers = world.port().of_kind[static_cast<std::size_t>(CompanyKind::haulier)];
  if (!random.chance(world.figures().value("haulier.usual_share"))) return random.pick(hauliers);
  // Of those of the beginning: one that registers later must not change who the others work with.
  return hauliers[world.stream("usual haulier", trader * 2 + random.below(2)).below(world.port().size->hauliers)];
}

bool sends_messages(const World& world, Index company) {
  return world.port().companies[company].kind == CompanyKind::haulier &&
         world.stream("sends messages", company).chance(world.figures().value("haulier.edi_share"));
}

Pairing pair_delivery(World& world, BoxPlan& plan, Timestamp fetched, Random& random) {
  Box& b = world.box(plan.box);
  // Of visits s are dual: of n collections as many deliveries exist, so that n p = s (2 n - n p).
  const double dual = world.figures().value("gate.dual_share");
  if (b.mode != Mode::truck || !random.chance(2 * dual / (1 + dual))) return {};
  auto& deliveries = world.port().deliveries;
  deliveries.erase(deliveries.begin(), deliveries.upper_bound(world.now()));
  const auto found = deliveries.lower_bound(fetched);
  if (found == deliveries.end() || found->first > fetched + hours(24)) return {};
  Box& other = world.box(found->second.box);
  const Pairing out{true, found->first, found->second.leaves};
  other.lorry_goes_laden = true;
  b.haulier = other.haulier;
  b.vehicle = other.vehicle;
  deliveries.erase(found);
  return out;
}

Timestamp plan_announcement(World& world, BoxPlan& plan, Timestamp announced, Timestamp fetched, Random& random) {
  Box& b = world.box(plan.box);
  const Figures& figures = world.figures();
  if (random.chance(figures.value("release.pin_slip_share")))
    act_of(world, plan, announced - minutes(2), Act::pickup_refused, b.haulier, random).ok = false;
  act_of(world, plan, announced, Act::pickup_announced, b.haulier, random);
  if (b.mode != Mode::truck) return fetched;  // trains and barges come by their own plan
  const bool paired = b.vehicle != kNone;
  const bool swapped = !paired && random.chance(figures.value("haulier.swap_share"));
  const bool absent = !paired && random.chance(figures.value("gate.no_show_share"));
  const bool changed = random.chance(figures.value("gate.appointment_change_share"));
  const Timestamp first = changed && !absent ? std::max(announced + hours(1), fetched + hours(random.between(-5, 7)))
                                             : fetched;
  book(world, plan, announced - minutes(1), Act::appointment_made, first, random);  // the announcement states it
  if (absent) {
    const Timestamp told = fetched + hours_of(1 + 4 * random.unit());
    fetched = gate_time(world, told + hours(1), random);
    book(world, plan, told, Act::appointment_changed, fetched, random);
  } else if (changed) {
    const Duration room{std::max<std::int64_t>((std::min(first, fetched) - announced).us - hours(1).us, 1)};
    const Timestamp told = announced + minutes(5) + Duration{random.between(0, room.us)};
    book(world, plan, told, Act::appointment_changed, fetched, random);
  }
  if (swapped)
    plan_swap(world, plan, std::max(announced + minutes(15), fetched - minutes(random.between(40, 300))), fetched,
              random);
  if (!paired && random.chance(figures.value("haulier.rental_truck_share"))) b.vehicle = hire_tractor(world, fetched);
  return fetched;
}

void plan_delivery(World& world, BoxPlan& plan, Timestamp told, Timestamp arrives, Timestamp leaves, Random& random) {
  Box& b = world.box(plan.box);
  if (b.mode != Mode::truck) return;
  const bool absent = random.chance(world.figures().value("gate.no_show_share"));
  const bool changed = random.chance(world.figures().value("gate.appointment_change_share"));
  const Timestamp first = absent    ? std::max(told + minutes(30), arrives - hours(random.between(3, 9)))
                          : changed ? std::max(told + minutes(30), arrives + hours(random.between(-4, 6)))
                                    : arrives;
  book(world, plan, told - minutes(1), Act::appointment_made, first, random);
  if (absent)  // booked anew when it did not come
    book(world, plan, std::min(first + hours(1), arrives - minutes(5)), Act::appointment_changed, arrives, random);
  else if (changed)
    book(world, plan, told + Duration{(std::min(first, arrives) - told).us / 2}, Act::appointment_changed, arrives,
         random);
  world.port().deliveries.emplace(arrives, Port::Delivery{plan.box, leaves});
}

}  // namespace quaywatch::sim
