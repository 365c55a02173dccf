// Which account did what kind of duty for one container, so that duties which must lie in two hands can be held apart
// (dual control, ISO 28000; DOMAIN I11). Pure; accounts and duties, never a judgement of a person.
#pragma once

#include <string_view>
#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class DutyTrack {
 public:
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> duties_;  // the latest kMaxDuties of the stay
};

}  // namespace quaywatch::timeline
