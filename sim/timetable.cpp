// Whether a box fits a scenario, and when each of its steps would come.
#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/flows.h"
#include "sim/planting.h"

namespace quaywatch::sim {
namespace {

Result<void> unfit(std::string why) { return fail(ErrorCode::not_found, std::move(why)); }

bool begins_with_any(std::string_view text, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](const auto& b) { return text.starts_with(b); });
}

// The code that an index stands for begins as asked.
bool coded(const World& world, const std::vector<std::string>& beginnings, std::string_view figure, std::size_t code) {
  return beginnings.empty() || begins_with_any(world.figures().shares(figure).names[code], beginnings);
}

// What can be told from the box alone.
Result<void> kind_fits(const World& world, const BoxRule& rule, const Box& b) {
  if (rule.trade && b.trade != *rule.trade) return unfit("other trade");
  if (rule.mode && b.mode != *rule.mode) return unfit("other mode");
  if (rule.full && b.full != *rule.full) return unfit(*rule.full ? "empty" : "full");
  if (rule.reefer && (b.size_type.size() > 2 && b.size_type[2] == 'R') != *rule.reefer) return unfit("reefer or not");
  if (!rule.size_type.empty() && !begins_with_any(b.size_type, rule.size_type)) return unfit("other size type");
  if (!coded(world, rule.origin, "box.origin", b.origin)) return unfit("other origin");
  if (!coded(world, rule.destination, "box.destination", b.destination)) return unfit("other destination");
  if (!coded(world, rule.commodity, "box.commodity", b.commodity)) return unfit("other commodity");
  return {};
}

Duration drawn(Duration least, Duration most, Random& random) {
  return seconds(random.between(least.whole_seconds(), std::max(least, most).whole_seconds()));
}

// At or after `at`, within the window of the local clock; its place in the window is drawn.
Timestamp in_window(Timestamp at, const When& when, Random& random) {
  if (when.from_minute < 0) return at;
  const int span = (when.until_minute - when.from_minute + 1440) % 1440;
  for (int day = -1; day < 4; ++day) {
    const Timestamp midnight = local_midnight(at) + days(day) + hours(12);
    const Timestamp opens = at_local(midnight, when.from_minute / 60, when.from_minute % 60);
    const Timestamp closes = opens + minutes(span), from = std::max(opens, at);
    if (from < closes) return from + drawn({}, closes - from, random);
  }
  return at;
}

class Tabling {
 public:
  Tabling(const World& world, const Script& script, const BoxPlan& plan, Timestamp day, Random& random)
      : world_(world), script_(script), plan_(plan), day_(day), random_(random) {}

  Result<Timetable> all() {
    for (const StepRule& rule : script_.steps) {
      auto at = rule.verb == Verb::add || rule.verb == Verb::silence ? added(rule) : found(rule);
      if (!at) return tl::unexpected(at.error());
      if (!rule.id.empty() && !at->empty())
        out_.ids[rule.id] = {*std::min_element(at->begin(), at->end()), *std::max_element(at->begin(), at->end())};
      out_.at.push_back(std::move(*at));
    }
    return std::move(out_);
  }

  Result<void> choose_others(const YardStays& stays, Timetable& times) {
    out_ = times;
    for (const BoxRule& rule : script_.others) {
      const auto at = instant(*rule.at);
      if (!at) return tl::unexpected(at.error());
      const auto after = rule.comes_after ? instant(*rule.comes_after) : Timestamp::min();
      if (!after) return tl::unexpected(after.error());
      std::vector<Index> fit;
      for (Index i = 0; i < stays.size(); ++i) {
        const Box& b = world_.box(i);
        if (i != plan_.box && b.used && !b.planted && stays[i].from < *at - minutes(30) && stays[i].from > *after &&
            stays[i].until > *at + hours(4) && stays[i].until - stays[i].from > rule.stay_min &&
            kind_fits(world_, rule, b))
          fit.push_back(i);
      }
      if (fit.empty()) return unfit("no second box is in the yard");
      times.others[rule.name] = random_.pick(fit);
    }
    return {};
  }

