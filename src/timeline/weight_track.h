// Gross weights of one container as stated, and the change between two statements. Never an alarm by itself: stated
// weights differ by more than half a tonne on a fifth of all boxes (DOMAIN MO-23). Pure.
#pragma once

#include "timeline/facts.h"

namespace quaywatch::timeline {

class WeightTrack {
 public:
  void apply(const EventPtr& event);
  void facts(const Event& event, Facts& out) const;

 private:
  EventPtr stated_;
};

}  // namespace quaywatch::timeline
