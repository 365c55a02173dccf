// Whether one container stood at a facility or came to it. Read ahead of an export declaration by kArrivalAhead,
// because papers come before the box. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class ArrivalTrack {
 public:
  static bool is_about(EventType type) {
    return type == EventType::container_gate_in || type == EventType::container_gate_out ||
           type == EventType::container_loaded || type == EventType::container_discharged ||
           type == EventType::container_moved;
  }
  static bool is_declaration(const Event& event);
  void apply(const EventPtr& event);
  // Facts about an export declaration.
  void facts(const Event& declaration, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> signs_;  // by place; the latest kMaxSigns
};

inline constexpr Duration kArrivalAhead = hours(48);

}  // namespace quaywatch::timeline
