// Where one ship lay still, by its positions, held against the calls that it declares. Read ahead of a declared call by
// kAhead, because its event is the arrival and the stay lies behind it. Without a table of port positions a call at
// another port than declared is not told from the declared one; a stay at sea is. Pure.
#pragma once

#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class VoyageTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::call_ship_lay_still};
  static constexpr Duration kAhead = days(14);
  static constexpr Duration ahead(EventType) { return kAhead; }
  static constexpr bool is_asked(EventType type) { return type == EventType::vessel_call_declared; }
  static constexpr bool is_about(EventType type) { return type == EventType::vessel_positioned; }
  void apply(const EventPtr& event);
  // Facts about a declared call.
  void facts(const Event& call, const Coverage& coverage, Facts& out) const;

 private:
  void keep(const EventPtr& position);

  // By place, kStep apart unless the ship stops, starts or is not heard for kGap; the latest kMaxPositions.
  std::vector<EventPtr> positions_;
  EventPtr last_;  // of all
};

}  // namespace quaywatch::timeline
