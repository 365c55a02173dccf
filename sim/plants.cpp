#include "sim/plants.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/plant_truth.h"

namespace quaywatch::sim {
namespace {

// A crime waits for its wish; of the boxes known long before, one in so many is taken, or all crimes would fall on
// those that stay longest.
constexpr std::uint64_t kEarlyOneIn = 2;
constexpr Duration kNear = days(2);
constexpr std::size_t kReasons = 8;  // told of a crime that fits nowhere
constexpr double kWishes = 0.25;  // of the interval, from its beginning: what is begun must end in it

bool on_day(const Scenario& s, int level) { return !s.level[static_cast<std::size_t>(level)].box && !s.when; }

}  // namespace

Plants::Plants(World& world, std::vector<PlantOrder> crimes, std::vector<Scenario> twins) : world_(world) {
  const Duration span = world.options().until - world.options().from;
  for (PlantOrder& order : crimes) {
    Random random = world.stream("wish", crimes_.size());
    Crime crime;
    crime.order = std::move(order);
    crime.wish = world.options().from + Duration{static_cast<std::int64_t>(random.unit() * kWishes * double(span.us))};
    crimes_.push_back(std::move(crime));
  }
  for (Scenario& scenario : twins) {
    Twin twin;
    twin.rate = scenario.rate_times * (scenario.rate == "always" ? 1.0 : world.figures().value(scenario.rate));
    twin.purpose = "twin " + scenario.name;
    if (scenario.when) twins_of_act_[static_cast<std::size_t>(*scenario.when)].push_back(twins_.size());
    twin.scenario = std::move(scenario);
    twins_.push_back(std::move(twin));
  }
  world.set_amend([this](World& w, BoxPlan& plan) { amend(w, plan); });
  world.add_daily([this](World& w, Timestamp day) { begin_day(w, day); });
  world.set_witness([this](const World& w, const Happening& h) { see(w, h); });
}

Index Plants::begin(const Scenario& scenario, int level) {
  Planted& planted = planted_.emplace_back();
  planted.scenario = &scenario;
  planted.level = level;
  return static_cast<Index>(planted_.size() - 1);
}

Index Plants::begin_twin(Twin& twin) {
  if (planted_.size() >= kMostPlants || ++twin.planted > kMostOfOneTwin) return kNone;
  return begin(twin.scenario, 0);
}

void Plants::try_crime(World& world, std::size_t number, BoxPlan& plan, Timestamp day) {
  Crime& crime = crimes_[number];
  const Scenario& scenario = crime.order.scenario;
  const Script& script = scenario.level[static_cast<std::size_t>(crime.order.level)];
  ++crime.looked_at;
  const auto refuse = [&](const std::string& why) { ++crime.refusals[why]; };
  if (script.box) {
    if (world.box(plan.box).planted) return refuse("taken by another plant");
    if (const auto fits = box_fits(world, *script.box, plan); !fits) return refuse(fits.error().message);
  }
  Random random = world.stream("plant " + scenario.name, number);
  auto times = timetable(world, scenario, script, plan, day, random);
  if (!times) return refuse(times.error().message);
  if (times->first < world.options().from || times->last >= world.options().until)
    return refuse("acts outside the interval");
  if (script.box) {
    if (times->first < crime.wish) return refuse("acts before the instant that was drawn for it");
    Random patience = world.stream("patience", commits_);
    if (world.now() + kNear < crime.wish && patience.below(kEarlyOneIn) != 0) return refuse("left for a later box");
  }
  if (const auto others = choose_others(world, script, plan, stays_, day, *times, random); !others)
    return refuse(others.error().message);
  const Index plant = begin(scenario, crime.order.level);
  planted_[plant].acts = lay(world, script, *times, plant, plan, random);
  crime.placed = true;
}

void Plants::try_twin(World& world, Twin& twin, BoxPlan& plan, Timestamp day, Random& random) {
  const Script& script = twin.scenario.level[0];
  if (script.box && (world.box(plan.box).planted || !box_fits(world, *script.box, plan))) return;
  if (script.box && !random.chance(twin.rate)) return;
  auto times = timetable(world, twin.scenario, script, plan, day, random);
  if (!times || !choose_others(world, script, plan, stays_, day, *times, random)) return;
  const Index plant = begin_twin(twin);
  const std::size_t acts = lay(world, script, *times, plant, plan, random);
  if (plant != kNone) planted_[plant].acts = acts;
}

void Plants::amend(World& world, BoxPlan& plan) {
  ++commits_;
  YardStay stay{Timestamp::max(), Timestamp::min()};
  for (const Step& step : plan.steps) {
    const bool carried = step.carries && (step.act == Act::gate_entered || step.act == Act::gate_left);
    if (step.act != Act::discharged && step.act != Act::loaded && !carried) continue;
    stay = {std::min(stay.from, step.at), std::max(stay.until, step.at)};
  }
  if (stays_.size() <= plan.box) stays_.resize(plan.box + std::size_t{1});
  stays_[plan.box] = stay;
  for (std::size_t i = 0; i < crimes_.size(); ++i)
    if (!crimes_[i].placed && !on_day(crimes_[i].order.scenario, crimes_[i].order.level)) try_crime(world, i, plan, {});
  for (Twin& twin : twins_) {
    if (twin.scenario.when || on_day(twin.scenario, 0)) continue;
    Random random = world.stream(twin.purpose, commits_);
    try_twin(world, twin, plan, {}, random);
  }
}

void Plants::begin_day(World& world, Timestamp day) {
  BoxPlan none;
  for (std::size_t i = 0; i < crimes_.size(); ++i)
    if (const Crime& c = crimes_[i]; !c.placed && on_day(c.order.scenario, c.order.level) && c.wish < day + days(1))
      try_crime(world, i, none, day);
  if (day < world.options().from) return;
  for (Twin& twin : twins_) {
    if (!on_day(twin.scenario, 0)) continue;
    Random random = world.stream(twin.purpose, static_cast<std::uint64_t>(day.us));
    for (std::uint32_t left = random.poisson(twin.rate); left > 0; --left) try_twin(world, twin, none, day, random);
  }
}

void Plants::see(const World& world, const Happening& h) {
  if (h.act == Act::discharged || h.act == Act::loaded) ++boxes_;
  if (h.plant != kNone) return record(world, h, planted_[h.plant]);
  for (const std::size_t i : twins_of_act_[static_cast<std::size_t>(h.act)]) {
    Twin& twin = twins_[i];
    const Scenario& s = twin.scenario;
    if ((s.when_ok && *s.when_ok != h.ok) || (s.when_task && *s.when_task != h.has_task) ||
        !h.note.starts_with(s.when_note))
      continue;
    Random random = world.stream(twin.purpose, world.happened());
    if (!random.chance(twin.rate)) continue;
    const Index plant = begin_twin(twin);
    if (plant == kNone) continue;
    planted_[plant].acts = 1;
    record(world, h, planted_[plant]);
  }
}

void Plants::record(const World& world, const Happening& h, Planted& planted) {
  const auto subjects = subjects_of(world, h);
  for (const auto& [kind, value] : subjects) {
    auto& known = planted.subjects[std::string(kind)];
    if (std::find(known.begin(), known.end(), value) == known.end()) known.push_back(value);
  }
  planted.happened.push_back(act_json(h, subjects));
}

std::string Plants::refusal(const Crime& crime) const {
  std::vector<std::pair<std::uint64_t, std::string>> reasons;
  for (const auto& [why, count] : crime.refusals) reasons.emplace_back(count, why);
  std::sort(reasons.rbegin(), reasons.rend());
  std::string told;
  for (std::size_t i = 0; i < reasons.size() && i < kReasons; ++i)
    told += fmt::format("{}{} {}", i == 0 ? "" : ", ", reasons[i].first, reasons[i].second);
  const Scenario& scenario = crime.order.scenario;
  return fmt::format("{}: '{}' at level {} fits no {} between {} and {}. Of {} looked at: {}. Give more days or a "
                     "larger size, or ask less of it",
                     scenario.file, scenario.name, crime.order.level,
                     on_day(scenario, crime.order.level) ? "day" : "box", format_rfc3339(world_.options().from),
                     format_rfc3339(world_.options().until), crime.looked_at, told.empty() ? "nothing" : told);
}

Result<void> Plants::placed() const {
  std::string out;
  for (const Crime& crime : crimes_)
    if (!crime.placed) out += (out.empty() ? "" : "; ") + refusal(crime);
  if (out.empty()) return {};
  return fail(ErrorCode::not_found, out);
}

std::vector<std::string> Plants::shortfalls() const {
  std::vector<std::string> out;
  for (const Planted& p : planted_)
    if (!p.scenario->innocent && p.happened.size() < p.acts)
      out.push_back(fmt::format("'{}' at level {}: {} of its {} acts could not happen", p.scenario->name, p.level,
                                p.acts - p.happened.size(), p.acts));
  return out;
}

void Plants::write(std::string_view size, const Append& truth) const {
  truth("truth/port.json", port_json(world_, size, boxes_));
  truth("truth/plants.jsonl", "");
  std::size_t crimes = 0, twins = 0;
  for (const Planted& p : planted_) {
    if (p.happened.empty() || p.subjects.empty()) continue;
    const std::string id =
        p.scenario->innocent ? fmt::format("T{:06}", ++twins) : fmt::format("P{:04}", ++crimes);
    truth("truth/plants.jsonl", plant_json(*p.scenario, p.level, id, p.subjects, p.happened));
  }
}

}  // namespace quaywatch::sim
