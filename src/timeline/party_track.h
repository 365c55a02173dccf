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
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // The first entry, if a register has made it at or before `at`; else null.
  EventPtr registered_by(Timestamp at) const {
    return registered_ && registered_->event_time <= at ? registered_ : nullptr;
  }
  // A register spoke of the company at or after `since`.
  bool is_known(Timestamp since) const { return heard_at_ >= since; }

 private:
  EventPtr registered_;     // the first entry
  EventPtr entry_;          // the first of those that say what the last one says
  EventPtr changed_;        // the last change: of the entry, or of an account
  EventPtr before_change_;  // the entry that it changed; null: of an account
  EventPtr fleet_;          // the last that names vehicles
  Timestamp heard_at_ = Timestamp::min();
};

}  // namespace quaywatch::timeline
