#include "live/alert_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <type_traits>

namespace quaywatch::live {
namespace {

using nlohmann::ordered_json;

ordered_json names(const std::vector<FieldId>& fields) {
  auto out = ordered_json::array();
  for (const FieldId f : fields) out.push_back(info(f).name);
  return out;
}

// Each form has one list of its members, for trees and for text: add(name, value).
template <typename Add>
void each_member(const ShownField& f, Add&& add) {
  add("name", info(f.field).name);
  add("value", f.text);
  if (f.unknown != UnknownCause::none) add("unknown", name(f.unknown));
}

template <typename Add>
void each_member(const EventRow& e, Add&& add) {
  add("event_id", e.id.hex());
  add("type", info(e.type).name);
  add("sentence", info(e.type).sentence);
  add("facility", e.facility);
  add("owner", e.owner);
  add("event_time", e.event_time);
  add("reported_at", e.reported_at);
  add("received_at", e.received_at);
  add("time_error_s", e.time_error_s);
  add("feed", e.feed);
  add("file", e.file);
  add("offset", e.offset);
  add("size", e.size);
}

template <typename Add>
void each_member(const timeline::Coverage::Answerer& by, Add&& add) {
  add("feed", by.feed);
  add("facility", by.facility);
  add("known_at", by.known_at);
}

// Of a search.
template <typename Add>
void each_member(const pipeline::Evidence& e, Add&& add) {
  add(e.is_required() ? "required" : "searched", info(e.searched).name);
  add("facility", e.facility);
  add("from", e.from);
  add("until", e.until);
  if (e.cover != timeline::Cover::covered)
    add("unanswered", name(e.cover));
  else if (!e.is_required())
    add("found", 0);
}

template <typename Row>
ordered_json tree_of(const Row& row) {
  ordered_json j;
  each_member(row, [&](const char* name, const auto& value) {
    if constexpr (std::is_same_v<decltype(value), const Timestamp&>)
      j[name] = format_rfc3339(value);
    else
      j[name] = value;
  });
  return j;
}

template <typename Rows>
ordered_json trees_of(const Rows& rows) {
  auto out = ordered_json::array();
  for (const auto& row : rows) out.push_back(tree_of(row));
  return out;
}

template <typename Row>
void put_members(JsonText& out, const Row& row) {
  each_member(row, [&](const char* name, const auto& value) { out.key(name).value(value); });
}

template <typename Rows>
void put_all(JsonText& out, const Rows& rows) {
  out.open('[');
  for (const auto& row : rows) {
    put_members(out.open('{'), row);
    out.close('}');
  }
  out.close(']');
}

ordered_json evidence_json(const EvidenceRow& e) {
  ordered_json row;
  if (e.event) {
    row = tree_of(*e.event);
    row["fields"] = trees_of(e.event->fields);
  } else {
    row = tree_of(e.search);
    row["feeds"] = trees_of(e.search.feeds);
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

void put_search(JsonText& out, const pipeline::Evidence& search) {
  put_members(out, search);
  put_all(out.key("feeds"), search.feeds);
}

void put_fields(JsonText& out, const std::vector<ShownField>& fields) {
  put_all(out, fields);
}

void put_event(JsonText& out, const EventRow& event) {
  put_members(out, event);
  put_fields(out.key("fields"), event.fields);
}

ordered_json fields_json(const std::vector<ShownField>& fields) {
  return trees_of(fields);
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
