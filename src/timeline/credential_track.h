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
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // The last passage of the event's zone before the one that the event reports; null when there is none.
  const EventPtr* last_passage(const Event& event) const;

 private:
  struct Zone {
    std::string name;
    EventPtr last;         // last granted passage with a direction; of one read twice, the first reading
    EventPtr before_last;  // null when there is none
  };
  std::vector<Zone> zones_;  // the latest kMaxZones
  EventPtr anywhere_;
};

// Reader and camera outages of one zone.
class OutageTrack {
 public:
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

// Planned duties of one holder. Read ahead of the event by kRosterAhead: a plan speaks of the future.
class RosterTrack {
 public:
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  bool is_cancelled(const Event& duty) const;

  std::vector<EventPtr> duties_;     // the latest kMaxDuties
  std::vector<EventPtr> cancelled_;  // the latest kMaxDuties
};

inline constexpr Duration kRosterAhead = hours(12);
inline constexpr Duration kRosterBehind = hours(24);

}  // namespace quaywatch::timeline
