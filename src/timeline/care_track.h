// What gives somebody a reason to touch a standing container: work orders, controls, reseals, stuffing. Asked by
// reports of its state (a sensor on the door, a plug), and read ahead of them by kCareAhead, because a control is often
// written down when the shift ends. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class CareTrack {
 public:
  static bool is_about(EventType type);  // what belongs to its timeline
  void apply(const EventPtr& event);
  // Facts about a container.status_reported.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> words_;  // by place; the latest kMaxWords
};

inline constexpr Duration kCareAhead = hours(12);

}  // namespace quaywatch::timeline