 private:
  // Null: neither the plan nor the scenario has it (yet).
  std::optional<Timestamp> anchor(const When& when) const {
    if (when.anchor == "day") return day_;
    if (const auto it = out_.ids.find(when.anchor); it != out_.ids.end())
      return when.last ? it->second.second : it->second.first;
    const auto act = act_named(when.anchor);
    if (!act) return std::nullopt;
    std::optional<Timestamp> out;
    for (const Step& step : plan_.steps) {
      if (step.act != *act) continue;
      const Timestamp at = std::max(step.at, world_.now());
      if (!out || (when.last ? at > *out : at < *out)) out = at;
    }
    return out;
  }
  Result<Timestamp> instant(const When& when) {
    const auto from = anchor(when);
    if (!from) return fail(ErrorCode::not_found, fmt::format("no {}", when.anchor));
    return in_window(*from + drawn(when.least, when.most, random_), when, random_);
  }
  void reach(Timestamp at) {
    out_.first = std::min(out_.first, at);
    out_.last = std::max(out_.last, at);
  }
  Result<std::vector<Timestamp>> added(const StepRule& rule) {
    const auto begins = instant(*rule.at);
    if (!begins) return tl::unexpected(begins.error());
    std::vector<Timestamp> out = {*begins};
    for (int i = 1; i < rule.times; ++i) out.push_back(out.back() + drawn(rule.every_least, rule.every_most, random_));
    if (rule.lorry) out.push_back(*begins + minutes_of(world_.figures().quantiles("gate.turn_min").draw(random_)));
    if (rule.verb == Verb::silence) out.push_back(*begins + drawn(rule.lasts_least, rule.lasts_most, random_));
    if (*begins < world_.now()) return fail(ErrorCode::not_found, "too early: over before the box is known");
    reach(out.front());
    reach(out.back());
    return out;
  }
  // The steps of the plan that a rule speaks of; moved to `at`, as a group, when the rule says so.
  Result<std::vector<Timestamp>> found(const StepRule& rule) {
    std::vector<Timestamp> out;
    const bool brings = world_.box(plan_.box).trade == Trade::export_trade;
    for (const Step& step : plan_.steps)
      if (step_matches(step, rule, brings)) out.push_back(step.at);
    if (out.empty() && rule.verb != Verb::drop)
      return fail(ErrorCode::not_found, fmt::format("no {}", rule.lorry ? "lorry" : act_name(rule.act)));
    if (rule.verb == Verb::mark || (rule.verb == Verb::change && rule.part && !rule.at))
      for (const Timestamp at : out) reach(at);
    if (!rule.at || out.empty()) return out;
    const auto begins = instant(*rule.at);
    if (!begins) return tl::unexpected(begins.error());
    const Duration shift = *begins - *std::min_element(out.begin(), out.end());
    for (Timestamp& at : out) at = at + shift;
    reach(*begins);
    return out;
  }
  const World& world_;
  const Script& script_;
  const BoxPlan& plan_;
  Timestamp day_;
  Random& random_;
  Timetable out_;
};

}  // namespace

bool step_matches(const Step& step, const StepRule& rule, bool brings) {
  if (!rule.lorry) return step.act == rule.act && (!rule.move || step.move == *rule.move);
  if (step.act == Act::gate_entered || step.act == Act::gate_left || step.act == Act::weighed) return true;
  if (step.act != Act::move_ordered && step.act != Act::moved) return false;
  return brings ? step.move == Move::to_yard
                : step.move == Move::to_lane || step.move == Move::to_rail || step.move == Move::to_barge;
}

Result<void> box_fits(const World& world, const BoxRule& rule, const BoxPlan& plan) {
  const Box& b = world.box(plan.box);
  if (const auto kind = kind_fits(world, rule, b); !kind) return kind;
  for (const Act act : rule.has)
    if (plan.first(act) == nullptr) return unfit(fmt::format("no {}", act_name(act)));
  for (const Act act : rule.lacks)
    if (plan.first(act) != nullptr) return unfit(fmt::format("has {}", act_name(act)));
  if (rule.transfers_min > std::count_if(plan.steps.begin(), plan.steps.end(),
                                         [](const Step& s) { return s.act == Act::release_transferred; }))
    return unfit("too few transfers");
  Timestamp first = Timestamp::max(), last = Timestamp::min();
  for (const Step& step : plan.steps) {
    first = std::min(first, step.at);
    last = std::max(last, step.at);
  }
  if (last - first < rule.stay_min) return unfit("too short a stay");
  if (!rule.close.empty()) {
    const Step *from = plan.first(rule.close[0]), *to = plan.first(rule.close[1]);
    if (from == nullptr || to == nullptr || to->at < from->at || to->at - from->at > rule.close_max)
      return unfit(fmt::format("{} not close to {}", act_name(rule.close[1]), act_name(rule.close[0])));
  }
  if (rule.strange_lorry) {
    const Step* enters = plan.first(Act::gate_entered);
    const auto& vehicles = world.port().vehicles;
    const bool strange = enters != nullptr && enters->vehicle != kNone && enters->company != kNone &&
                         vehicles[enters->vehicle].company != enters->company;
    if (strange != *rule.strange_lorry) return unfit("lorry of the fleet or not");
  }
  return {};
}

Result<Timetable> timetable(const World& world, const Scenario& scenario, const Script& script, const BoxPlan& plan,
                            Timestamp day, Random& random) {
  auto out = Tabling(world, script, plan, day, random).all();
  if (!out) return out;
  const auto at = [&](const std::string& name) -> std::optional<Timestamp> {
    if (const auto it = out->ids.find(name); it != out->ids.end()) return it->second.first;
    const auto act = act_named(name);
    const Step* step = act ? plan.first(*act) : nullptr;
    return step == nullptr ? std::nullopt : std::optional(step->at);
  };
  for (const auto& chain : scenario.order)
    for (std::size_t i = 1; i < chain.size(); ++i) {
      const auto before = at(chain[i - 1]), after = at(chain[i]);
      if (before && after && *before >= *after)
        return fail(ErrorCode::not_found, fmt::format("{} would not come before {}", chain[i - 1], chain[i]));
    }
  return out;
}

Result<void> choose_others(const World& world, const Script& script, const BoxPlan& plan, const YardStays& stays,
                           Timestamp day, Timetable& times, Random& random) {
  return Tabling(world, script, plan, day, random).choose_others(stays, times);
}

}  // namespace quaywatch::sim
