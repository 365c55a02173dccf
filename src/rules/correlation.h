// Correlation: one compiled Sigma correlation document (correlation specification 2.1; DESIGN section 6a, "Windows and
// identity" and "Absence"): which rules it joins, what makes a group, how long a window is and what must hold in it.
// Says nothing about events by itself; src/pipeline/correlator.h evaluates it. Immutable after loading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/catalogue.h"
#include "rules/condition.h"

namespace quaywatch::rules {

enum class CorrelationType : std::uint8_t {
  event_count,
  value_count,
  value_sum,
  value_avg,
  temporal,
  temporal_ordered
};

enum class Operator : std::uint8_t { gt, gte, lt, lte, eq, neq };

// The number of a window compared with a constant.
struct Criterion {
  Operator comparison{};
  std::int64_t millionths = 0;
};

using RuleSet = std::uint32_t;  // bit i: the i-th joined rule; see limits::kCorrelationRules

struct Correlation {
  std::size_t rule = 0;  // its own place in Pack::rules()
  CorrelationType type{};
  std::vector<std::size_t> joins;              // places in Pack::rules(), in the order written
  std::vector<std::vector<FieldId>> group_by;  // by joined rule: the fields whose values make the group
  Duration timespan;                           // of a window, both ends included
  std::vector<FieldId> values;                 // value_*: what is counted, summed or averaged
  std::vector<Criterion> criteria;             // all must hold of the window's number; empty with a condition
  std::optional<Condition> condition;          // temporal types: over the joined rules, by their index
  RuleSet searched = 0;                        // rules under `not`: their absence is asked for
  RuleSet exonerating = 0;                     // of these, what may still clear the case: open, they are no excuse
  bool at_close = false;                       // lt, lte, eq, neq: judged when the watermark closes the window
};

}  // namespace quaywatch::rules
