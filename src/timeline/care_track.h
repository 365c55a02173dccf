// What gives somebody a reason to touch a standing container: work orders, controls, reseals, stuffing. Asked by
// reports of its state (a sensor on the door, a plug), and read ahead of them by kAhead, because a control is often
// written down when the shift ends. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class CareTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::move_order_near, FieldId::container_opening_recorded};
  static constexpr Duration kAhead = hours(12);
  static constexpr Duration ahead(EventType) { return kAhead; }
  static constexpr bool is_asked(EventType type) { return type == EventType::container_status_reported; }
  static constexpr bool is_about(EventType type) {
    using enum EventType;
    return type == order_issued || type == container_inspected || type == container_sealed ||
           type == container_stuffed || type == container_stripped;
  }
  void apply(const EventPtr& event);
  // Facts about a container.status_reported.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> words_;  // by place; the latest kMaxWords
};

}  // namespace quaywatch::timeline
