// Custody of one container number: at which facilities a visit is open. Entries (discharged, gate in) open a visit,
// exits (loaded, gate out) close it; two reports of one happening count once. A visit is (number, facility, entry);
// two open visits of one number are a contradiction, not a merge (DESIGN section 5). How the box left, and whether
// somebody opened it before its return, belongs here too. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class CustodyTrack {
 public:
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;
  // A visit that began at or after `since` is still open.
  bool has_open_visit(Timestamp since) const;

 private:
  struct Visit {
    std::string facility;
    EventPtr entry;   // null when only an exit was seen
    EventPtr exit;    // null while open
    EventPtr stated;  // its last record that says full or empty
    bool is_open() const { return entry && !exit; }
  };
  void add_to_exit(const EventPtr& report);
  static void step(std::vector<Visit>& visits, const EventPtr& event);
  // The visits before the occurrence that the event reports; `scratch` holds them when it is a repeated report.
  const std::vector<Visit>& visits_before(const Event& event, std::vector<Visit>& scratch) const;
  // Facts of an entry about the exit before it: how the box left, and whether somebody opened it on its way.
  void journey_facts(const Visit& left, const Event& event, const Coverage& coverage, Facts& out) const;
  void open_visits(const std::vector<Visit>& visits, const Event& event, const Coverage& coverage, Facts& out) const;

  std::vector<Visit> visits_;     // at most one per facility, the latest; bounded by kMaxFacilities
  std::vector<Visit> settled_;    // as they were before recent_
  std::vector<EventPtr> recent_;  // first report of each of the last kMaxRecent entries and exits, in order
  EventPtr opened_;               // last reseal, or control that may have opened the door
};

}  // namespace quaywatch::timeline
