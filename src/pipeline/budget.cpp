#include "pipeline/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace quaywatch::pipeline {
namespace {

// People in a box: DOMAIN MO-26. Not one alert of such a rule may wait for the others to be looked at.
bool is_about_lives(const rules::Rule& rule) {
  return std::find(rule.mo.begin(), rule.mo.end(), "MO-26") != rule.mo.end();
}

// One person looks at about fifty alerts in eight hours, and a port has some thirty rules: a level may fill a tenth of
// the day (low), a fifth (medium), a whole one (high). By rules::Level; critical has none.
constexpr std::array<std::uint32_t, 4> kByLevel = {5, 5, 10, 50};

std::string kind_of(const rules::Rule& rule) {
  if (rule.group_by.empty()) return {};
  const FieldInfo& field = info(rule.group_by.front());
  return std::string(field.subject == SubjectKind::none ? field.name : name(field.subject));
}

}  // namespace

std::optional<std::uint32_t> daily_budget(const rules::Rule& rule) {
  if (rule.level == rules::Level::critical || is_about_lives(rule)) return std::nullopt;
  if (!rule.budget) return kByLevel[static_cast<std::size_t>(rule.level)];
  return *rule.budget == 0 ? std::nullopt : rule.budget;
}

Budgeted apply_budgets(const std::vector<Alert>& alerts) {
  std::map<std::string, HeldGroup> groups;
  std::vector<std::string> group_of(alerts.size());  // of a held alert
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    const Alert& a = alerts[i];
    if (a.exception) {
      std::string name = fmt::format("{}/exception/{}", a.rule->id, *a.exception + 1);
      HeldGroup& group = groups[name];
      if (group.rule == nullptr)
        group = {name, a.rule, {}, {}, kind_of(*a.rule), 0, 0, &a.rule->exceptions[*a.exception]};
      ++group.held;
      group_of[i] = std::move(name);
      continue;
    }
    const auto budget = daily_budget(*a.rule);
    if (!budget) continue;
    const std::string day = format_rfc3339(a.event_time).substr(0, 10);
    std::string name = a.rule->id + '/' + a.facility + '/' + day;
    HeldGroup& group = groups[name];
    if (group.rule == nullptr) group = {name, a.rule, a.facility, day, kind_of(*a.rule), 0, 0, nullptr};
    if (group.shown < *budget) {
      ++group.shown;
      continue;
    }
    ++group.held;
    group_of[i] = std::move(name);
  }
  Budgeted out;
  std::map<std::string, std::size_t> index;
  for (auto& [name, group] : groups) {
    if (group.held == 0) continue;
    index[name] = out.groups.size();
    out.groups.push_back(std::move(group));
  }
  for (const std::string& name : group_of)
    out.held.push_back(name.empty() ? std::nullopt : std::optional(index.at(name)));
  return out;
}

HeldCount count_held(const Budgeted& budgeted) {
  HeldCount out;
  for (const HeldGroup& g : budgeted.groups) (g.exception ? out.by_exceptions : out.by_budgets) += g.held;
  return out;
}

}  // namespace quaywatch::pipeline
