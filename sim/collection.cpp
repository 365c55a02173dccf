// A full import box leaves by who holds its release: the agent issues it to a forwarder, it is passed on to who fetches
// the box, announced with its code, and a lorry comes. Empties go to the depot without a release.
#include <algorithm>

#include "sim/calendar.h"
#include "sim/community.h"
#include "sim/effects.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

// Between two instants, kept in order: the nearer half is likelier, as work comes in bursts, and it is office work.
Timestamp within(Timestamp from, Timestamp until, Random& random) {
  if (until <= from) return from;
  Timestamp at = from;
  for (int tries = 0; tries < 6; ++tries) {
    const double x = random.unit();
    at = from + Duration{static_cast<std::int64_t>(x * x * static_cast<double>((until - from).us))};
    if (office_hours(at)) break;
  }
  return at;
}

void plan_views(World& world, BoxPlan& plan, Timestamp from, Timestamp until, Random& random) {
  const auto count = static_cast<int>(world.figures().quantiles("release.views_per_box").draw(random) + 0.5);
  const Box& b = world.box(plan.box);
  for (int i = 0; i < count; ++i) {
    const Index company = random.chance(0.5) ? b.agent : b.forwarder;
    const Timestamp at = within(from, until, random);
    const bool ticket = !random.chance(world.figures().value("release.view_without_ticket_share"));
    Step& view = act_of(world, plan, at, random.chance(0.7) ? Act::release_viewed : Act::box_located, company, random);
    view.has_task = ticket;
    const Step seen = view;  // `add` may move it
    if (!ticket) continue;
    Step& opened = plan.add(at - seconds(random.between(30, 1500)), Act::ticket_opened);
    opened.company = company;
    opened.account = seen.account;
  }
}

// Who holds the right after the forwarder; the last one fetches, the box's haulier where it has one already.
std::vector<Index> chain_of(World& world, const Box& b, Random& random) {
  const Shares& transfers = world.figures().shares("release.transfers");
  const std::string& drawn = transfers.names[transfers.draw(random)];
  std::vector<Index> chain = {b.forwarder};
  for (int left = drawn.back() - '0'; left > 0; --left) {
    const Index next = usual_haulier(world, b.trader, random);
    if (next != chain.back()) chain.push_back(next);
  }
  if (b.haulier != kNone && b.haulier != chain.back()) chain.push_back(b.haulier);
  return chain;
}

void issue_release(World& world, BoxPlan& plan, Timestamp issued, Random& random) {
  Box& b = world.box(plan.box);
  b.release = world.next_ref("REL");
  b.pin = world.next_ref("");
  act_of(world, plan, issued, Act::release_issued, b.agent, random).other = b.forwarder;
  if (random.chance(world.figures().value("release.replaced_share")))
    act_of(world, plan, issued + hours_of(0.5 + 8 * random.unit()), Act::release_replaced, b.agent, random).other =
        b.forwarder;
}

// The cargo is sold on or left: the line takes the release back and sends the box away by rail itself. Returns when.
Timestamp plan_cancelled(World& world, BoxPlan& plan, Timestamp issued, Timestamp fetched, Random& random) {
  Box& b = world.box(plan.box);
  issue_release(world, plan, issued, random);
  const Timestamp cancelled = std::max(issued + hours(10), fetched - hours_of(10 + 60 * random.unit()));
  plan_views(world, plan, issued + minutes(10), cancelled - minutes(10), random);
  act_of(world, plan, cancelled, Act::release_cancelled, b.agent, random);
  b.mode = Mode::rail;
  b.haulier = b.agent;
  return std::max(fetched, cancelled + hours(8)) + hours_of(100 * random.unit());
}

