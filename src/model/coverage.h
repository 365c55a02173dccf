// Coverage as data (DESIGN section 6a): which feed answers for which event types, at which facility, over which time.
// Absence may be concluded only where a feed covers the whole interval; elsewhere the answer is unknown.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/catalogue.h"

namespace quaywatch {

// "Feed delivers everything it has of `types` at `facility` from `from` to `until` (both included)." Statements of one
// feed accumulate; a hole between them stays a hole.
struct CoverageStatement {
  std::string feed;
  std::string facility;  // empty: every facility the feed speaks of
  std::vector<EventType> types;
  Timestamp from;
  Timestamp until;
  Timestamp stated_at;  // when we learned it
};

// "This feed is expected to deliver `types`, at the latest `lateness` after they happen." From then on an uncovered
// recent interval is `pending`, not a hole.
struct FeedExpectation {
  std::string feed;
  std::string facility;
  std::vector<EventType> types;
  Duration lateness;
  Timestamp stated_at;
};

}  // namespace quaywatch
