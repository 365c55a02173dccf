// What the interface shows of back-tests. Pure; thread-safe.
#pragma once

#include <nlohmann/json.hpp>

#include "api/backtests.h"

namespace quaywatch::api {

// What was found, for the reader that the back-test is for: rules as `backtest --format jsonl` has them, alerts per
// day, and of each rule and effect the first limits::kBacktestExamples alerts.
nlohmann::ordered_json backtest_result(const live::BacktestDone& done);
nlohmann::ordered_json figures_json(const rulebook::BacktestFigures& figures);
nlohmann::ordered_json backtest_json(const BacktestJob& job, Duration monotonic_now);

}  // namespace quaywatch::api
