// Questions: what the timelines can say about one event. A table: which events, which facts, which function. Each track
// of timeline/subjects.h that tells facts of its own subject is a row by itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "timeline/event_types.h"
#include "timeline/facts.h"

namespace quaywatch::timeline {

class AllSubjects;

struct Question {
  std::span<const FieldId> facts;   // every fact that the answer may tell
  bool (*is_asked)(EventType type);
  void (*answer)(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out);
  EventTypes rests_on;  // of the tracks that it reads: on no other events does the answer rest
};

// In the order in which facts are told.
const std::vector<Question>& questions();

}  // namespace quaywatch::timeline
