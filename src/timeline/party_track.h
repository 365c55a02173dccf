// What registers say of one company: since when it is known, when its entry changed, which vehicles it named. Only
// records of registers belong to its timeline; what companies do is looked at from there. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class PartyTrack {
 public:
  static bool is_register(EventType type) {
    return type == EventType::party_registered || type == EventType::account_changed;
  }
  void apply(const EventPtr& event);
  // Facts about an event in which the company acts.
  void facts(const Event& event, Facts& out) const;

 private:
  EventPtr registered_;  // the first entry
  EventPtr changed_;     // the last later one that says something else
  EventPtr fleet_;       // the last that names vehicles
};

}  // namespace quaywatch::timeline
