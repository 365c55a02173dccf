// Identity of one container number: check digit, and the size-type that the records state. Pure.
#pragma once

#include "timeline/facts.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

class IdentityTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::container_check_digit_valid, FieldId::container_size_type_before,
                                      FieldId::container_size_type_changed};
  static constexpr bool is_asked(EventType) { return true; }
  static constexpr bool is_about(EventType type) { return is_about_the_box(type); }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  EventPtr stated_;  // last actual record that states a size-type
};

}  // namespace quaywatch::timeline
