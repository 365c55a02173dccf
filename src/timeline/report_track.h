// What other feeds said of the happening at hand: two systems that report one passage of a box, and name another seal,
// weight, party or plate. Both records stand; that they differ is the fact (DESIGN section 5). Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

class ReportTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::container_sources_disagree};
  static constexpr bool is_asked(EventType type) { return is_about_the_box(type); }
  static constexpr bool is_about(EventType type) { return is_about_the_box(type); }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> reports_;  // the latest, by place
};

}  // namespace quaywatch::timeline
