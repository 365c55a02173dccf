// Who works, and passes doors; what a card is worth afterwards.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/calendar.h"
#include "sim/effects.h"
#include "sim/flows.h"
#include "sim/roster.h"

namespace quaywatch::sim {
namespace {

// Where a role works, where its errands lead, and how often in a shift.
struct Post {
  std::string_view zone, errand;
  double errand_share;
  std::int64_t errand_min;
};
constexpr Post kPosts[static_cast<std::size_t>(Role::count_)] = {
    {"YARD", "", 0, 0},         // straddle_driver
    {"QUAY", "", 0, 0},         // crane_driver
    {"QUAY", "", 0, 0},         // lasher
    {"GATEHOUSE", "", 0, 0},    // gate_clerk
    {"OFFICE", "", 0, 0},       // planner
    {"GATEHOUSE", "YARD", 0.9, 35},  // guard: the round
    {"YARD", "REEFER", 0.4, 60},     // mechanic
    {"REEFER", "", 0, 0},            // reefer_man
    {"OFFICE", "", 0, 0},            // office
    {"OFFICE", "SERVER", 0.5, 50},   // it_admin
    {"OFFICE", "", 0, 0},            // visitor
    {"YARD", "", 0, 0}};             // contractor

constexpr std::string_view kDayCard = "day card";

// Inside the fence of the terminal: the fence lies inside that of the port.
bool is_inner(std::string_view zone) { return zone != "TERMINAL" && zone != "PORT"; }

Index reader_at(const Port& port, std::string_view zone, bool in, std::uint64_t turn) {
  std::vector<Index> fit;
  for (Index i = 0; i < port.devices.size(); ++i) {
    const Device& d = port.devices[i];
    if (d.kind == DeviceKind::reader && d.zone == zone && d.inwards == in) fit.push_back(i);
  }
  return fit.empty() ? kNone : fit[turn % fit.size()];
}

Step& act_of(Step& step, Timestamp at, Act act, Index person) {
  step.at = at;
  step.act = act;
  step.person = person;
  return step;
}

void tell_card(World& world, Index person, Timestamp at, Act act, std::string_view why) {
  Step step;
  act_of(step, at, act, person).company = world.port().people[person].company;
  Detail detail;
  detail.note = std::string(why);
  step.detail = world.add_detail(std::move(detail));
  world.schedule(step);
}

// A session at the desk of the place of work; a password mistyped now and then.
void plan_session(World& world, const Duty& d, std::uint32_t desk, Random& random) {
  const Person& person = world.port().people[d.person];
  if (person.account == kNone) return;
  const auto tell = [&](Timestamp at, Act act) {
    Step step;
    act_of(step, at, act, d.person).company = person.company;
    step.account = person.account;
    step.ok = act != Act::login_failed;
    Detail detail;
    detail.place = fmt::format("WS-{}-{:02}", kPosts[static_cast<std::size_t>(d.role)].zone.substr(0, 3), desk + 1);
    step.detail = world.add_detail(std::move(detail));
    world.schedule(step);
  };
  const Timestamp in = d.begins + seconds(random.between(90, 480));
  if (random.chance(world.figures().value("account.login_failed_share"))) tell(in - seconds(12), Act::login_failed);
  tell(in, Act::logged_in);
  if (random.chance(world.figures().value("account.logged_out_share")))
    tell(d.ends - seconds(random.between(20, 300)), Act::logged_out);
}

void plan_work(Walk& walk, const Duty& d) {
  const Post& post = kPosts[static_cast<std::size_t>(d.role)];
  if (d.rests < d.resumes) walk.stay(d.begins, d.rests, post.zone);
  const Timestamp back = d.rests < d.resumes ? d.resumes : d.begins;
  const Timestamp goes = d.resumes + minutes(walk.random().between(40, 70));
  const Duration away = minutes(walk.random().between(post.errand_min / 2, post.errand_min * 3 / 2));
  if (!walk.random().chance(post.errand_share)) return walk.stay(back, d.ends, post.zone);
  walk.stay(back, goes, post.zone);
  walk.stay(goes + minutes(3), goes + away, post.errand);
  walk.stay(goes + away + minutes(3), d.ends, post.zone);
}

// The office that makes cards is open by day; who has lost one comes to it before the early office or the late shift.
bool comes_for_new_card(const World& world, const Duty& d, Random& random) {
  const int hour = local_time(d.from).hour;
  if (hour != 8 && hour != 14) return false;
  const double days_a_year = hour == 8 ? 230 : 365.0 / 4;
  return random.chance(world.figures().value("card.replaced_per_year_share") / days_a_year);
}

void settle_sharing(World& world) {
  Port& port = world.port();
  Random random = world.stream("shared accounts");
  const double share = world.figures().value("account.shared_share");
  for (Account& account : port.accounts)
    if (account.company != port.terminal) account.shared = random.chance(share);
  // Of a terminal's desks: somebody uses the account of the one beside.
  for (auto& crews : port.crews)
    for (auto& crew : crews)
      for (std::size_t i = 1; i < crew.size(); ++i) {
        Person& p = port.people[crew[i]];
        if (p.account == kNone || p.role == Role::it_admin || !random.chance(share)) continue;
        p.account = port.people[crew[i - 1]].account;
        port.accounts[p.account].shared = true;
      }
}

void fill_pools(World& world) {
  Port& port = world.port();
  Random random = world.stream("outsiders");
  const std::uint32_t staff = port.size->staff;
  constexpr CompanyKind kFrom[] = {CompanyKind::line, CompanyKind::agent, CompanyKind::forwarder};
  const auto& firms = port.of_kind[static_cast<std::size_t>(CompanyKind::contractor)];
  for (std::uint32_t i = 0; i < std::max(30U, staff / 4); ++i) {
    const auto& some = port.of_kind[static_cast<std::size_t>(kFrom[random.below(3)])];
    const Index who = hire(port, Role::visitor, random.pick(some), 4, random);
    port.people[who].number[0] = 'G';
    port.people[who].card.clear();
  }
  for (std::uint32_t i = 0; i < std::max(12U, staff / 10); ++i)
    hire(port, Role::contractor, random.pick(firms), 4, random);
  for (std::uint32_t i = 0; i < std::max(40U, staff / 5); ++i) port.badges.push_back(fmt::format("V{:04}", i + 1));
  for (std::uint32_t i = 0; i < std::max(20U, staff / 20); ++i) port.day_cards.push_back(fmt::format("T{:04}", i + 1));
}

std::string take(std::deque<std::string>& pool) {
  if (pool.empty()) return {};
  std::string out = std::move(pool.front());
  pool.pop_front();
  return out;
}

// Reads the card at a reader that works; where none does, the guard opens and nobody writes.
void pass_door(Port& port, Happening& h) {
  if (h.device == kNone) return;
  const Device& wanted = port.devices[h.device];
  for (Index i = 0; port.devices[h.device].silent && i < port.devices.size(); ++i) {
    const Device& d = port.devices[i];
    if (d.kind == wanted.kind && d.zone == wanted.zone && d.inwards == wanted.inwards && !d.silent) h.device = i;
  }
  h.place = wanted.zone;
  if (h.person == kNone) return;
  Person& p = port.people[h.person];
  if (h.card.empty() && (h.ok || h.act == Act::door_refused)) h.card = p.day_card.empty() ? p.card : p.day_card;
  if (h.act == Act::door_refused && h.note == "passback" && !p.lost_card.empty()) {  // found again
    h.card = std::exchange(p.lost_card, {});
    h.note = "lost";
  }
  if (h.act == Act::door_refused) return;
  p.zone = wanted.inwards ? wanted.zone : is_inner(wanted.zone) ? "TERMINAL" : wanted.zone == "TERMINAL" ? "PORT" : "";
}

bool issue(Port& port, Happening& h) {
  Person& p = port.people[h.person];
  if (p.role == Role::visitor) h.card = p.card = take(port.badges);
  else if (h.note == kDayCard) h.card = p.day_card = take(port.day_cards);
  else if (h.card.empty()) h.card = p.card;
  else p.card = h.card;
  return !h.card.empty();
}

bool revoke(Port& port, Happening& h) {
  Person& p = port.people[h.person];
  std::string& held = h.note == kDayCard ? p.day_card : p.card;
  if (h.card.empty()) h.card = held;
  if (h.card.empty()) return false;
  if (p.role == Role::visitor) port.badges.push_back(h.card);
  if (h.note == kDayCard) port.day_cards.push_back(h.card);
  if (h.card == held) held.clear();
  return true;
}

}  // namespace

void Walk::pass(Timestamp at, std::string_view zone, bool in) {
  const Figures& figures = world_.figures();
  Step step;
  act_of(step, at, Act::door_passed, person_).device = reader_at(world_.port(), zone, in, random_.next());
  if (random_.chance(figures.value("badge.denied_share"))) {
    const Shares& reasons = figures.shares("badge.denied_reason");
    Step refused = step;
    refused.act = Act::door_refused;
    refused.at = at - seconds(random_.between(6, 25));
    refused.ok = false;
    Detail detail;
    detail.note = reasons.names[reasons.draw(random_)];
    if (detail.note == "zone" && in && is_inner(zone)) {
      refused.device = reader_at(world_.port(), zone == "SERVER" ? "QUAY" : "SERVER", true, 0);
      refused.at = at - seconds(random_.between(60, 150));  // to the right door it is some steps
    } else if (detail.note == "zone") {
      detail.note = "passback";  // at the gates there is one zone only
    }
    refused.detail = world_.add_detail(std::move(detail));
    world_.schedule(refused);
  }
  step.ok = !random_.chance(figures.value("badge.tailgate_share"));
  world_.schedule(step);
}

void Walk::stay(Timestamp from, Timestamp until, std::string_view zone) {
  pass(from, zone, true);
  pass(until, zone, false);
}

void plan_passages(World& world, Index duty, std::uint32_t desk) {
  const Duty d = world.port().duties.at(duty);
  Walk walk(world, d.person, "passages", duty);
  Random& random = walk.random();
  const Timestamp in = d.begins - seconds(random.between(180, 480));
  const Timestamp out = d.ends + seconds(random.between(180, 480));
  const bool replaced = comes_for_new_card(world, d, random);
  const bool forgotten = !replaced && random.chance(world.figures().value("card.forgotten_share"));
  if (!replaced && !forgotten) walk.pass(in - seconds(random.between(240, 600)), "PORT", true);
  if (replaced)
    tell_card(world, d.person, in - seconds(60), Act::card_replaced, random.chance(0.6) ? "lost" : "broken");
  if (forgotten) tell_card(world, d.person, in - seconds(random.between(330, 600)), Act::card_issued, kDayCard);
  walk.pass(in, "TERMINAL", true);
  plan_work(walk, d);
  walk.pass(out, "TERMINAL", false);
  if (forgotten) tell_card(world, d.person, out + seconds(90), Act::card_revoked, kDayCard);
  if (!forgotten) walk.pass(out + seconds(random.between(240, 600)), "PORT", false);
  plan_session(world, d, desk, random);
}

void begin_people(World& world) {
  fill_pools(world);
  settle_sharing(world);
  const Timestamp monday = monday_of(world.now());
  plan_week(world, monday);
  if (weekday(world.now()) >= 3) plan_week(world, local_midnight(monday + days(7) + hours(12)));
  world.add_daily([](World& w, Timestamp midnight) {
    if (weekday(midnight) == 3)
      if (const Timestamp next = local_midnight(monday_of(midnight) + days(7) + hours(12));
          w.port().shifts.lower_bound(next) == w.port().shifts.end())
        plan_week(w, next);
    const Timestamp next = local_midnight(midnight + hours(36));
    for (auto shift = w.port().shifts.lower_bound(midnight);
         shift != w.port().shifts.end() && shift->first < next; ++shift)
      for (const auto& list : shift->second.of_role)
        for (std::size_t i = 0; i < list.size(); ++i) plan_passages(w, list[i], static_cast<std::uint32_t>(i));
    plan_visits(w, midnight);
  });
}

bool people_effect(World& world, Happening& h, Random&) {
  Port& port = world.port();
  switch (h.act) {
    case Act::door_passed:
    case Act::door_refused: pass_door(port, h); return true;
    case Act::card_issued: return h.person == kNone || issue(port, h);
    case Act::card_revoked: return h.person == kNone || revoke(port, h);
    case Act::card_replaced: {
      if (h.person == kNone) return false;
      Person& p = port.people[h.person];
      h.card_before = p.card;
      if (h.card.empty()) h.card = fmt::format("{:08X}", world.stream("card", ++port.cards_made).below(1ULL << 32));
      p.card = h.card;
      if (h.note == "lost") p.lost_card = h.card_before;
      ++p.issue;
      return true;
    }
    case Act::duty_changed: {
      const auto duty = port.duties.find(h.other);
      if (duty == port.duties.end() || h.person == kNone) return false;
      h.ref = duty_text(h.other);
      duty->second.entered = h.person;
      if (h.at >= duty->second.until) duty->second.entered_until = duty->second.ends;
      return true;
    }
    case Act::visitor_announced:
      if (const auto visit = port.visits.find(h.other); visit != port.visits.end() && visit->second.person == h.person)
        h.ref = visit->second.ref;
      return true;
    default: return true;
  }
}

}  // namespace quaywatch::sim
