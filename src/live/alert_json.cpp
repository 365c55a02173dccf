#include "live/alert_json.h"

#include <nlohmann/json.hpp>
#include <algorithm>

namespace quaywatch::live {
namespace {

using nlohmann::ordered_json;

ordered_json names(const std::vector<FieldId>& fields) {
  auto out = ordered_json::array();
  for (const FieldId f : fields) out.push_back(info(f).name);
  return out;
}

ordered_json evidence_json(const EvidenceRow& e) {
  ordered_json row;
  if (e.event) {
    row = event_json(*e.event);
  } else {
    row = search_json(e.search);
    row["sentence"] = info(e.search.searched).sentence;
  }
  row["facts"] = names(e.facts);
  return row;
}

// The values of one field together, in the order of their first.
ordered_json facts_json(const std::vector<ShownField>& facts) {
  auto out = ordered_json::array();
  for (const ShownField& f : facts) {
    const auto is_same = [&](const ordered_json& row) { return row["name"] == info(f.field).name; };
    const auto at = std::find_if(out.begin(), out.end(), is_same);
    if (at != out.end())
      (*at)["values"].push_back(f.text);
    else
      out.push_back({{"name", info(f.field).name},
                     {"values", ordered_json::array({f.text})},
                     {"unit", info(f.field).unit},
                     {"sentence", info(f.field).sentence}});
  }
  return out;
}

}  // namespace

ordered_json search_json(const pipeline::Evidence& e) {
  const bool is_required = e.facts.empty();
  ordered_json row;
  row[is_required ? "required" : "searched"] = info(e.searched).name;
  row["facility"] = e.facility;
  row["from"] = format_rfc3339(e.from);
  row["until"] = format_rfc3339(e.until);
  if (e.cover != timeline::Cover::covered)
    row["unanswered"] = name(e.cover);
  else if (!is_required)
    row["found"] = 0;
  row["feeds"] = ordered_json::array();
  for (const auto& by : e.feeds)
    row["feeds"].push_back(
        {{"feed", by.feed}, {"facility", by.facility}, {"known_at", format_rfc3339(by.known_at)}});
  return row;
}

ordered_json fields_json(const std::vector<ShownField>& fields) {
  auto out = ordered_json::array();
  for (const ShownField& f : fields) {
    ordered_json row{{"name", info(f.field).name}, {"value", f.text}};
    if (f.unknown != UnknownCause::none) row["unknown"] = name(f.unknown);
    out.push_back(std::move(row));
  }
  return out;
}

ordered_json event_json(const EventRow& e) {
  ordered_json j;
  j["event_id"] = e.id.hex();
  j["type"] = info(e.type).name;
  j["sentence"] = info(e.type).sentence;
  j["facility"] = e.facility;
  j["owner"] = e.owner;
  j["event_time"] = format_rfc3339(e.event_time);
  j["reported_at"] = format_rfc3339(e.reported_at);
  j["received_at"] = format_rfc3339(e.received_at);
  j["time_error_s"] = e.time_error_s;
  j["feed"] = e.feed;
  j["file"] = e.file;
  j["offset"] = e.offset;
  j["size"] = e.size;
  j["fields"] = fields_json(e.fields);
  return j;
}

ordered_json summary_json(const AlertRow& a) {
  const rules::Rule& r = *a.rule;
  ordered_json j;
  j["alert_id"] = a.id;
  j["revision"] = a.revision;
  j["status"] = pipeline::name(a.status);
  j["rule_id"] = r.id;
  j["rule_version"] = r.version;
  j["invariant"] = r.invariant;
  j["mo"] = r.mo;
  j["direction"] = a.direction;
  j["title"] = r.title;
  j["level"] = rules::name(r.level);
  j["subjects"] = ordered_json::array();
  for (const auto& s : a.subjects)
    j["subjects"].push_back({{"role", pipeline::name(s.role)},
                             {"kind", subject_kind(s.field)},
                             {"value", s.value},
                             {"label", s.label}});
  j["event_time"] = format_rfc3339(a.event_time);
  j["last_event_time"] = format_rfc3339(a.last_event_time);
  j["knowable_at"] = format_rfc3339(a.knowable_at);
  j["act_before"] = a.act_before ? ordered_json(format_rfc3339(*a.act_before)) : ordered_json(nullptr);
  j["matches"] = a.matches;
  j["changed_at"] = format_rfc3339(a.changed_at);
  if (a.exception) {
    j["suppressed"] = {{"owner", a.exception->owner},
                       {"reason", a.exception->reason},
                       {"from", format_rfc3339(a.exception->from)},
                       {"until", format_rfc3339(a.exception->until)}};
    if (!a.exception->by.empty()) j["suppressed"]["by"] = a.exception->by;
  }
  if (!a.superseded_by.empty()) j["superseded_by"] = a.superseded_by;
  return j;
}

ordered_json detail_json(const AlertRow& a) {
  ordered_json j;
  j["actions"] = a.rule->actions;
  j["facts"] = facts_json(a.facts);
  j["evidence"] = ordered_json::array();
  for (const EvidenceRow& e : a.evidence) j["evidence"].push_back(evidence_json(e));
  j["evidence_omitted"] = a.evidence_omitted;
  j["missing_inputs"] = ordered_json::array();
  for (const FieldId f : a.missing_inputs)
    j["missing_inputs"].push_back(
        {{"fact", info(f).name}, {"cause", name(a.missing_cause)}, {"sentence", sentence(a.missing_cause)}});
  j["innocent_causes"] = a.rule->false_positives;
  return j;
}

}  // namespace quaywatch::live
