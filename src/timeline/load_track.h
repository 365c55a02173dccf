// Weighings of one container on named scales within one stay, and what happened to its doors between them. What papers
// state is left out: a fifth of all boxes is off by more than half a tonne (DOMAIN MO-23). Read ahead of a weighing by
// kAhead, because gate, crane and seal log each have their own clock. Pure.
#pragma once

#include <string>
#include <vector>

#include "timeline/facts.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

class LoadTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::weight_scale_before,    FieldId::weight_scale_minutes_ago,
                                       FieldId::weight_scale_change_kg, FieldId::weight_scale_error_kg,
                                       FieldId::weight_seal_changed,    FieldId::weight_opening_recorded,
                                       FieldId::weight_over_tare_kg,    FieldId::weight_box_empty};
  static constexpr Duration kAhead = hours(1);
  static constexpr Duration ahead(EventType) { return kAhead; }
  static constexpr bool is_asked(EventType type) { return type == EventType::container_weighed; }
  static constexpr bool is_about(EventType type) {
    using enum EventType;
    return type == container_weighed || type == seal_checked || type == container_sealed ||
           type == container_inspected || type == container_stuffed || type == container_stripped || is_entry(type) ||
           is_exit(type);
  }
  void apply(const EventPtr& event);
  // Facts about a weighing.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  EventPtr weighing_before(const Event& event) const;
  bool left_between(const Event& earlier, const Event& event) const;
  static void none_before(const Event& event, const Coverage& coverage, Facts& out);
  std::vector<std::string> seals_near(const Event& weighing) const;
  void tare_facts(const Event& event, Facts& out) const;
  void seal_fact(const EventPtr& earlier, const Event& event, Facts& out) const;
  void opening_fact(const Event& earlier, const Event& event, const Coverage& coverage, Facts& out) const;

  std::vector<EventPtr> words_;  // by place; the latest kMaxWords
};

// A reseal, stuffing or stripping, or a control that does not say that it left the door shut.
bool may_have_opened(const Event& event);

}  // namespace quaywatch::timeline
