#include "api/backtests.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/backtest_pages.h"
#include "base/limits_server.h"
#include "io/clock.h"
#include "io/priority.h"

namespace quaywatch::api {
namespace {

bool is_same(const identity::Reader& a, const identity::Reader& b) {
  return a.user_id == b.user_id && a.kind == b.kind && a.owners == b.owners && a.linked_accounts == b.linked_accounts;
}

}  // namespace

std::string_view name(BacktestJob::State state) {
  switch (state) {
    case BacktestJob::State::reading:
      return "reading";
    case BacktestJob::State::judging:
      return "judging";
    case BacktestJob::State::done:
      return "done";
    case BacktestJob::State::failed:
      return "failed";
  }
  return "";
}

bool Backtests::start(JobPtr job) {
  const std::lock_guard lock(mutex_);
  // One that was given up ends within moments: the next may wait for it.
  if (next_ != nullptr || (current_ != nullptr && !current_->is_given_up)) return false;
  std::erase_if(jobs_, [&](const JobPtr& j) { return j->reader.user_id == job->reader.user_id; });
  if (jobs_.size() == limits::kBacktestsKept) jobs_.erase(jobs_.begin());
  jobs_.push_back(job);
  next_ = std::move(job);
  has_work_.notify_one();
  return true;
}

std::shared_ptr<const BacktestJob> Backtests::find(const std::string& id, const identity::Reader& reader) const {
  const std::lock_guard lock(mutex_);
  const auto at = std::find_if(jobs_.begin(), jobs_.end(),
                               [&](const JobPtr& j) { return j->id == id && is_same(j->reader, reader); });
  return at == jobs_.end() ? nullptr : *at;
}

bool Backtests::give_up(const std::string& id, const identity::Reader& reader) {
  const std::lock_guard lock(mutex_);
  const auto at = std::find_if(jobs_.begin(), jobs_.end(),
                               [&](const JobPtr& j) { return j->id == id && is_same(j->reader, reader); });
  if (at == jobs_.end()) return false;
  (*at)->is_given_up = true;
  if (next_ == *at) next_ = nullptr;
  jobs_.erase(at);
  return true;
}

void Backtests::run(const std::stop_token& stop) {
  io::give_way();
  while (true) {
    {
      std::unique_lock lock(mutex_);
      current_ = nullptr;
      if (!has_work_.wait(lock, stop, [&] { return next_ != nullptr; })) return;
      current_ = std::exchange(next_, nullptr);
    }
    try_out(*current_, stop);
  }
}

void Backtests::try_out(BacktestJob& job, const std::stop_token& stop) {
  const auto on_step = [&](live::BacktestStage stage, std::uint64_t done, std::uint64_t all) {
    if (stage == live::BacktestStage::judging && job.state == BacktestJob::State::reading) {
      job.judging_since = io::monotonic_now().us;
      job.state = BacktestJob::State::judging;
    }
    job.done = done;
    job.all = all;
    return !job.is_given_up && !stop.stop_requested();
  };
  const auto tried = live::run(job.what, now_(), on_step, [&](const live::BacktestDone& done) {
    job.result = backtest_result(done);
    job.figures = rulebook::figures(done.rules);
    job.figures.on_server = {job.what.interval.from, job.what.interval.until, job.against};
  });
  if (!tried && !job.is_given_up && !stop.stop_requested()) {
    const bool is_empty = tried.error().code == ErrorCode::not_found;
    job.problem = is_empty ? tried.error().message : "it failed; the log of the server says why";
    if (!is_empty) say_(fmt::format("a back-test failed: {}: {}", tried.error().context, tried.error().message));
  }
  // The rules and what they hold are needed no more.
  job.what.before.clear();
  job.what.now.clear();
  job.what.deployments = nullptr;
  job.state = tried ? BacktestJob::State::done : BacktestJob::State::failed;
}

}  // namespace quaywatch::api
