// Backtests: sets of rules that users try on the server's own journal, one at a time, in a thread of the program
// (`run`) that gives way to everything else. What came of one is held in memory for who asked for it, until he asks
// again, limits::kBacktestsKept came after it, or the server ends. Thread-safe, but `run` belongs to one thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "identity/wall.h"
#include "live/backtest.h"
#include "rulebook/backtest_summary.h"

namespace quaywatch::api {

struct BacktestJob {
  enum class State : std::uint8_t { reading, judging, done, failed };

  std::string id;
  identity::Reader reader;  // who asked, and what he might see then: for other eyes it is not
  Timestamp asked_at;
  live::Backtest what;
  Digest digest{};  // of the texts that are tried
  std::uint32_t against = 0;

  // The thread of the run writes what follows; `state` last.
  std::atomic<std::uint64_t> done = 0, all = 0;
  std::atomic<std::int64_t> judging_since = 0;  // of the monotonic clock
  std::atomic<bool> is_given_up = false;
  nlohmann::ordered_json result;  // done; schema BacktestResult
  rulebook::BacktestFigures figures;
  std::string problem;  // failed
  std::atomic<State> state = State::reading;

  bool is_over() const { return state == State::done || state == State::failed; }
};

std::string_view name(BacktestJob::State state);

class Backtests {
 public:
  // `say` gets what failed, for who runs the server.
  Backtests(std::function<Timestamp()> now, std::function<void(const std::string& sentence)> say)
      : now_(std::move(now)), say_(std::move(say)) {}

  // False: another one runs.
  bool start(std::shared_ptr<BacktestJob> job);
  // nullptr: there is none of this id for this reader.
  std::shared_ptr<const BacktestJob> find(const std::string& id, const identity::Reader& reader) const;
  // Ends it and forgets it. False: there is none.
  bool give_up(const std::string& id, const identity::Reader& reader);

  // Until `stop`, which ends the one under way within moments.
  void run(const std::stop_token& stop);

 private:
  using JobPtr = std::shared_ptr<BacktestJob>;

  void try_out(BacktestJob& job, const std::stop_token& stop);

  const std::function<Timestamp()> now_;
  const std::function<void(const std::string&)> say_;
  mutable std::mutex mutex_;  // of all that follows
  std::condition_variable_any has_work_;
  std::vector<JobPtr> jobs_;  // oldest first; those that were not given up
  JobPtr next_, current_;
};

}  // namespace quaywatch::api
