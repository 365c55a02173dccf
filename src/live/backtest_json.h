// The rows of a back-test as JSON, one per rule: of `backtest --format jsonl` and of the interface. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "rulebook/comparison.h"

namespace quaywatch::live {

// rule_id, title, appear, disappear, change; before and now: version, level, alerts, asked, not_evaluated, per_day, and
// what its exceptions cover.
nlohmann::ordered_json row_json(const rulebook::ComparedRule& rule);
std::string day_text(std::int64_t day);  // of RuleRun::per_day

}  // namespace quaywatch::live
