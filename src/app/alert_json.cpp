// An alert as a line of JSON, written at once: a tree of values costs ten times as much, and a history may have
// hundreds of thousands of alerts. Field names are stable: docs/reference/alerts.md.
#include <algorithm>

#include "app/render.h"
#include "base/json_text.h"
#include "live/alert_json.h"

namespace quaywatch::app {
namespace {

using pipeline::Alert;
using pipeline::Evidence;
using pipeline::ShownValue;

// The values of one field together, in the order of their first.
void put_facts(JsonText& out, const Alert& a, const Display& display) {
  out.open('{');
  for (auto first = a.facts.begin(); first != a.facts.end(); ++first) {
    const auto is_same = [&](const ShownValue& v) { return v.field == first->field; };
    if (std::any_of(a.facts.begin(), first, is_same)) continue;
    const bool is_list = std::any_of(first + 1, a.facts.end(), is_same);
    out.key(info(first->field).name);
    if (is_list) out.open('[');
    for (auto v = first; v != a.facts.end(); ++v)
      if (is_same(*v)) out.value(display.value(v->field, v->text));
    if (is_list) out.close(']');
  }
  out.close('}');
}

void put_event(JsonText& out, const Event& e, const std::vector<ingest::FileAccount>& files) {
  out.key("event_id").value(e.id.hex());
  out.key("type").value(info(e.type).name);
  out.key("event_time").value(e.event_time);
  out.key("received_at").value(e.received_at);
  out.key("feed").value(e.feed);
  out.key("file").value(file_of(e, files));
  out.key("offset").value(e.span.offset);
  out.key("size").value(e.span.size);
}

void put_evidence(JsonText& out, const Evidence& e, const std::vector<ingest::FileAccount>& files) {
  out.open('{');
  e.event ? put_event(out, *e.event, files) : live::put_search(out, e);
  if (!e.facts.empty()) {
    out.key("facts").open('[');
    for (const FieldId f : e.facts) out.value(info(f).name);
    out.close(']');
  }
  out.close('}');
}

void put_subjects(JsonText& out, const Alert& a, const Display& display) {
  out.open('[');
  for (const auto& s : a.subjects) {
    out.open('{').key("role").value(pipeline::name(s.role)).key("kind").value(live::subject_kind(s.value.field));
    out.key("value").value(display.value(s.value.field, s.value.text));
    out.key("label").value(display.label(s.value.field, s.value.text)).close('}');
  }
  out.close(']');
}

void put_missing(JsonText& out, const Alert& a) {
  out.open('[');
  for (const FieldId f : a.missing_inputs)
    out.open('{').key("fact").value(info(f).name).key("cause").value(name(a.missing_cause)).close('}');
  out.close(']');
}

void put_exception(JsonText& out, const rules::Exception& e) {
  out.open('{');
  out.key("owner").value(e.owner);
  out.key("reason").value(e.reason);
  out.key("from").value(e.from);
  out.key("until").value(e.until);
  if (!e.by.empty()) out.key("by").value(e.by);
  out.close('}');
}

}  // namespace

std::string alert_json(const Alert& a, const std::vector<ingest::FileAccount>& files, const Display& display,
                       std::string_view held_group) {
  const rules::Rule& r = *a.rule;
  JsonText out;
  out.text.reserve(2048);
  out.open('{');
  out.key("alert_id").value(a.id.hex());
  out.key("revision").value(a.revision);
  out.key("status").value(pipeline::name(a.status));
  out.key("rule_id").value(r.id);
  out.key("rule_version").value(r.version);
  out.key("invariant").value(r.invariant);
  out.key("mo").texts(r.mo);
  out.key("direction").value(a.direction);
  out.key("facility").value(a.facility);
  out.key("title").value(r.title);
  out.key("level").value(rules::name(r.level));
  put_subjects(out.key("subjects"), a, display);
  out.key("event_time").value(a.event_time);
  out.key("knowable_at").value(a.knowable_at);
  out.key("act_before");
  a.act_before ? out.value(*a.act_before) : out.null();
  out.key("actions").texts(r.actions);
  put_facts(out.key("facts"), a, display);
  out.key("matches").value(a.matches);
  out.key("evidence").open('[');
  for (const Evidence& e : a.evidence) put_evidence(out, e, files);
  out.close(']');
  if (a.evidence_omitted > 0) out.key("evidence_omitted").value(a.evidence_omitted);
  put_missing(out.key("missing_inputs"), a);
  out.key("innocent_causes").texts(r.false_positives);
  out.key("held").value(!held_group.empty());
  if (!held_group.empty()) out.key("held_group").value(held_group);
  if (a.exception) put_exception(out.key("suppressed"), r.exceptions[*a.exception]);
  if (!a.superseded_by.is_zero()) out.key("superseded_by").value(a.superseded_by.hex());
  out.close('}');
  return std::move(out.text);
}

}  // namespace quaywatch::app
