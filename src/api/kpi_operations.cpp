#include <functional>
#include <mutex>

#include "api/answer.h"
#include "api/operations.h"
#include "api/outcomes.h"
#include "api/parameters.h"
#include "api/teller.h"
#include "api/visibility.h"
#include "base/limits_server.h"
#include "kpi/small_cells.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

std::optional<Timestamp> acknowledged_at(const Context& context, const Call& call, const std::string& alert_id) {
  const auto story = context.teller == nullptr ? std::nullopt : context.teller->story(alert_id);
  if (!story || !story->acknowledged || story->acknowledged->organisation != call.organisation.id) return std::nullopt;
  return story->acknowledged->at;
}

std::vector<kpi::Received> all_received(const Context& context, const Call& call, const live::View& view) {
  std::vector<kpi::Received> out;
  for (const live::AlertRowPtr& alert : *view.alerts) {
    if (!may_see(call.reader, *alert)) continue;
    out.push_back(received(*alert));
    out.back().acknowledged_at = acknowledged_at(context, call, alert->id);
  }
  return out;
}

kpi::Kpis counted(const Context& context, const Call& call, const live::View& view, const kpi::Question& question) {
  const auto alerts = all_received(context, call, view);
  const std::shared_lock lock(context.books_mutex);
  std::vector<holds::Hold> holds;
  for (const kpi::Received& alert : alerts)
    for (const holds::Hold* hold : context.holds.of_alert(alert.alert_id, call.organisation.id)) holds.push_back(*hold);
  static const cases::CaseBook none;
  const auto book = context.books.find(call.organisation.id);
  return kpi::count(question, alerts, book == context.books.end() ? none : book->second, holds);
}

// Overlapping periods could be told apart by their difference; months do not overlap.
bool is_one_month(Timestamp from, Timestamp until) {
  CivilTime month = to_civil_utc(from);
  const CivilTime first{month.year, month.month};
  const CivilTime next = month.month == 12 ? CivilTime{month.year + 1, 1} : CivilTime{month.year, month.month + 1};
  return from == from_civil_utc(first) && until == from_civil_utc(next);
}

ordered_json cell(const kpi::Cell& c) {
  return c ? ordered_json(*c) : ordered_json(nullptr);
}

ordered_json counts_json(const kpi::Breakdown& b, std::span<const std::string_view> words) {
  ordered_json parts = ordered_json::object();
  for (std::size_t i = 0; i < b.parts.size(); ++i) parts[std::string(words[i])] = cell(b.parts[i]);
  return {{"total", cell(b.total)}, {"parts", std::move(parts)}};
}

using Title = std::function<ordered_json(const kpi::RowKey&)>;
ordered_json table_json(const kpi::Table& table, std::span<const std::string_view> words, const Title& title) {
  ordered_json j{{"rows", ordered_json::array()}};
  for (const auto& [key, row] : table.rows) {
    ordered_json line = title(key);
    line["counts"] = counts_json(row, words);
    j["rows"].push_back(std::move(line));
  }
  j["rest"] = table.rest ? counts_json(*table.rest, words) : ordered_json(nullptr);
  return j;
}

ordered_json times_json(const kpi::Kpis& k) {
  const auto seconds = [](const std::optional<Duration>& d) {
    return d ? ordered_json(d->whole_seconds()) : ordered_json(nullptr);
  };
  ordered_json j = ordered_json::object();
  for (std::size_t i = 0; i < k.times.size(); ++i)
    j[std::string(kpi::kTimeNames[i])] = {{"count", cell(k.times[i].count)},
                                          {"median_s", seconds(k.times[i].median)},
                                          {"p90_s", seconds(k.times[i].p90)}};
  return j;
}

