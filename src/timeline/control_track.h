// Controls of one container within a stay: selected by customs, taken off the list, scanned, judged, opened. A stay
// ends with an exit. Pure.
#pragma once

#include "timeline/facts.h"

namespace quaywatch::timeline {

class ControlTrack {
 public:
  void apply(const EventPtr& event);
  void facts(const Event& event, const Coverage& coverage, Facts& out) const;

 private:
  void selection_facts(const Event& event, const Coverage& coverage, Facts& out) const;
  void scan_fact(const Event& exit, const Coverage& coverage, Facts& out) const;
  void arrival_fact(const Event& entry, Facts& out) const;

  EventPtr selected_, removed_;  // the last of each in this stay
  EventPtr control_;             // last scan, opening or verdict
  EventPtr scanned_, judged_;
  bool has_entered_ = false;  // an entry is on record in this stay
};

}  // namespace quaywatch::timeline
