// Comparison: what other rules would have said of the same input (DESIGN section 7, "back-tested on history"). Two
// detections that took the same events, rule by rule: which alerts appear, disappear and change, per day, what each
// rule was asked and what it could not judge. Values; deterministic. Thread-safe as far as the arguments are.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pipeline/detection.h"
#include "rulebook/backtest_summary.h"

namespace quaywatch::rulebook {

// An alert of one id that says something else now. `differences` are sentences without personal values, such as
// "level: medium, now high"; values that changed are named by their field only.
struct ChangedAlert {
  pipeline::Alert before, now;
  std::vector<std::string> differences;
};

// One side of the comparison.
struct RuleRun {
  const rules::Rule* rule = nullptr;  // null: this side has no rule of that id
  std::size_t alerts = 0;
  std::uint64_t asked = 0;                              // events
  std::map<UnknownCause, std::uint64_t> not_evaluated;  // of them
  std::map<std::int64_t, std::size_t> per_day;          // alerts by day of their event_time: days since 1970-01-01, UTC
  std::vector<std::size_t> covered;                     // alerts by exception of the rule that covers them
};

struct ComparedRule {
  std::string id;
  RuleRun before, now;
  std::vector<pipeline::Alert> appear, disappear;  // by (event_time, id), as all three
  std::vector<ChangedAlert> change;
  const rules::Rule& rule() const { return now.rule != nullptr ? *now.rule : *before.rule; }
  bool is_same_text() const {
    return before.rule != nullptr && now.rule != nullptr && before.rule->version == now.rule->version;
  }
};

// Every port rule of either side, in the order of `now`, then those that only `before` has. Both detections outlive
// what is returned. An alert that does not count (empty: all do) is as if it were not there.
using Counts = std::function<bool(const pipeline::Alert&)>;
std::vector<ComparedRule> compare(const pipeline::Detection& before, const pipeline::Detection& now,
                                  const Counts& counts = {});

BacktestFigures figures(const std::vector<ComparedRule>& rules);

// Empty: they say the same. Revision numbers and what the alerts rest on beside facts are not compared.
std::vector<std::string> differences(const pipeline::Alert& before, const pipeline::Alert& now);

}  // namespace quaywatch::rulebook
