// Detection: events, coverage and ticks in; alert revisions out. The one place where order, lateness, correction and
// evaluation meet (DESIGN section 6a). A pure function of its input sequence; and, once everything has arrived, of the
// set of its inputs alone. Reads no clock. Not thread-safe: one thread owns it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pipeline/alert_book.h"
#include "pipeline/blind_spots.h"
#include "rules/rule.h"
#include "timeline/timelines.h"

namespace quaywatch::pipeline {

// Events in = evaluated + duplicates + too_late + no_rule + superseded. Shown at the end of every run.
struct DetectionAccount {
  std::uint64_t taken = 0;
  std::uint64_t evaluated = 0;   // judged by at least one rule
  std::uint64_t no_rule = 0;     // no rule asks about such an event; facts about others may rest on it
  std::uint64_t duplicates = 0;  // delivered before, changed nothing
  std::uint64_t superseded = 0;  // corrected or voided by a later word of the same feed, or the voiding word itself
  std::uint64_t too_late = 0;    // older than what is kept of a subject
  std::uint64_t reevaluations = 0;
  std::uint64_t ungrouped = 0;         // matched, but a group field was absent
  // Of correlations, and no part of the sum above: joined events without a group, and those no longer looked at because
  // limits::kGroupHits or kCorrelationHits later ones are.
  std::uint64_t ungrouped_hits = 0;
  std::uint64_t dropped_hits = 0;
  std::uint64_t coverage_refused = 0;  // beyond limits::kCoverageRows feeds and facilities; no part of the sum above
  std::uint64_t blind_dropped = 0;     // unanswered questions beyond limits::kBlindSpots hours; likewise
};

// A rule that could not be judged on some events, and why.
struct NotEvaluated {
  const rules::Rule* rule = nullptr;
  UnknownCause cause{};
  std::uint64_t events = 0;
  EventPtr first;  // the earliest of them, for a person to look at; null when all are older than what is kept
};

class Detection {
 public:
  // Which events the rules are asked about; the others only shape the timelines. Depends on the event alone.
  using Judges = std::function<bool(const Event&)>;
  // May a rule that reads data on staff judge what happened then? Where it may not it is off: it is not tried on the
  // event at all, which is counted. A function of the two alone.
  using Permits = std::function<bool(const rules::Rule&, Timestamp event_time)>;
  // Without `judges` the rules are asked about all, without `permits` none is off.
  Detection(rules::Pack pack, AlertBook::OnRevision on_revision, Judges judges = {}, Permits permits = {});
  ~Detection();

  // To be called before the first event, where events will come in the order (event_time, event_id), each once: then
  // what no rule asks about, and nothing that one asks for may rest on, is counted and not kept. What is said of alerts
  // is the same; timelines() and facts() know the rest alone.
  void begin_sorted();
  // Is an event of the type kept? Of one that is not, no field is read.
  bool keeps(EventType type) const;

  // What comes next: several dozen events, whose state is fetched from memory together. Changes nothing.
  void expect(std::span<const EventPtr> events) const;
  void take(const EventPtr& event);
  // The same as one after the other, but what several concern is judged again once.
  void take(std::span<const CoverageStatement> statements);
  void take(const CoverageStatement& statement);
  void take(const FeedExpectation& expectation);
  void tick(Timestamp at);
  // Re-evaluations that wait for the next tick, because one entry touched more than limits::kReevaluationsPerEntry.
  std::size_t waiting() const;
  // Nothing older than `at` minus limits::kSubjectHistorySpan will come: it may be folded away. Live, `at` is the tick;
  // over sorted history, the event_time of the next event.
  void advance(Timestamp at);

  std::vector<Alert> standing() const;
  std::vector<NotEvaluated> not_evaluated() const;          // as it stands now
  std::vector<NotEvaluated> counted_not_evaluated() const;  // without `first`, and without a walk over what stands
  // The same per rule, facility, hour and missing type, as it stands now.
  BlindHours blind_hours() const;
  // Was the event, which was taken, neither taken back by a later word of its feed nor is it such a word?
  bool stands(const EventPtr& event) const;
  // Events that each rule of pack() was asked about, in its order; those of not_evaluated() are among them.
  std::vector<std::uint64_t> asked() const;
  // Of those of asked(), the events on which a rule was off.
  std::vector<std::uint64_t> off() const;
  const DetectionAccount& account() const;
  const rules::Pack& pack() const;
  const timeline::Timelines& timelines() const;
  const timeline::Coverage& coverage() const;
  // The facts about an event that was taken, for `timeline SUBJECT` and tests.
  void facts(const EventPtr& event, timeline::Facts& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace quaywatch::pipeline