// Returns when the lorry comes.
Timestamp plan_release(World& world, BoxPlan& plan, Timestamp issued, Timestamp fetched, Random& random) {
  Box& b = world.box(plan.box);
  issue_release(world, plan, issued, random);
  const std::vector<Index> chain = chain_of(world, b, random);
  Timestamp announced = fetched;
  for (int tries = 0; tries < 6 && (tries == 0 || !office_hours(announced)); ++tries)
    announced = std::max(fetched - hours_of(1.5 + 22 * random.unit()), issued + hours(12));
  Timestamp at = issued + hours(9);
  for (std::size_t i = 1; i < chain.size(); ++i) {
    at = within(at, announced - minutes(20), random);
    act_of(world, plan, at, Act::release_transferred, chain[i - 1], random).other = chain[i];
    at = at + minutes(5);
  }
  b.haulier = chain.back();
  Random community = world.stream("announcement", random.next());
  fetched = plan_announcement(world, plan, announced, fetched, community);
  plan_views(world, plan, issued + minutes(10), announced, random);
  return fetched;
}

// From the terminal's gate to the customer, over the inland terminal or not, and empty to the depot.
void plan_return(World& world, BoxPlan& plan, Timestamp left, Random& random) {
  const Box& b = world.box(plan.box);
  const auto by_truck = [&](Timestamp at, Act act) {
    Step& step = plan.add(at, act);
    step.company = b.haulier;
    step.vehicle = truck_of(world, b.haulier, random);
  };
  Timestamp with_customer = left;
  if (b.mode != Mode::truck) {
    const Timestamp inland = left + hours_of(10 + 20 * random.unit());
    plan.add(inland, Act::inland_entered).company = b.haulier;
    with_customer = gate_time(world, inland + hours_of(3 + 50 * random.unit()), random);
    by_truck(with_customer, Act::inland_left);
  }
  by_truck(b.full ? gate_time(world, with_customer + hours_of(20 + 120 * random.unit()), random) : left + hours(1),
           Act::depot_entered);
}

}  // namespace

void plan_collection(World& world, BoxPlan& plan, Timestamp discharged, Timestamp may_leave, Random& random) {
  Box& b = world.box(plan.box);
  const Figures& figures = world.figures();
  if (!b.full) b.mode = Mode::truck;  // the depot is near
  const Duration dwell = hours_of(figures.quantiles(b.full ? "import.dwell_h" : "empty.dwell_h").draw(random));
  Timestamp fetched = std::max(discharged + dwell, may_leave + hours(1));
  Pairing pairing;
  if (b.full) {
    const Timestamp issued =
        office_time(world, discharged + hours_of(figures.quantiles("release.lead_h").draw(random)), random);
    // The chain needs half a day from the paper to the gate.
    fetched = gate_time(world, std::max(fetched, issued + hours(14)), random);
    Random community = world.stream("pairing", random.next());
    if (random.chance(figures.value("release.cancelled_share"))) {
      fetched = plan_cancelled(world, plan, issued, fetched, random);
    } else {
      pairing = pair_delivery(world, plan, fetched, community);
      fetched = plan_release(world, plan, issued, pairing.paired ? pairing.arrives : fetched, random);
    }
  } else {
    b.haulier = random.pick(world.port().of_kind[static_cast<std::size_t>(CompanyKind::haulier)]);
    fetched = gate_time(world, fetched, random);
  }
  if (b.mode == Mode::truck && b.vehicle == kNone) b.vehicle = truck_of(world, b.haulier, random);
  plan_rehandles(world, plan, discharged + hours(1), fetched - minutes(30), random);
  const Timestamp left = plan_lorry(world, plan, pairing.paired ? pairing.free : fetched, false, random);
  if (pairing.paired)  // the lorry is inside already
    std::erase_if(plan.steps, [](const Step& step) { return step.act == Act::gate_entered; });
  plan_return(world, plan, left, random);
}

bool paper_effect(World& world, Happening& h, Random&) {
  if (h.act == Act::release_issued || h.act == Act::release_replaced || h.act == Act::release_transferred)
    world.box(h.box).holder = h.other;
  if (h.act == Act::release_cancelled) {
    world.box(h.box).holder = kNone;
    world.box(h.box).release_valid = false;
  }
  return true;
}

}  // namespace quaywatch::sim
