// Collection of one container: the release in force, who announced, who was refused. Pure.
#pragma once

#include <string>
#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class ReleaseTrack;

class PickupTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::pickup_announced_by, FieldId::pickup_announcer_is_party,
                                      FieldId::pickup_denials};
  static constexpr bool is_asked(EventType) { return true; }
  static constexpr bool is_about(EventType type) {
    return type == EventType::release_issued || type == EventType::release_replaced ||
           type == EventType::release_cancelled || type == EventType::pickup_announced ||
           type == EventType::pickup_denied || type == EventType::pickup_withdrawn;
  }
  void apply(const EventPtr& event);
  // Facts about an event in which a company acts.
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // Did another party of the chain give the collection up by itself? Facts about an event in which a company acts.
  void withdrawal_fact(const Event& event, const ReleaseTrack& release, Facts& out) const;
  // Release reference that governs the event: its own, else the box's latest that was not certainly cancelled before;
  // empty when none is known.
  std::string_view release_ref(const Event& event) const;
  // The latter, for an event of another subject.
  std::string_view latest_ref(const Event& event) const;

 private:
  struct Release {
    EventPtr issued;
    EventPtr cancelled;  // null: in force. Whether that was before an event is for the event's clock to say
  };

  std::vector<Release> releases_;  // of this box, one per reference, the latest last; at most kMaxReleases
  EventPtr announced_;             // last valid announcement
  std::vector<EventPtr> denied_;   // the latest kMaxDenials
  std::vector<EventPtr> withdrawn_;  // the latest kMaxWithdrawals
};

}  // namespace quaywatch::timeline
