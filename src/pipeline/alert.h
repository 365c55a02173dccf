// Alert: what a rule says about one group over one episode (DESIGN sections 6a "Windows and identity" and 7). A value:
// everything a person needs to check it is in it. Its id depends on rule, group and first event alone, never on rule
// version, position or wall time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/event.h"
#include "rules/rule.h"
#include "timeline/coverage.h"

namespace quaywatch::pipeline {

enum class AlertStatus : std::uint8_t { provisional, final, withdrawn };
std::string_view name(AlertStatus status);

enum class SubjectRole : std::uint8_t { about, acted, mentioned };
std::string_view name(SubjectRole role);

struct ShownValue {  // a field or fact in its canonical spelling; clear text, pseudonymised by whoever prints it
  FieldId field{};
  std::string text;
  bool operator==(const ShownValue&) const = default;
};

struct AlertSubject {
  SubjectRole role{};
  ShownValue value;
  bool operator==(const AlertSubject&) const = default;
};

// One thing the alert rests on: an event, or a search. With all of it the alert can be told again (reproduce.h).
struct Evidence {
  EventPtr event;              // null: a search
  std::vector<FieldId> facts;  // the facts it carries; empty for what the rule itself judged or requires
  // of a search: whether it found nothing (covered), or why it could not be answered
  EventType searched{};
  Timestamp from, until;
  std::string facility = {};  // empty: any
  timeline::Cover cover = timeline::Cover::covered;
  std::vector<timeline::Coverage::Answerer> feeds = {};  // that answered for the whole interval
  // What a rule requires must be covered at the instant of its event; what is looked for reaches over an interval.
  bool is_required() const { return !event && facts.empty() && from == until; }
};

// What decides who may read a piece of evidence (DESIGN section 8).
struct EvidenceSource {
  EventType type{};            // of the event, or what was searched
  bool is_search = false;
  std::string feed, owner;     // of the event
  std::vector<FieldId> facts;  // as in Evidence
  auto operator<=>(const EvidenceSource&) const = default;
};
EvidenceSource source_of(const Evidence& e);

struct Alert {
  Id128 id;
  std::uint32_t revision = 1;
  AlertStatus status = AlertStatus::final;
  const rules::Rule* rule = nullptr;
  EventPtr judged;    // the match that `facts` are of
  std::string group;  // canonical group values, joined by the unit separator
  std::string direction;
  std::vector<AlertSubject> subjects;
  std::string facility;  // of the episode's first event
  Timestamp event_time;  // likewise
  Timestamp last_event_time;
  Timestamp knowable_at;  // when the last thing it needs had reached us
  std::optional<Timestamp> act_before;
  std::vector<ShownValue> facts;
  std::vector<Evidence> evidence;
  std::size_t evidence_omitted = 0;     // beyond limits::kAlertEvidence
  std::vector<EvidenceSource> omitted_sources;  // of that, which `evidence` has none of; sorted, each once
  std::size_t matches = 1;              // events of the episode that matched
  std::vector<FieldId> missing_inputs;  // facts that were unknown, while provisional
  UnknownCause missing_cause = UnknownCause::none;
  // Of the rule's exceptions the one that covers the first match, while one covers every match: counted, not shown.
  std::optional<std::size_t> exception;
  Id128 superseded_by;  // of a withdrawn alert whose episode got another first event
};

}  // namespace quaywatch::pipeline
