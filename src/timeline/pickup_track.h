// Collection of one container: the release in force, who announced, who was refused. Pure.
#pragma once

#include <string>
#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class PickupTrack {
 public:
  void apply(const EventPtr& event);
  void facts(const Event& event, Facts& out) const;
  // Release reference that governs the event: its own, else the box's current one; empty when none is known.
  std::string_view release_ref(const Event& event) const;

 private:
  EventPtr release_;              // last release of this box
  EventPtr announced_;            // last valid announcement
  std::vector<EventPtr> denied_;  // the latest kMaxDenials
};

}  // namespace quaywatch::timeline
