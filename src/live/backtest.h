// A back-test of the server: a Trial over its own journal, beside the engine. It reads the journal as another process
// would, with a KeyRing and an InputLog of its own: nothing that counts without atomics is shared. Deterministic but
// for the time that it took. One thread; any.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "live/rows.h"
#include "live/trial.h"
#include "rulebook/deployed_rules.h"

namespace quaywatch::live {

struct Backtest {
  std::string data_dir;
  std::vector<rules::RuleFile> before, now;  // those in force, and those that are tried
  std::shared_ptr<const rulebook::Deployments> deployments;  // of the same moment: agreements on staff data
  Interval interval;
  // For whom it is: rules and alerts that do not pass are as if they were not there. Called in the run's thread.
  std::function<bool(const rules::Rule&)> may_see_rule;
  std::function<bool(const AlertRow&)> may_see;
};

struct BacktestDone {
  const std::vector<rulebook::ComparedRule>& rules;
  std::function<AlertRow(const pipeline::Alert&)> row;
  std::uint64_t events = 0;  // within the interval
  Duration before, now;      // that judging took
};

// `reading`: entries of the journal, twice: what counts, then what they say. `judging`: its events.
enum class BacktestStage : std::uint8_t { reading, judging };
// False ends the run, with an Error.
using OnBacktestStep = std::function<bool(BacktestStage stage, std::uint64_t done, std::uint64_t all)>;

// `use` gets what was found while it can be read. not_found: nothing happened within the interval.
Result<void> run(const Backtest& backtest, Timestamp now, const OnBacktestStep& on_step,
                 const std::function<void(const BacktestDone&)>& use);

}  // namespace quaywatch::live
