#include <fmt/format.h>

#include <algorithm>

#include "api/answer.h"
#include "api/backtest_pages.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "api/rule_set_pages.h"
#include "api/rule_set_reading.h"
#include "api/visibility.h"
#include "base/limits_server.h"
#include "io/clock.h"
#include "rulebook/deployed_rules.h"

namespace quaywatch::api {
namespace {

constexpr Duration kDay = days(1);

io::HttpResponse no_backtest() {
  return problem(404, "not_found",
                 "there is no such back-test of yours; it was given up, or the server was started again since",
                 "backtestId");
}

Timestamp day_begin(Timestamp t) {
  return Timestamp{t.us - ((t.us % kDay.us) + kDay.us) % kDay.us};
}

// What feeds delivered reaches from the first to the last that happened; nullopt: nothing yet. No rule is asked about
// what is planned, such as a ship's next calls.
std::optional<live::Interval> history(const live::View& view) {
  std::optional<live::Interval> out;
  for (const live::FeedRow& f : view.feeds) {
    if (!f.first || !f.last_actual) continue;
    if (!out) out = live::Interval{*f.first, *f.last_actual};
    out->from = std::min(out->from, *f.first);
    out->until = std::max(out->until, *f.last_actual);
  }
  return out;
}

// Whole days of UTC up to the latest of history, where nothing else is asked for.
live::Interval wanted(const live::Interval& history, std::optional<Timestamp> from, std::optional<Timestamp> until) {
  live::Interval out;
  out.until = until.value_or(day_begin(history.until) + kDay);
  out.from = from.value_or(std::max(day_begin(history.from), out.until + Duration{-limits::kBacktestSpan.us}));
  return out;
}

bool is_apart(const live::Interval& wanted, const live::Interval& history) {
  return wanted.from > history.until || wanted.until <= history.from;
}

std::shared_ptr<BacktestJob> job_of(const Context& context, const Call& call, const live::View& view,
                                    std::vector<rules::RuleFile> files, live::Interval interval) {
  auto job = std::make_shared<BacktestJob>();
  job->reader = call.reader;
  job->asked_at = call.now;
  job->digest = rulebook::pack_digest(files);
  job->against = view.in_force.version;
  job->what.data_dir = context.live->options().data_dir;
  job->what.before = rulebook::files_of(*view.deployments, context.live->options().rules, view.in_force.version);
  job->what.now = std::move(files);
  job->what.deployments = view.deployments;
  job->what.interval = interval;
  job->what.may_see_rule = [reader = call.reader](const rules::Rule& rule) { return may_see(reader, rule); };
  job->what.may_see = [reader = call.reader](const live::AlertRow& alert) { return may_see(reader, alert); };
  return job;
}

}  // namespace

io::HttpResponse start_backtest(Context& context, const Call& call) {
  Reading in(call.body, {"files", "from", "until"});
  std::vector<rules::RuleFile> files = read_files(in, call.body);
  const auto from = in.time("from"), until = in.time("until");
  if (in.is_good() && from && until && *until <= *from) in.refuse("until", "the time ends before it begins");
  if (!in.is_good()) return invalid(in);
  if (auto broken = refuse_unless_it_compiles(files)) return std::move(*broken);
  const auto view = context.live->view();
  if (!may_see(call.reader, changes_of(*view, context.live->options(), files))) return hidden_rules();
  const auto all = history(*view);
  if (!all || is_apart(wanted(*all, from, until), *all))
    return problem(409, "conflict",
                   all ? fmt::format("the journal holds nothing of this time: it goes from {} to {}",
                                     format_rfc3339(all->from), format_rfc3339(all->until))
                       : "nothing was taken in yet: there is no history to try rules on");
  auto job = job_of(context, call, *view, std::move(files), wanted(*all, from, until));
  auto id = identity::random_id("b-");
  if (!id) return problem(id.error());
  job->id = std::move(*id);
  const Use use{"startBacktest", "backtest:" + job->id,
                fmt::format("{} to {}", format_rfc3339(job->what.interval.from),
                            format_rfc3339(job->what.interval.until)),
                {}, {}};
  if (auto recorded = record(context, call, use); !recorded) return problem(recorded.error());
  // Made before it starts: its run lets go of what it holds.
  const auto answer = json_answer(backtest_json(*job, io::monotonic_now()), 202);
  if (!context.backtests->start(std::move(job)))
    return problem(409, "conflict", "another back-test runs on this server; one at a time, so that it stays quick");
  return answer;
}

io::HttpResponse get_backtest(Context& context, const Call& call) {
  const auto job = context.backtests->find(call.path.at("backtestId"), call.reader);
  if (job == nullptr) return no_backtest();
  // Its examples name subjects.
  const auto body = backtest_json(*job, io::monotonic_now());
  if (!body["result"].is_null())
    if (auto recorded = record(context, call, {"getBacktest", "backtest:" + job->id, {}, {}, {}}); !recorded)
      return problem(recorded.error());
  return json_answer(body);
}

io::HttpResponse cancel_backtest(Context& context, const Call& call) {
  const std::string& id = call.path.at("backtestId");
  if (!context.backtests->give_up(id, call.reader)) return no_backtest();
  if (auto recorded = record(context, call, {"cancelBacktest", "backtest:" + id, {}, {}, {}}); !recorded)
    return problem(recorded.error());
  io::HttpResponse answer;
  answer.status = 204;
  return answer;
}

}  // namespace quaywatch::api
