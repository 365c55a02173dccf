#include "rulebook/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace quaywatch::rulebook {
namespace {

constexpr std::int64_t kDay = days(1).us;

std::int64_t day_of(Timestamp t) {
  return t.us >= 0 ? t.us / kDay : -((kDay - 1 - t.us) / kDay);
}

using Alerts = std::map<Id128, pipeline::Alert>;  // standing, of one rule

struct Side {
  std::map<std::string, Alerts> alerts;  // by rule id
  std::map<std::string, RuleRun> runs;
};

Side side_of(const pipeline::Detection& detection, const Counts& counts) {
  Side side;
  const auto asked = detection.asked();
  const auto& rules = detection.pack().rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!rules[i].is_port) continue;
    RuleRun& run = side.runs[rules[i].id];
    run.rule = &rules[i];
    run.asked = asked[i];
    run.covered.resize(rules[i].exceptions.size());
  }
  for (const pipeline::NotEvaluated& row : detection.not_evaluated())
    side.runs[row.rule->id].not_evaluated[row.cause] += row.events;
  for (pipeline::Alert& a : detection.standing()) {
    if (counts && !counts(a)) continue;
    RuleRun& run = side.runs[a.rule->id];
    ++run.alerts;
    ++run.per_day[day_of(a.event_time)];
    if (a.exception) ++run.covered[*a.exception];
    side.alerts[a.rule->id].emplace(a.id, std::move(a));
  }
  return side;
}

std::vector<pipeline::Alert> only_in(const Alerts& here, const Alerts& there) {
  std::vector<pipeline::Alert> out;
  for (const auto& [id, alert] : here)
    if (!there.contains(id)) out.push_back(alert);
  std::sort(out.begin(), out.end(), [](const pipeline::Alert& a, const pipeline::Alert& b) {
    return std::tie(a.event_time, a.id) < std::tie(b.event_time, b.id);
  });
  return out;
}

ComparedRule compare_rule(const std::string& id, Side& before, Side& now) {
  ComparedRule out{id, std::move(before.runs[id]), std::move(now.runs[id]), {}, {}, {}};
  const Alerts& was = before.alerts[id];
  const Alerts& is = now.alerts[id];
  out.appear = only_in(is, was);
  out.disappear = only_in(was, is);
  for (const auto& [alert_id, alert] : is) {
    const auto old = was.find(alert_id);
    if (old == was.end()) continue;
    if (auto found = differences(old->second, alert); !found.empty())
      out.change.push_back({old->second, alert, std::move(found)});
  }
  std::sort(out.change.begin(), out.change.end(), [](const ChangedAlert& a, const ChangedAlert& b) {
    return std::tie(a.now.event_time, a.now.id) < std::tie(b.now.event_time, b.now.id);
  });
  return out;
}

std::string matches_text(std::size_t n) {
  return n == 1 ? "1 event" : fmt::format("{} events", n);
}

}  // namespace

std::vector<std::string> differences(const pipeline::Alert& before, const pipeline::Alert& now) {
  std::vector<std::string> out;
  using Text = std::string_view;
  const auto say = [&](fmt::format_string<Text&, Text&> what, Text was, Text is) {
    if (was != is) out.push_back(fmt::format(what, was, is));
  };
  say("level: {}, now {}", name(before.rule->level), name(now.rule->level));
  say("status: {}, now {}", name(before.status), name(now.status));
  say("matches: {}, now {}", matches_text(before.matches), matches_text(now.matches));
  say("direction: {}, now {}", before.direction, now.direction);
  const auto when = [](const std::optional<Timestamp>& t) { return t ? format_rfc3339(*t) : std::string("not known"); };
  say("act before: {}, now {}", when(before.act_before), when(now.act_before));
  std::set<FieldId> fields;
  const auto differing = [&](const auto& a, const auto& b) {
    for (const pipeline::ShownValue& v : a)
      if (std::find(b.begin(), b.end(), v) == b.end()) fields.insert(v.field);
  };
  differing(before.facts, now.facts);
  differing(now.facts, before.facts);
  for (const FieldId f : fields) out.push_back(fmt::format("fact: {}", info(f).name));
  if (before.subjects != now.subjects) out.emplace_back("subjects");
  if (before.missing_inputs != now.missing_inputs) out.emplace_back("what is open");
  return out;
}

std::vector<ComparedRule> compare(const pipeline::Detection& before, const pipeline::Detection& now,
                                  const Counts& counts) {
  Side was = side_of(before, counts), is = side_of(now, counts);
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (const pipeline::Detection* d : {&now, &before})
    for (const rules::Rule& rule : d->pack().rules())
      if (rule.is_port && !rule.is_part && seen.insert(rule.id).second) ids.push_back(rule.id);
  std::vector<ComparedRule> out;
  for (const std::string& id : ids) out.push_back(compare_rule(id, was, is));
  return out;
}

BacktestFigures figures(const std::vector<ComparedRule>& rules) {
  BacktestFigures out;
  for (const ComparedRule& r : rules) {
    out.now += r.now.alerts, out.before += r.before.alerts;
    out.appear += r.appear.size(), out.disappear += r.disappear.size(), out.change += r.change.size();
  }
  return out;
}

}  // namespace quaywatch::rulebook
