// Lists of the site that name one container number, a list of canaries for instance. Pure.
#pragma once

#include "timeline/facts.h"
#include "timeline/listings.h"

namespace quaywatch::timeline {

class ListTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::container_on_list};
  static constexpr bool is_asked(EventType type) { return !is_about(type); }
  static constexpr bool is_about(EventType type) {
    return type == EventType::object_listed || type == EventType::object_delisted;
  }
  void apply(const EventPtr& event) {
    if (event->classifier == Classifier::actual) listings_.apply(event);
  }
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  Listings listings_;
};

}  // namespace quaywatch::timeline
