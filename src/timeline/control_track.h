// What customs did about one container number: selections, removals from the list, scans, verdicts, openings, and the
// arrivals by sea and exits between them. Read ahead of an exit by kAhead, because a box may be on its way to a
// control outside the fence. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

class ControlTrack {
 public:
  static constexpr FieldId kFacts[] = {
      FieldId::selection_open, FieldId::selection_minutes_ago,   FieldId::selection_selected_by,
      FieldId::scan_judged,    FieldId::inspection_minutes_open, FieldId::inspection_minutes_before_arrival};
  static constexpr Duration kAhead = hours(24);  // past an exit; of other events the past is asked
  static constexpr Duration ahead(EventType asked) { return is_exit(asked) ? kAhead : Duration{}; }
  static constexpr bool is_asked(EventType type) {
    using enum EventType;
    return is_exit(type) || type == container_discharged || type == selection_removed || type == container_inspected;
  }
  static constexpr bool is_about(EventType type) {
    using enum EventType;
    return is_asked(type) || type == selection_added || type == scan_analysed;
  }
  void apply(const EventPtr& event);
  // Facts about an exit, an arrival by sea, a removal from the list or the result of an opening.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  // The last selection before `event` within kControlSpan that the event has to answer; null: none.
  EventPtr selection_before(const Event& event) const;
  const Event& arrival_of(const Event& discharge) const;
  bool may_be_outside(const Event& control, const Event& arrival) const;
  void selection_facts(const Event& event, const Coverage& coverage, Facts& out) const;
  void scan_fact(const Event& exit, const Coverage& coverage, Facts& out) const;
  void opening_fact(const Event& result, Facts& out) const;
  void arrival_fact(const Event& discharge, const Coverage& coverage, Facts& out) const;

  std::vector<EventPtr> words_;  // by place; the latest kMaxWords
};

}  // namespace quaywatch::timeline
