// Which account did what kind of duty for one container, so that duties which must lie in two hands can be held apart
// (dual control, ISO 28000; DOMAIN I11). Pure; accounts and duties, never a judgement of a person.
#pragma once

#include <string_view>
#include <vector>

#include "timeline/facts.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

class DutyTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::account_other_duty, FieldId::account_other_duty_by,
                                      FieldId::account_other_duty_minutes_ago};
  static constexpr bool is_asked(EventType type) {
    return type == EventType::selection_added || type == EventType::selection_removed ||
           type == EventType::container_inspected || type == EventType::scan_analysed ||
           type == EventType::release_issued || type == EventType::release_replaced ||
           type == EventType::release_transferred || type == EventType::order_issued;
  }
  static constexpr bool is_about(EventType type) { return is_asked(type) || is_exit(type); }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  std::vector<EventPtr> duties_;  // the latest kMaxDuties of the stay
};

}  // namespace quaywatch::timeline
