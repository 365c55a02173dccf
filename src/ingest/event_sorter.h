// EventSorter: all events of a run in the order (event_time, event_id), each once, whatever the order and splitting of
// the files (DESIGN section 6a, "Files"). Beyond limits::kSortRunEvents a sorted run goes to a temporary file, so
// memory does not grow with the length of the history. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "io/append_file.h"
#include "model/event.h"

namespace quaywatch::ingest {

class EventSorter {
 public:
  Result<void> add(EventPtr event);
  // Calls fn for every event in order; repeated ids come once, the rest is counted.
  Result<void> drain(const std::function<void(const EventPtr&)>& fn);
  std::uint64_t duplicates() const { return duplicates_; }

 private:
  Result<void> spill();

  std::vector<EventPtr> buffer_;
  std::vector<io::TemporaryFile> runs_;
  std::uint64_t duplicates_ = 0;
};

}  // namespace quaywatch::ingest
