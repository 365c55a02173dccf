#include "live/rows.h"

#include <algorithm>

#include "ingest/feed_health.h"
#include "journal/pseudonym.h"
#include "model/identifiers.h"

namespace quaywatch::live {

std::string_view subject_kind(FieldId field) {
  return info(field).subject != SubjectKind::none ? name(info(field).subject) : info(field).name;
}

std::string_view sentence(UnknownCause cause) {
  switch (cause) {
    case UnknownCause::none:
      return "known";
    case UnknownCause::no_coverage:
      return "no feed covers that time";
    case UnknownCause::pending:
      return "the feed that would say so has not delivered yet";
    case UnknownCause::known_since:
      return "the subject is not known for long enough";
    case UnknownCause::order:
      return "the clocks do not tell which came first";
    case UnknownCause::erased:
      return "the value was erased";
  }
  return "";
}

std::vector<ShownField> RowMaker::fields(const Record& record, const Shows& shows) const {
  std::vector<ShownField> out;
  record.each([&](FieldId field, const Value& v) {
    if (shows && !shows(field)) return;
    if (v.is_unknown())
      out.push_back({field, "unknown", v.cause});
    else
      out.push_back({field, journal::shown_text(keys, info(field).personal, to_text(v)), UnknownCause::none});
  });
  return out;
}

EventRow RowMaker::event(const Event& e, const Shows& shows) const {
  EventRow row;
  row.id = e.id;
  row.type = e.type;
  row.op = e.op;
  row.classifier = e.classifier;
  row.facility = e.facility;
  row.owner = e.owner;
  row.feed = e.feed;
  row.event_time = e.event_time;
  row.reported_at = e.reported_at;
  row.received_at = e.received_at;
  row.time_error_s = e.time_error_s;
  // What belongs to no file, such as a look-up, has no bytes.
  if (e.span.size > 0 && e.span.file < file_names.size()) row.file = file_names[e.span.file];
  row.offset = e.span.offset;
  row.size = e.span.size;
  row.fields = fields(e.fields, shows);
  return row;
}

AlertRow RowMaker::alert(const pipeline::Alert& a, std::shared_ptr<const rules::Rule> rule) const {
  AlertRow row;
  row.id = a.id.hex();
  row.status = a.status;
  row.rule = std::move(rule);
  row.direction = a.direction;
  row.facility = a.facility;
  const auto shown = [&](const pipeline::ShownValue& v) {
    return journal::shown_text(keys, info(v.field).personal, v.text);
  };
  for (const auto& s : a.subjects) {
    std::string value = shown(s.value);
    std::string label =
        info(s.value.field).identifier == IdentifierRule::iso6346 ? display_container_number(value) : value;
    row.subjects.push_back({s.role, s.value.field, std::move(value), std::move(label)});
  }
  row.event_time = a.event_time;
  row.last_event_time = a.last_event_time;
  row.knowable_at = a.knowable_at;
  row.act_before = a.act_before;
  for (const auto& v : a.facts) row.facts.push_back({v.field, shown(v), UnknownCause::none});
  const auto seals = [&](const std::string& feed, const std::string& owner) {
    if (feed == ingest::kLookupFeed && keys.has_organisation_key(owner)) row.sealed_to.push_back(owner);
  };
  for (const auto& e : a.evidence) {
    EvidenceRow& evidence = row.evidence.emplace_back();
    if (e.event)
      evidence.event = event(*e.event), seals(e.event->feed, e.event->owner);
    else
      evidence.search = e;
    evidence.facts = e.facts;
  }
  for (const pipeline::EvidenceSource& s : a.omitted_sources) seals(s.feed, s.owner);
  std::sort(row.sealed_to.begin(), row.sealed_to.end());
  row.sealed_to.erase(std::unique(row.sealed_to.begin(), row.sealed_to.end()), row.sealed_to.end());
  row.evidence_omitted = a.evidence_omitted;
  row.omitted_sources = a.omitted_sources;
  row.matches = a.matches;
  row.missing_inputs = a.missing_inputs;
  row.missing_cause = a.missing_cause;
  if (a.exception) row.exception = a.rule->exceptions[*a.exception];
  if (!a.superseded_by.is_zero()) row.superseded_by = a.superseded_by.hex();
  return row;
}

}  // namespace quaywatch::live
