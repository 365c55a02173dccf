// Blind spots: where rules had no answer (DESIGN section 6a, "Unknown"), counted per rule, cause, facility and hour of
// event time, and joined to intervals for people. What is kept depends on the set of questions, not on their order.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/rule.h"
#include "timeline/coverage.h"

namespace quaywatch::pipeline {

struct BlindHour {
  Timestamp hour;
  std::size_t rule = 0;  // index into the pack
  UnknownCause cause{};
  std::string facility;              // of the event that could not be judged
  std::optional<EventType> missing;  // what was looked for and not answered, where that is the cause
  auto operator<=>(const BlindHour&) const = default;
};
// By hour, so that what goes first beyond limits::kBlindSpots is the oldest.
using BlindHours = std::map<BlindHour, std::uint64_t>;

Timestamp hour_of(Timestamp t);
// Returns how many events were dropped with the oldest hours.
std::uint64_t add_blind(BlindHours& hours, const BlindHour& hour, std::uint64_t events);

// Hours that follow one another, joined.
struct BlindSpot {
  const rules::Rule* rule = nullptr;
  UnknownCause cause{};
  std::string facility;
  std::vector<EventType> missing;  // in order
  Timestamp from, until;           // whole hours; `until` is not included
  std::uint64_t events = 0;        // that could not be judged; 0: the rule's own records are missing
};

// The worst first: most events, then the earliest.
std::vector<BlindSpot> join(const BlindHours& hours, const std::vector<rules::Rule>& rules);

// Whole hours in which a rule's own records are covered before and after, and by nobody in between: there it was not
// even asked.
std::vector<BlindSpot> unwatched(const std::vector<rules::Rule>& rules, const timeline::Coverage& coverage);

}  // namespace quaywatch::pipeline
