// What customs did about one container number: selections, removals from the list, scans, verdicts, openings, and the
// arrivals by sea and exits between them. Read ahead of an exit by kControlAhead, because a box may be on its way to a
// control outside the fence. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class ControlTrack {
 public:
  static bool is_about(EventType type);  // what belongs to its timeline
  void apply(const EventPtr& event);
  // Facts about an exit, an arrival by sea, a removal from the list or the result of an opening.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  // The last selection before `event` within kControlSpan that the event has to answer; null: none.
  EventPtr selection_before(const Event& event) const;
  EventPtr arrival_of(const Event& discharge) const;
  EventPtr left_before(const Event& control, const Event& arrival) const;
  void selection_facts(const Event& event, const Coverage& coverage, Facts& out) const;
  void scan_fact(const Event& exit, const Coverage& coverage, Facts& out) const;
  void opening_fact(const Event& result, Facts& out) const;
  void arrival_fact(const Event& discharge, const Coverage& coverage, Facts& out) const;

  std::vector<EventPtr> words_;  // by place; the latest kMaxWords
};

inline constexpr Duration kControlAhead = hours(24);

}  // namespace quaywatch::timeline
