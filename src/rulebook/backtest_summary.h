// What a back-test found, as one sentence that goes with a proposal. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "rules/rule.h"

namespace quaywatch::rulebook {

// Of a back-test that the server made itself: nobody had the figures in hand.
struct OnServer {
  Timestamp from, until;
  std::uint32_t against = 0;  // version in force then
};

struct BacktestFigures {
  std::size_t now = 0, before = 0;  // alerts
  std::size_t appear = 0, disappear = 0, change = 0;
  std::optional<OnServer> on_server = {};
};

std::string sentence(const BacktestFigures& figures);
// Of a sentence of this program; nullopt: it is not one.
std::optional<BacktestFigures> read_figures(const std::string& sentence);

// Of what `quaywatch backtest --format jsonl` printed. invalid_argument: it is not of exactly these rules.
Result<BacktestFigures> backtest_figures(std::string_view json_lines, const std::vector<rules::RuleFile>& files);

}  // namespace quaywatch::rulebook
