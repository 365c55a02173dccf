// What registers say of one company: since when it is known, when its entry changed, which vehicles it named. Only
// records of registers belong to its timeline; what companies do is looked at from there. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

// On top of the history span: a dormant company that wakes must not look new.
inline constexpr Duration kRegisterSpan = days(3653);

class PartyTrack {
 public:
  static constexpr bool is_about(EventType type) {
    return type == EventType::party_registered || type == EventType::account_changed;
  }
  void apply(const EventPtr& event);
  // Facts about an event in which the company acts.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // The first entry, if a register has made it before `at`; else null.
  EventPtr registered_before(Timestamp at) const {
    return registered_ && registered_->event_time < at ? registered_ : nullptr;
  }
  // `fact` becomes the minutes since the first register entry; absent: certainly in no register.
  void registered_fact(FieldId fact, const Event& event, const Coverage& coverage, Facts& out) const;
  bool is_live(Timestamp horizon) const { return heard_at_ >= horizon - kRegisterSpan; }

 private:
  EventPtr registered_;     // the first entry
  EventPtr entry_;          // the first of those that say what the last one says
  EventPtr changed_;        // the last change: of the entry, or of an account
  EventPtr before_change_;  // the entry that it changed; null: of an account
  EventPtr fleet_;          // the last that names vehicles
  Timestamp heard_at_ = Timestamp::min();
};

}  // namespace quaywatch::timeline
