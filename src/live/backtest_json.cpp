#include "live/backtest_json.h"

#include <nlohmann/json.hpp>

namespace quaywatch::live {
namespace {

using nlohmann::ordered_json;

ordered_json exceptions_json(const rulebook::RuleRun& run) {
  auto out = ordered_json::array();
  for (std::size_t i = 0; i < run.covered.size(); ++i) {
    const rules::Exception& e = run.rule->exceptions[i];
    ordered_json j{{"owner", e.owner}, {"reason", e.reason}};
    j["from"] = format_rfc3339(e.from);
    j["until"] = format_rfc3339(e.until);
    if (!e.by.empty()) j["by"] = e.by;
    j["alerts"] = run.covered[i];
    out.push_back(std::move(j));
  }
  return out;
}

ordered_json run_json(const rulebook::RuleRun& run) {
  if (run.rule == nullptr) return nullptr;
  ordered_json j{
      {"version", run.rule->version}, {"level", name(run.rule->level)}, {"alerts", run.alerts}, {"asked", run.asked}};
  j["not_evaluated"] = ordered_json::object();
  for (const auto& [cause, n] : run.not_evaluated) j["not_evaluated"][std::string(name(cause))] = n;
  j["per_day"] = ordered_json::object();
  for (const auto& [day, n] : run.per_day) j["per_day"][day_text(day)] = n;
  if (!run.covered.empty()) j["exceptions"] = exceptions_json(run);
  return j;
}

}  // namespace

std::string day_text(std::int64_t day) {
  return format_rfc3339(Timestamp{days(day).us}).substr(0, 10);
}

ordered_json row_json(const rulebook::ComparedRule& r) {
  return {{"rule_id", r.id},
          {"title", r.rule().title},
          {"appear", r.appear.size()},
          {"disappear", r.disappear.size()},
          {"change", r.change.size()},
          {"before", run_json(r.before)},
          {"now", run_json(r.now)}};
}

}  // namespace quaywatch::live
