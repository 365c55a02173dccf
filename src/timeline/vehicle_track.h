// One registration plate at the gate portals of each facility. Pure; a plate, not who drives.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class VehicleTrack {
 public:
  void apply(const EventPtr& event);
  // vehicle.inside before this passage.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> last_;  // the last passage at each facility, of one read twice the first reading
};

}  // namespace quaywatch::timeline
