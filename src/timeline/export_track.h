// Where one vehicle identification number was stated before: in which containers, and on which lists. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class ExportTrack {
 public:
  void apply(const EventPtr& event);
  // Facts about `event`, which states `vin`: adds to lists, so that every number of the record can be asked.
  void facts(const Event& event, std::string_view vin, Facts& out) const;

 private:
  std::vector<EventPtr> stated_;  // the first in each container, the latest kMaxBoxes
  EventPtr listed_;               // null: on no list now
};

}  // namespace quaywatch::timeline
