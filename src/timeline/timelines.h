// Timelines: one ordered history and one folded state per subject. An event goes to every subject it names that a track
// keeps; a state is a pure function of its subject's events in the order (event_time, event_id), so arrival order never
// matters. Which tracks a subject has: timeline/subjects.h. What is told about an event: timeline/questions.h.
//
// Another subject's state is read only through as_of, which records the reader: an event that lands in that subject's
// past later names its readers as affected. States never read other subjects, so effects reach exactly one step.
//
// Bounds: limits::kSubjectHistorySpan and kSubjectHistoryEvents per subject; what is older is folded into the base
// state and can no longer be corrected (Inserted::too_late). Not thread-safe.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "timeline/event_types.h"
#include "timeline/facts.h"

namespace quaywatch::timeline {

// How far behind its event the longest search of a fact reaches: what is covered there answers for the event too.
inline constexpr Duration kSearchAhead = hours(48);

struct Inserted {
  bool duplicate = false;          // the same event is there already: nothing changed
  bool too_late = false;           // older than what is kept of one of its subjects: state there is unchanged
  // Events that must be judged again, in order, without `event`: at or after this place, or looking ahead to it. Of a
  // type of which no fact is wanted only those whose clock errs: another report may be surer.
  std::vector<EventPtr> affected;
};

class Timelines {
 public:
  // Some of what is asked about events of one type.
  using Questions = std::bitset<128>;
  // Does anybody ask for the fact about events of the type? Asked once each, on construction.
  using IsWanted = std::function<bool(EventType, FieldId)>;
  explicit Timelines(const IsWanted& is_wanted = [](EventType, FieldId) { return true; });
  ~Timelines();

  // Types of events on which something that somebody asks for may rest; those asked about may be others.
  const EventTypes& rested_on() const;

  // What comes next, as far as it is of these types: several dozen events, whose subjects are fetched from memory
  // together. Changes nothing.
  void expect(std::span<const EventPtr> events, const EventTypes& types) const;
  // Puts the event into the history of each subject it names.
  Inserted insert(const EventPtr& event);
  // Takes a corrected or voided event out again; the result names what must be judged again.
  Inserted remove(const EventPtr& event);
  // False for an event that was never inserted, was taken out again, or is folded away with all its subjects.
  bool holds(const Event& event) const;
  // The facts about an event that is in the timelines, from the states just before it: those that are wanted, and what
  // comes with them.
  void facts(const EventPtr& event, const Coverage& coverage, Facts& out);
  // Those of some questions alone: what they tell, and what it rests on, is the same whatever else is asked.
  void facts(const EventPtr& event, const Coverage& coverage, const Questions& which, Facts& out);
  // All that may tell a fact for which `is_wanted` is true, of what is asked about the type at all.
  Questions telling(EventType type, const std::function<bool(FieldId)>& is_wanted) const;
  // The same, whether wanted or not.
  void all_facts(const EventPtr& event, const Coverage& coverage, Facts& out);
  // Of all reports of the occurrence that `event` reports, the one with the smallest clock error; `event` itself when
  // none is surer.
  EventPtr surest_report(const EventPtr& event);
  // Folds what is older than `horizon` into base states and forgets subjects with nothing newer.
  void forget_before(Timestamp horizon);

  // Every event held, by place, each once.
  std::vector<EventPtr> events() const;
  std::size_t subjects() const;
  std::size_t events_held() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace quaywatch::timeline
