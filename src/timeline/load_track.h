// Weighings of one container on named scales within one stay, and what happened to its doors between them. What papers
// state is left out: a fifth of all boxes is off by more than half a tonne (DOMAIN MO-23). Read ahead of a weighing by
// kLoadAhead, because gate, crane and seal log each have their own clock. Pure.
#pragma once

#include <string>
#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class LoadTrack {
 public:
  static bool is_about(EventType type);  // what belongs to its timeline
  void apply(const EventPtr& event);
  // Facts about a weighing.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  EventPtr weighing_before(const Event& event, Facts& out) const;
  EventPtr left_between(const Event& earlier, const Event& event) const;
  static void none_before(const Event& event, const Coverage& coverage, Facts& out);
  std::vector<std::string> seals_near(const Event& weighing, Facts& out) const;
  void tare_facts(const Event& event, Facts& out) const;
  void seal_fact(const EventPtr& earlier, const Event& event, Facts& out) const;
  void opening_fact(const EventPtr& weighed, const Event& event, const Coverage& coverage, Facts& out) const;

  std::vector<EventPtr> words_;  // by place; the latest kMaxWords
};

inline constexpr Duration kLoadAhead = hours(1);

// A reseal, stuffing or stripping, or a control that does not say that it left the door shut.
bool may_have_opened(const Event& event);

}  // namespace quaywatch::timeline
