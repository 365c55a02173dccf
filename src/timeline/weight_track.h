// Gross weights of one container as stated, and the change between two statements. Never an alarm by itself: stated
// weights differ by more than half a tonne on a fifth of all boxes (DOMAIN MO-23). Pure.
#pragma once

#include "timeline/facts.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

class WeightTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::container_weight_before_kg, FieldId::container_weight_delta_kg};
  static constexpr bool is_asked(EventType) { return true; }
  static constexpr bool is_about(EventType type) { return is_about_the_box(type); }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  EventPtr stated_;
};

}  // namespace quaywatch::timeline
