// What is not shown at once: grouped, counted and listed on demand, never dropped. Alert budgets: how many alerts of
// one rule a facility is shown of one day (docs/decisions/0010-alert-budgets.md). Exceptions: what somebody who answers
// for it declared harmless; it fills no budget (docs/decisions/0016-exceptions.md). Days are days of event_time in UTC:
// the result is a function of the standing alerts alone. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/alert.h"

namespace quaywatch::pipeline {

// Shown of the rule per facility and day; none: all of them.
std::optional<std::uint32_t> daily_budget(const rules::Rule& rule);

// What a facility's budget held back of one rule on one day, or what one exception of a rule covers.
struct HeldGroup {
  std::string name;  // "RULE_ID/FACILITY/DAY" or "RULE_ID/exception/N", N from 1; what lists it again
  const rules::Rule* rule = nullptr;
  std::string facility;
  std::string day;   // 2026-03-12
  std::string kind;  // of the rule's group values: "container"
  std::size_t shown = 0;
  std::size_t held = 0;
  const rules::Exception* exception = nullptr;  // null: the budget
};

struct Budgeted {
  std::vector<HeldGroup> groups;                  // with something held, by name
  std::vector<std::optional<std::size_t>> held;   // by alert: index of its group when it is held
};

// Held by budgets, and covered by exceptions.
struct HeldCount {
  std::size_t by_budgets = 0, by_exceptions = 0;
};
HeldCount count_held(const Budgeted& budgeted);

// `alerts` by (event_time, id): the first of a day are shown.
Budgeted apply_budgets(const std::vector<Alert>& alerts);

}  // namespace quaywatch::pipeline
