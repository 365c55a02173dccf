#include "sim/roster.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

constexpr std::size_t kRoles = static_cast<std::size_t>(Role::count_);
constexpr Duration kKept = days(15);      // of a duty that is over
constexpr Duration kLongest = hours(13);  // from the start of a shift to the end of its overtime

Timestamp later_day(Timestamp midnight, int count) { return local_midnight(midnight + days(count) + hours(12)); }

// The desk opens at eight, and enters what the night before has brought.
Timestamp entered_next_day(Timestamp from, Random& random) {
  return at_local(later_day(local_midnight(from), 1), 8) + seconds(random.between(0, 7'199));
}

Duty duty_of(Index person, Role role, Timestamp from, Timestamp until, std::size_t place, Random& random) {
  Duty d;
  d.planned = d.entered = d.person = person;
  d.role = role;
  d.from = from;
  d.until = d.entered_until = until;
  d.begins = from - seconds(random.between(60, 720));
  // The first of a crew is always there and relieves the one before.
  if (place > 0 && random.chance(0.05)) d.begins = from + seconds(random.between(60, 900));
  d.ends = until + seconds(random.between(60, 720));
  d.rests = from + hours(3) + minutes(40 * static_cast<std::int64_t>(place % 3)) + seconds(random.between(0, 300));
  d.resumes = d.rests + seconds(random.between(1'700, 2'080));
  return d;
}

// Somebody of the crew that is eight hours away from this shift on both sides, once a week at most.
Index substitute(const Port& port, Role role, std::uint8_t crew, std::vector<Index>& taken, Random& random) {
  const auto& others = port.crews[static_cast<std::size_t>(role)][(crew + 2U) % 4];
  if (others.empty()) return kNone;
  const Index who = random.pick(others);
  if (std::find(taken.begin(), taken.end(), who) != taken.end()) return kNone;
  taken.push_back(who);
  return who;
}

void tell_change(World& world, Index number, Timestamp at) {
  Step step;
  step.at = at;
  step.act = Act::duty_changed;
  step.company = world.port().terminal;
  step.person = world.port().duties[number].person;
  step.other = number;
  world.schedule(step);
}

// Who comes instead and who stays longer.
void change(World& world, Index number, std::uint8_t crew, std::vector<Index>& taken, Random& random) {
  const Figures& figures = world.figures();
  Duty& d = world.port().duties[number];
  if (crew < 4 && random.chance(figures.value("roster.swap_share"))) {
    if (const Index who = substitute(world.port(), d.role, crew, taken, random); who != kNone) d.person = who;
  }
  const bool swapped = d.person != d.planned;
  const bool longer = random.chance(figures.value("roster.overtime_share"));
  if (longer) d.ends = d.until + minutes_of(figures.quantiles("roster.overtime_min").draw(random));
  const bool late = random.chance(figures.value("roster.swap_entered_late_share"));
  const bool never = swapped && random.chance(figures.value("roster.swap_never_entered_share"));
  if (swapped && !late && !never) tell_change(world, number, by_day(d.from - hours_of(2 + 46 * random.unit())));
  if (!never && ((swapped && late) || longer)) tell_change(world, number, entered_next_day(d.from, random));
}

void plan_shift(World& world, Timestamp from, Timestamp until, bool shifts, std::vector<Index>& taken,
                Random& random) {
  Port& port = world.port();
  Shift& shift = port.shifts[from];
  const std::uint8_t crew = shifts ? crew_at(from) : std::uint8_t{4};
  for (std::size_t r = 0; r < static_cast<std::size_t>(Role::visitor); ++r) {
    const auto& people = port.crews[r][crew];
    for (std::size_t i = 0; i < people.size(); ++i) {
      const Index number = ++port.duties_planned;
      Duty d = duty_of(people[i], static_cast<Role>(r), from, until, i, random);
      if (people.size() == 1) d.resumes = d.rests;  // nobody relieves: the break is taken on the spot
      port.duties.emplace(number, d);
      shift.of_role[r].push_back(number);
      change(world, number, crew, taken, random);
    }
  }
}

// One in some leaves at the end of the week and another comes: the plan of the week that follows names the new one.
void turn_over(World& world, Timestamp monday, Random& random) {
  Port& port = world.port();
  const double share = world.figures().value("card.left_per_year_share") / 52;
  const auto tell = [&](Act act, Timestamp at, Index person, const char* why) {
    Step step;
    step.at = at;
    step.act = act;
    step.person = person;
    step.company = port.people[person].company;
    Detail detail;
    detail.note = why;
    step.detail = world.add_detail(std::move(detail));
    world.schedule(step);
  };
  for (std::size_t r = 0; r < kRoles; ++r) {
    if (static_cast<Role>(r) == Role::visitor) continue;
    for (std::uint8_t crew = 0; crew < 5; ++crew)
      for (std::size_t i = 0; i < port.crews[r][crew].size(); ++i) {
        if (!random.chance(share)) continue;
        const Index old = port.crews[r][crew][i];
        const Index next = hire(port, static_cast<Role>(r), port.people[old].company, crew, random);
        port.crews[r][crew].pop_back();
        port.crews[r][crew][i] = next;
        tell(Act::card_revoked, at_local(monday, 9) + seconds(random.between(0, 7'199)), old, "left");
        tell(Act::card_issued, monday - hours(62) + seconds(random.between(0, 7'199)), next, "new");
      }
  }
}

void forget_before(Port& port, Timestamp instant) {
  std::erase_if(port.shifts, [&](const auto& shift) { return shift.first < instant; });
  std::erase_if(port.duties, [&](const auto& duty) { return duty.second.from < instant; });
}

// In the instant of a door somebody is still outside: which of two happenings of one instant comes first is not said.
bool at_work(const Duty& d, Timestamp at) {
  const bool resting = d.rests < d.resumes && at >= d.rests && at <= d.resumes;
  return at > d.begins && at < d.ends && !resting;
}

}  // namespace

Timestamp monday_of(Timestamp at) { return later_day(local_midnight(at), -weekday(at)); }

Timestamp by_day(Timestamp at) {
  const int hour = local_time(at).hour;
  return hour >= 7 && hour < 18 ? at : at_local(at - hours(8), 15, 30);
}

std::string duty_text(Index duty) { return fmt::format("D{:07}", duty); }

void plan_week(World& world, Timestamp monday) {
  constexpr int kStarts[] = {6, 14, 22};
  Random random = world.stream("roster", static_cast<std::uint64_t>(monday.us));
  forget_before(world.port(), monday - kKept);
  std::vector<Index> taken;  // who helps out this week
  turn_over(world, monday, random);
  for (int day = 0; day < 7; ++day) {
    const Timestamp today = later_day(monday, day), tomorrow = later_day(monday, day + 1);
    for (const int start : kStarts)
      plan_shift(world, at_local(today, start), start == 22 ? at_local(tomorrow, 6) : at_local(today, start + 8), true,
                 taken, random);
    if (day < 5) plan_shift(world, at_local(today, 8), at_local(today, 16), false, taken, random);
  }
  Step step;
  step.at = world.now() + hours(14);
  step.act = Act::duty_planned;
  step.company = world.port().terminal;
  Detail detail;
  detail.ref = stamp_day(local_time(monday));
  step.detail = world.add_detail(std::move(detail));
  world.schedule(step);
}

Index on_duty(const Port& port, Role role, Timestamp at, std::uint64_t turn) {
  const auto r = static_cast<std::size_t>(role);
  for (auto shift = port.shifts.upper_bound(at + minutes(20)); shift != port.shifts.begin();) {
    --shift;
    if (shift->first < at - kLongest) break;
    const auto& list = shift->second.of_role[r];
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Duty& d = port.duties.at(list[(turn + i) % list.size()]);
      if (at_work(d, at)) return d.person;
    }
  }
  if (!port.shifts.empty() && at < port.shifts.rbegin()->first) return kNone;
  const auto& crew = port.crews[r][crew_at(at)];
  return crew.empty() ? kNone : crew[turn % crew.size()];
}

}  // namespace quaywatch::sim