ordered_json sample_json(const kpi::Sample& sample, const live::View& view) {
  ordered_json j{{"dismissed", sample.dismissed}, {"drawn", ordered_json::array()}};
  for (const kpi::DrawnDismissal& d : sample.drawn) {
    const auto alert = view.alerts->find(d.alert_id);
    j["drawn"].push_back({{"alert_id", d.alert_id},
                          {"title", alert == nullptr ? "" : alert->rule->title},
                          {"reason_code", d.reason_code},
                          {"dismissed_at", format_rfc3339(d.at)},
                          {"review", kpi::kReviewNames[static_cast<std::size_t>(d.review)]},
                          {"own", d.is_own}});
  }
  return j;
}

ordered_json kpis_json(const kpi::Kpis& k, const live::View& view) {
  std::map<std::string, std::string> titles;
  for (const live::AlertRowPtr& alert : *view.alerts) titles[alert->rule->id] = alert->rule->title;
  const auto by_rule = [&](const kpi::RowKey& key) {
    return ordered_json{{"key", key.second}, {"title", titles[key.second]}, {"level", key.first}};
  };
  const auto by_name = [](const kpi::RowKey& key) { return ordered_json{{"key", key.second}}; };
  ordered_json j{{"alerts", counts_json(k.alerts, kpi::kPartNames)}};
  for (const kpi::Part part : {kpi::Part::open, kpi::Part::dismissed, kpi::Part::closed}) {
    const auto i = static_cast<std::size_t>(part);
    j[std::string(kpi::kPartNames[i])] = counts_json(k.details[i], words_of(part));
  }
  j["by_level"] = table_json(k.by_level, kpi::kPartNames, by_name);
  j["by_rule"] = table_json(k.by_rule, kpi::kPartNames, by_rule);
  j["by_facility"] = table_json(k.by_facility, kpi::kPartNames, by_name);
  j["dismissals"] = table_json(k.dismissals, cases::kReasonCodes, by_rule);
  j["times"] = times_json(k);
  j["cases_opened"] = counts_json(k.opened, cases::kCaseStateNames);
  j["cases_closed"] = counts_json(k.closed, cases::kOutcomes);
  j["cases_cleared"] = counts_json(k.cleared, kpi::kToldNames);
  j["holds"] = counts_json(k.holds, holds::kStateNames);
  j["sample"] = k.sample ? sample_json(*k.sample, view) : ordered_json(nullptr);
  return j;
}

}  // namespace

// Whoever may open every alert that is counted reads the exact figures; an auditor opens none.
io::HttpResponse get_kpis(Context& context, const Call& call) {
  Reading in(call.query);
  kpi::Question question{in.time("from").value_or(Timestamp::min()), in.time("until").value_or(Timestamp::max()),
                         in.text("facility", 64, false, 0), call.user.id};
  const bool is_reader = call.user.has(identity::Role::officer) || call.user.has(identity::Role::viewer);
  const std::string wanted = in.word("small_cells", {"shown", "hidden"});
  const bool is_hidden = wanted.empty() ? !is_reader : wanted == "hidden";
  if (in.is_good() && is_hidden && !is_one_month(question.from, question.until))
    in.refuse("from", "without small cells there are figures of a calendar month of UTC only: from its first instant "
                      "until the first of the next");
  if (in.is_good() && is_hidden && !question.facility.empty())
    in.refuse("facility", "without small cells there are figures of all facilities together only");
  if (!in.is_good()) return invalid(in);
  if (!is_hidden && !is_reader)
    return problem(403, "forbidden", "small cells are shown to those who may open the alerts behind them");
  const auto view = context.live->view();
  kpi::Kpis k = counted(context, call, *view, question);
  if (is_hidden) k = kpi::without_small_cells(std::move(k));
  // Who can be let into no case would read that there are none.
  if (!is_reader) kpi::hide(k.opened), kpi::hide(k.closed), kpi::hide(k.cleared);
  ordered_json j{{"as_of", format_rfc3339(call.now)},
                 {"small_cells", is_hidden ? "hidden" : "shown"},
                 {"small_cell", limits::kSmallCell}};
  j.update(kpis_json(k, *view));
  return json_answer(j);
}

}  // namespace quaywatch::api
