#include <algorithm>
#include <set>

#include "api/answer.h"
#include "api/operations.h"
#include "api/visibility.h"
#include "pipeline/needed_types.h"
#include "rules/modi_operandi.h"
#include "rules/staff_data.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

// What came of each feed, and what the contract of one that delivers promises beside it.
pipeline::TypeNames provided_types(const Context& context, const live::View& view) {
  pipeline::TypeNames out;
  std::set<std::string> delivers;
  for (const live::FeedRow& row : view.feeds) {
    delivers.insert(row.feed);
    for (const EventType t : row.types) out.emplace(info(t).name);
  }
  const auto contracts = context.live->configuration().mappings;
  for (const auto& mapping : contracts->mappings)
    if (delivers.contains(mapping.feed))
      for (const EventType t : mapping.provides) out.emplace(info(t).name);
  return out;
}

// The rules that tell alerts and that the reader may see, with what keeps each from judging here and now.
struct Covering {
  const live::RuleRow* row;
  std::vector<std::string> lacks;
  bool is_off;
};

std::vector<Covering> covering_rules(const Context& context, const Call& call, const live::View& view) {
  const auto provided = provided_types(context, view);
  std::vector<Covering> out;
  for (const live::RuleRow& row : view.rules) {
    const rules::Rule& r = *row.rule;
    if (r.is_part || !may_see(call.reader, r)) continue;
    const bool is_off = rules::reads_staff_data(r) && !view.deployments->permits(r.id, call.now);
    out.push_back({&row, pipeline::lacking(row.needs, provided), is_off});
  }
  return out;
}

std::string_view state_of(const Covering& c) {
  if (c.is_off) return "off";
  return c.lacks.empty() ? "judges" : "lacks_feeds";
}

ordered_json mo_json(const rules::ModusOperandi& mo, const std::vector<Covering>& all) {
  std::set<std::string> events(mo.needs.begin(), mo.needs.end());
  auto for_it = ordered_json::array();
  for (const Covering& c : all) {
    const rules::Rule& r = *c.row->rule;
    if (std::find(r.mo.begin(), r.mo.end(), mo.number) == r.mo.end()) continue;
    events.insert(c.row->needs.begin(), c.row->needs.end());
    for_it.push_back({{"rule_id", r.id},
                      {"title", r.title},
                      {"directions", r.direction},
                      {"state", state_of(c)},
                      {"lacks", c.lacks}});
  }
  return {{"mo", mo.number},   {"name", mo.name}, {"directions", mo.directions},
          {"events", events}, {"why", mo.why},   {"rules", std::move(for_it)}};
}

}  // namespace

io::HttpResponse get_coverage(Context& context, const Call& call) {
  const auto view = context.live->view();
  const auto all = covering_rules(context, call, *view);
  ordered_json j{{"items", ordered_json::array()}};
  for (const rules::ModusOperandi& mo : rules::modi_operandi()) j["items"].push_back(mo_json(mo, all));
  return json_answer(j);
}

}  // namespace quaywatch::api
