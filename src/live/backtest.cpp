#include "live/backtest.h"

#include <algorithm>
#include <map>

namespace quaywatch::live {
namespace {

// Of the alerts of one run: each rule is copied once.
class Rows {
 public:
  explicit Rows(RowMaker maker) : maker_(maker) {}
  AlertRow operator()(const pipeline::Alert& alert) {
    auto& rule = rules_[alert.rule];
    if (!rule) rule = std::make_shared<const rules::Rule>(*alert.rule);
    return maker_.alert(alert, rule);
  }

 private:
  RowMaker maker_;
  std::map<const rules::Rule*, std::shared_ptr<const rules::Rule>> rules_;
};

std::vector<rulebook::ComparedRule> compared(const Backtest& backtest, const Trial& trial, Rows& rows) {
  auto all = trial.compared([&](const pipeline::Alert& a) { return backtest.may_see(rows(a)); });
  std::erase_if(all, [&](const rulebook::ComparedRule& r) {
    const auto is_hidden = [&](const rules::Rule* rule) { return rule != nullptr && !backtest.may_see_rule(*rule); };
    return is_hidden(r.before.rule) || is_hidden(r.now.rule);
  });
  return all;
}

}  // namespace

Result<void> run(const Backtest& backtest, Timestamp now, const OnBacktestStep& on_step,
                 const std::function<void(const BacktestDone&)>& use) {
  auto keys = journal::KeyRing::open(backtest.data_dir);
  if (!keys) return tl::unexpected(keys.error());
  const auto log =
      ingest::InputLog::open_reading(backtest.data_dir, *keys, [&](std::uint64_t done, std::uint64_t all) {
        return on_step(BacktestStage::reading, done, 2 * all);
      });
  if (!log) return tl::unexpected(log.error());
  Trial trial(rules::Pack::load(backtest.before).pack, rules::Pack::load(backtest.now).pack, backtest.interval,
              rulebook::permits_of(*backtest.deployments, rulebook::Over::journal));
  WholeInput input(trial.judges(), Timestamp::min());
  InputVisitor visitor = input.visitor();
  std::uint64_t events = 0;
  visitor.event = [&, take = std::move(visitor.event)](const EventPtr& e) {
    events += backtest.interval.holds(e->event_time);
    return take(e);
  };
  const auto read = read_log(*log, visitor, [&](std::uint64_t done, std::uint64_t all) {
    return on_step(BacktestStage::reading, all + done, 2 * all);
  });
  if (const auto closed = input.close(now); !closed) return closed;
  if (!read) return tl::unexpected(read.error());
  if (events == 0) return fail(ErrorCode::not_found, "nothing that the journal holds happened within this time");
  const auto judged = input.judge([&](std::uint64_t done, std::uint64_t all) {
    return on_step(BacktestStage::judging, done, all);
  });
  if (!judged) return judged;
  std::vector<std::string> file_names;
  for (const ingest::TakenFile& f : log->files()) file_names.push_back(f.name);
  Rows rows({file_names, *keys});
  const auto rules = compared(backtest, trial, rows);
  use({rules, [&](const pipeline::Alert& a) { return rows(a); }, events, trial.before().spent, trial.now().spent});
  return {};
}

}  // namespace quaywatch::live
