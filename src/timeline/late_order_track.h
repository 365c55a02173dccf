// Orders of one container that were entered after the move that they are about, as orders given by radio are. Read
// ahead of the move by kAhead. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class LateOrderTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::move_order_after_minutes};
  static constexpr Duration kAhead = hours(1);
  static constexpr Duration ahead(EventType) { return kAhead; }
  static constexpr bool is_asked(EventType type) { return type == EventType::container_moved; }
  static constexpr bool is_about(EventType type) { return type == EventType::order_issued; }
  void apply(const EventPtr& event);
  // Facts about a move.
  void facts(const Event& move, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> orders_;  // by place; the latest kMaxOrders
};

}  // namespace quaywatch::timeline
