// Seals of one container: the set last seen on it, and whether a reseal or inspection on record explains a change.
// Seal numbers compare in squeezed form: blanks, dashes and case are typing, not tampering. Pure.
#pragma once

#include <string>
#include <vector>

#include "timeline/facts.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

class SealTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::seal_known, FieldId::seal_changed, FieldId::seal_difference,
                                      FieldId::seal_reseal_recorded};
  static constexpr bool is_asked(EventType) { return true; }
  static constexpr bool is_about(EventType type) { return is_about_the_box(type); }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  const std::vector<std::string>& known() const { return known_; }  // normal form
  const EventPtr& seen() const { return seen_; }                    // null: nothing is known

 private:
  bool is_of_earlier_journey(const Event& event) const;

  std::vector<std::string> known_;  // squeezed
  EventPtr seen_;                   // where `known_` was seen
  EventPtr explained_;              // last reseal without new number, or inspection, since seen_
};

}  // namespace quaywatch::timeline
