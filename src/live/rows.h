// Rows: alerts, events, rules and feeds as plain values that may be read by any thread while the engine goes on.
// Personal values are pseudonyms already. Nothing here points into the engine: events are counted without atomics
// there.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/input_log.h"
#include "journal/key_ring.h"
#include "pipeline/alert.h"
#include "rules/rule.h"

namespace quaywatch::live {

struct ShownField {
  FieldId field{};
  std::string text;
  UnknownCause unknown = UnknownCause::none;  // why text is "unknown"
};

struct EventRow {
  EventId id;
  EventType type{};
  Op op{};
  Classifier classifier{};
  std::string facility, owner, feed;
  Timestamp event_time, reported_at, received_at;
  std::int64_t time_error_s = 0;
  std::string file;  // empty: it came in no file
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::vector<ShownField> fields;
  std::vector<ShownField> facts;  // of a timeline: what was known just before
};

struct EvidenceRow {
  std::optional<EventRow> event;  // none: a search
  pipeline::Evidence search;      // its event is null
  std::vector<FieldId> facts;
};

struct SubjectRow {
  pipeline::SubjectRole role{};
  FieldId field{};
  std::string value, label;
};

struct AlertRow {
  std::string id;
  std::uint32_t revision = 0;  // counts what the log `findings` holds of it
  Timestamp changed_at;        // when that revision was told
  Timestamp raised_at;         // when it was told that it stands, the last time
  pipeline::AlertStatus status{};
  std::shared_ptr<const rules::Rule> rule;
  std::string direction, facility;
  std::vector<SubjectRow> subjects;
  Timestamp event_time, last_event_time, knowable_at;
  std::optional<Timestamp> act_before;
  std::vector<ShownField> facts;
  std::vector<EvidenceRow> evidence;
  std::size_t evidence_omitted = 0, matches = 1;
  std::vector<pipeline::EvidenceSource> omitted_sources;  // of what is not in `evidence`
  std::vector<FieldId> missing_inputs;
  UnknownCause missing_cause{};
  std::optional<rules::Exception> exception;  // that covers every match
  std::string superseded_by;
  // Organisations whose sealed look-ups it rests on: whatever the journal says of it is sealed to them. Sorted.
  std::vector<std::string> sealed_to;
};
using AlertRowPtr = std::shared_ptr<const AlertRow>;

struct RuleRow {
  std::shared_ptr<const rules::Rule> rule;
  std::shared_ptr<const std::string> text;
  std::uint64_t asked = 0;
  std::map<UnknownCause, std::uint64_t> not_evaluated;
  std::uint64_t off = 0;  // of those asked: no agreement covers them
  std::vector<std::string> needs;  // event types, as pipeline::needed_types
};

struct FeedRow {
  std::string feed;
  std::uint64_t files = 0, events = 0, repeated = 0, rejected = 0, unknown_codes = 0;
  std::optional<Timestamp> first, last, last_received;
  std::optional<Timestamp> last_actual;  // of what happened, and is not only planned
  std::optional<Duration> lateness;        // that its contract allows; none: it states nothing
  std::vector<std::pair<Timestamp, Timestamp>> covered;
  std::vector<EventRow> health;
  std::set<std::string> owners;  // of its events, and their types
  std::set<EventType> types;
  std::set<FieldId> personal;  // fields that came
};

// What `container`, `access.zone` or another field names, in the words of docs/reference/alerts.md.
std::string_view subject_kind(FieldId field);
std::string_view sentence(UnknownCause cause);

// What rows are made with: the names of the files, by the index that events carry, and the keys.
struct RowMaker {
  const std::vector<std::string>& file_names;
  const journal::KeyRing& keys;

  // Without the fields that `shows` refuses; empty: with all.
  using Shows = std::function<bool(FieldId)>;
  EventRow event(const Event& e, const Shows& shows = {}) const;
  std::vector<ShownField> fields(const Record& record, const Shows& shows = {}) const;
  AlertRow alert(const pipeline::Alert& a, std::shared_ptr<const rules::Rule> rule) const;
};

}  // namespace quaywatch::live
