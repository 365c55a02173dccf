// Whether one container stood at a facility or came to it. Read ahead of an export declaration by kAhead,
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
  static constexpr FieldId kFacts[] = {FieldId::export_arrived};
  static constexpr Duration kAhead = hours(48);
  static constexpr Duration ahead(EventType) { return kAhead; }
  static constexpr bool is_asked(EventType type) { return type == EventType::document_changed; }
  void apply(const EventPtr& event);
  // Facts about an export declaration; of another document, none.
  void facts(const Event& declaration, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> signs_;  // by place; the latest kMaxSigns
};

}  // namespace quaywatch::timeline
