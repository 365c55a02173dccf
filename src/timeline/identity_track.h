// Identity of one container number: check digit, and the size-type that the records state. Pure.
#pragma once

#include "timeline/facts.h"

namespace quaywatch::timeline {

class IdentityTrack {
 public:
  void apply(const EventPtr& event);
  void facts(const Event& event, Facts& out) const;

 private:
  EventPtr stated_;  // last actual record that states a size-type
};

}  // namespace quaywatch::timeline
