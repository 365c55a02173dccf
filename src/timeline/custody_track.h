// Custody of one container number: at which facilities a visit is open. Entries (discharged, gate in) open a visit,
// exits (loaded, gate out) close it; two reports of one happening count once. A visit is (number, facility, entry);
// two open visits of one number are a contradiction, not a merge (DESIGN section 5). How the box left, and whether
// somebody opened it before its return, belongs here too. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

class CustodyTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::container_inside, FieldId::container_inside_since,
                                      FieldId::container_last_facility, FieldId::container_outside_minutes,
                                      FieldId::container_left_by_land, FieldId::container_left_full,
                                      FieldId::container_opened_outside, FieldId::container_open_visits,
                                      FieldId::container_other_facility, FieldId::container_entered_by_sea};
  static constexpr bool is_asked(EventType) { return true; }
  static constexpr bool is_about(EventType type) {
    return type == EventType::container_sealed || type == EventType::container_inspected ||
           is_entry(type) || is_exit(type);
  }
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // account.discharged_minutes_ago, where the box stands here since its discharge or may stand here: of that discharge,
  // which it returns; null: the box is not here, or came by land.
  EventPtr discharged_fact(const Event& event, Facts& out) const;
  // A box that stays in the yard is remembered however long nothing happens to it, within kOpenVisitSpan.
  bool is_live(Timestamp horizon) const;

 private:
  struct Visit {
    std::string facility;
    EventPtr entry;   // null when only an exit was seen
    EventPtr exit;    // null while open
    EventPtr stated;  // its last record that says full or empty
    bool is_open() const { return entry && !exit; }
  };
  // An entry or exit: its first report, and the first of its reports that says full or empty.
  struct Passage {
    EventPtr first;
    EventPtr stated;  // null: none says it
  };
  using Passages = std::vector<Passage>;
  // Of which the event is a report; past the end: of none.
  Passages::const_iterator passage_of(const Event& event) const;
  void add_report(Passage& passage, const EventPtr& report);
  static void step(std::vector<Visit>& visits, const Passage& passage);
  // The visits before the occurrence that the event reports; `scratch` holds them when it is a repeated report.
  const std::vector<Visit>& visits_before(const Event& event, std::vector<Visit>& scratch) const;
  // Facts of an entry about the exit before it: how the box left, and whether somebody opened it on its way.
  void journey_facts(const Visit& left, const Event& event, const Coverage& coverage, Facts& out) const;
  EventPtr opened_before(const Event& event) const;
  static void open_visits(const std::vector<Visit>& visits, const Event& event, const Coverage& coverage, Facts& out);

  std::vector<Visit> visits_;     // at most one per facility, the latest; bounded by kMaxFacilities
  std::vector<Visit> settled_;    // as they were before recent_
  Passages recent_;               // the last kMaxRecent entries and exits, in order
  std::vector<EventPtr> opened_;  // the latest kMaxOpenings reseals, and controls that may have opened the door
};

}  // namespace quaywatch::timeline
