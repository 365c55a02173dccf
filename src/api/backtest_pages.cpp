#include "api/backtest_pages.h"

#include <algorithm>
#include <map>

#include "base/limits_server.h"
#include "live/backtest_json.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

ordered_json example_json(const live::AlertRow& a, std::string_view effect,
                          const std::vector<std::string>& differences) {
  ordered_json j{{"effect", effect}, {"alert_id", a.id}, {"rule_id", a.rule->id}, {"title", a.rule->title}};
  j["level"] = rules::name(a.rule->level);
  j["event_time"] = format_rfc3339(a.event_time);
  j["subjects"] = ordered_json::array();
  for (const live::SubjectRow& s : a.subjects)
    j["subjects"].push_back({{"role", pipeline::name(s.role)},
                             {"kind", live::subject_kind(s.field)},
                             {"value", s.value},
                             {"label", s.label}});
  j["differences"] = differences;
  return j;
}

ordered_json examples_json(const live::BacktestDone& done) {
  auto out = ordered_json::array();
  const auto some = [&](const std::vector<pipeline::Alert>& alerts, std::string_view effect) {
    for (std::size_t i = 0; i < std::min(alerts.size(), limits::kBacktestExamples); ++i)
      out.push_back(example_json(done.row(alerts[i]), effect, {}));
  };
  for (const rulebook::ComparedRule& r : done.rules) {
    some(r.appear, "appear");
    some(r.disappear, "disappear");
    for (std::size_t i = 0; i < std::min(r.change.size(), limits::kBacktestExamples); ++i)
      out.push_back(example_json(done.row(r.change[i].now), "change", r.change[i].differences));
  }
  return out;
}

ordered_json days_json(const std::vector<rulebook::ComparedRule>& rules) {
  std::map<std::int64_t, std::pair<std::size_t, std::size_t>> days;
  for (const rulebook::ComparedRule& r : rules) {
    for (const auto& [day, n] : r.before.per_day) days[day].first += n;
    for (const auto& [day, n] : r.now.per_day) days[day].second += n;
  }
  auto out = ordered_json::array();
  for (const auto& [day, n] : days)
    out.push_back({{"day", live::day_text(day)}, {"before", n.first}, {"now", n.second}});
  return out;
}

double seconds_of(Duration d) {
  return static_cast<double>(d.us / 1000) / 1000;
}

}  // namespace

ordered_json figures_json(const rulebook::BacktestFigures& f) {
  ordered_json j{{"now", f.now}, {"before", f.before}, {"appear", f.appear}};
  j["disappear"] = f.disappear;
  j["change"] = f.change;
  j["on_server"] = nullptr;
  if (f.on_server)
    j["on_server"] = {{"from", format_rfc3339(f.on_server->from)},
                      {"until", format_rfc3339(f.on_server->until)},
                      {"against", f.on_server->against}};
  return j;
}

ordered_json backtest_result(const live::BacktestDone& done) {
  ordered_json j{{"events", done.events}};
  j["days"] = days_json(done.rules);
  j["rules"] = ordered_json::array();
  for (const rulebook::ComparedRule& r : done.rules) j["rules"].push_back(live::row_json(r));
  j["examples"] = examples_json(done);
  j["seconds"] = {{"before", seconds_of(done.before)}, {"now", seconds_of(done.now)}};
  return j;
}

ordered_json backtest_json(const BacktestJob& job, Duration monotonic_now) {
  const auto state = job.state.load();
  const std::uint64_t done = job.done, all = job.all;
  ordered_json j{{"backtest_id", job.id}, {"state", name(state)}, {"asked_at", format_rfc3339(job.asked_at)}};
  j["from"] = format_rfc3339(job.what.interval.from);
  j["until"] = format_rfc3339(job.what.interval.until);
  j["against"] = job.against;
  j["done"] = done;
  j["all"] = all;
  j["seconds_left"] = nullptr;
  if (state == BacktestJob::State::judging && done > 0)
    j["seconds_left"] = static_cast<double>(monotonic_now.us - job.judging_since) / 1e6 *
                        static_cast<double>(all - std::min(done, all)) / static_cast<double>(done);
  j["problem"] = state == BacktestJob::State::failed ? job.problem : std::string();
  j["figures"] = state == BacktestJob::State::done ? figures_json(job.figures) : ordered_json(nullptr);
  j["result"] = state == BacktestJob::State::done ? job.result : ordered_json(nullptr);
  return j;
}

}  // namespace quaywatch::api
