#include <algorithm>

#include "api/answer.h"
#include "api/operations.h"
#include "api/visibility.h"
#include "rules/staff_data.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

ordered_json type_names(const std::vector<EventType>& types) {
  auto out = ordered_json::array();
  for (const EventType t : types) out.push_back(info(t).name);
  return out;
}

ordered_json rule_json(const live::View& view, const Call& call, const live::RuleRow& row) {
  const rules::Rule& r = *row.rule;
  const auto is_told = [&](const live::AlertRowPtr& a) {
    return a->rule->id == r.id && a->status != pipeline::AlertStatus::withdrawn && may_see(call.reader, *a);
  };
  ordered_json j{{"rule_id", r.id}, {"version", r.version}, {"title", r.title}, {"description", r.description}};
  j["level"] = rules::name(r.level);
  j["raises_alerts"] = !r.is_part;
  j["status"] = r.status;
  j["invariant"] = r.invariant;
  j["mo"] = r.mo;
  j["types"] = type_names(r.types);
  j["requires"] = type_names(r.needs_types);
  j["alerts"] = std::count_if(view.alerts->begin(), view.alerts->end(), is_told);
  const bool may_count = may_see_all(call.reader, view.feeds);
  const auto counted = [&](std::uint64_t events) { return may_count ? ordered_json(events) : ordered_json(nullptr); };
  j["asked"] = counted(row.asked);
  j["not_evaluated"] = ordered_json::object();
  for (const auto& [cause, events] : row.not_evaluated)
    j["not_evaluated"][std::string(name(cause))] = counted(events);
  j["reads_staff_data"] = rules::reads_staff_data(r);
  j["is_off"] = row.off > 0;
  j["off"] = counted(row.off);
  return j;
}

}  // namespace

io::HttpResponse list_rules(Context& context, const Call& call) {
  const auto view = context.live->view();
  ordered_json j{{"items", ordered_json::array()}};
  for (const live::RuleRow& row : view->rules)
    if (may_see(call.reader, *row.rule)) j["items"].push_back(rule_json(*view, call, row));
  return json_answer(j);
}

io::HttpResponse get_rule(Context& context, const Call& call) {
  const auto view = context.live->view();
  const auto at = std::find_if(view->rules.begin(), view->rules.end(), [&](const live::RuleRow& row) {
    return row.rule->id == call.path.at("ruleId") && may_see(call.reader, *row.rule);
  });
  if (at == view->rules.end()) return problem(404, "not_found", "there is no such rule", "ruleId");
  return json_answer({{"rule", rule_json(*view, call, *at)},
                      {"text", *at->text},
                      {"innocent_causes", at->rule->false_positives},
                      {"actions", at->rule->actions}});
}

}  // namespace quaywatch::api
