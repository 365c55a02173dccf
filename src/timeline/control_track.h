// What customs did about one container number: selections, removals from the list, scans, verdicts, openings, and the
// exits between them. Read ahead of an exit by kControlAhead, because a box may be on its way to a control outside the
// fence. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class ControlTrack {
 public:
  static bool is_about(EventType type);  // what belongs to its timeline
  void apply(const EventPtr& event);
  // Facts about an exit, an arrival by sea or a removal from the list.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  // The last of a type before `event` within kControlSpan; null: none.
  EventPtr last_before(const Event& event, EventType type) const;
  void selection_facts(const Event& event, const Coverage& coverage, Facts& out) const;
  void scan_fact(const Event& exit, const Coverage& coverage, Facts& out) const;
  void arrival_fact(const Event& discharge, Facts& out) const;

  std::vector<EventPtr> words_;  // by place; the latest kMaxWords
};

inline constexpr Duration kControlAhead = hours(24);

}  // namespace quaywatch::timeline
