// One registration plate at the gate portals of each facility. Pure; a plate, not who drives.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class VehicleTrack {
 public:
  static constexpr bool is_about(EventType type) {
    return type == EventType::vehicle_passed;
  }
  void apply(const EventPtr& event);
  // vehicle.inside before this passage. Blind: a portal was silent since the last one.
  void facts(const Event& event, const Coverage& coverage, bool is_blind, Facts& out) const;
  // The last passage at the event's facility, unless the event is a second reading of it; null: none.
  EventPtr last_passage(const Event& event) const;

 private:
  std::vector<EventPtr> last_;  // the last passage at each facility, of one read twice the first reading
};

}  // namespace quaywatch::timeline
