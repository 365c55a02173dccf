// Credentials: validity of one card, the cards of one holder, and the zones a card is in. Pure; positions and cards,
// never a judgement of a person.
#pragma once

#include <string>
#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

// Validity of one card.
class CardTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::credential_revoked};
  static constexpr bool is_asked(EventType) { return true; }
  static constexpr bool is_about(EventType type) {
    return type == EventType::credential_issued || type == EventType::credential_revoked ||
           type == EventType::credential_replaced;
  }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  const EventPtr& replaced() const { return replaced_; }

 private:
  EventPtr revoked_;
  EventPtr replaced_;
};

// The cards one holder has shown or been given, by issue number.
class HolderCardsTrack {
 public:
  // All but plans, which look like the use of a card.
  static constexpr bool is_about(EventType type) {
    return type != EventType::roster_planned && type != EventType::roster_cancelled;
  }
  void apply(const EventPtr& event);
  // Facts about the use of a card with issue number credential.serial; `card` is the validity of that card.
  void facts(const Event& event, const CardTrack* card, const Coverage& coverage, Facts& out) const;

 private:
  struct Card {
    std::string id;
    std::int64_t serial;
    EventPtr first_seen;
  };
  std::vector<Card> cards_;  // the latest kMaxCards
};

// Zones one card is in, as far as readers say.
class PresenceTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::access_zone_before, FieldId::access_inside_zone,
                                      FieldId::access_inside_minutes};
  static constexpr bool is_asked(EventType) { return true; }
  static constexpr bool is_about(EventType type) {
    return type == EventType::access_granted;
  }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // The last passage of the event's zone before the one that the event reports; null when there is none.
  const EventPtr* last_passage(const Event& event) const;

 private:
  struct Zone {  // of one facility
    EventPtr last;         // last granted passage with a direction; of one read twice, the first reading
    EventPtr before_last;  // null when there is none
  };
  std::vector<Zone> zones_;  // the latest kMaxZones
  EventPtr anywhere_;
};

// Reader and camera outages of one zone.
class OutageTrack {
 public:
  static constexpr bool is_about(EventType type) {
    return type == EventType::sensor_silent || type == EventType::sensor_restored;
  }
  void apply(const EventPtr& event);
  // access.reader_gap: did a device of the zone fall silent, or stay so, between `since` and the event?
  void facts(const EventPtr& since, const Event& event, const Coverage& coverage, Facts& out) const;
  // The record that made a device of the zone at this facility silent, where one was silent in [from, until]; null:
  // none. A device that nobody restores is believed silent for a week.
  EventPtr silent_between(Timestamp from, Timestamp until, std::string_view facility) const;

 private:
  struct Outage {
    std::string device;
    EventPtr silent, restored;
  };
  std::vector<Outage> outages_;  // the latest kMaxOutages
};

// Planned duties of one holder. Read ahead of the event by kAhead: a plan speaks of the future.
class RosterTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::access_on_shift, FieldId::access_off_shift_minutes};
  static constexpr bool is_about(EventType type) {
    return type == EventType::roster_planned || type == EventType::roster_cancelled;
  }
  static constexpr bool is_asked(EventType type) { return !is_about(type); }
  static constexpr Duration kAhead = hours(12);
  static constexpr Duration ahead(EventType) { return kAhead; }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  bool is_cancelled(const Event& duty) const;

  std::vector<EventPtr> duties_;     // the latest kMaxDuties
  std::vector<EventPtr> cancelled_;  // the latest kMaxDuties
};

}  // namespace quaywatch::timeline
