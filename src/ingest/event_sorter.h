// EventSorter: all events of a run in the order (event_time, event_id), each once, whatever the order and splitting of
// the files (DESIGN section 6a, "Files"). Beyond limits::kSortRunEvents a sorted run goes to a temporary file, so
// memory does not grow with the length of the history. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/append_file.h"
#include "model/event.h"

namespace quaywatch::ingest {

class EventSorter {
 public:
  Result<void> add(const Event& event);
  // Calls fn for every event in order until it gives false; repeated ids come once, the rest is counted.
  using Take = std::function<bool(const EventPtr&)>;
  Result<void> drain(const Take& fn);
  std::uint64_t duplicates() const { return duplicates_; }

 private:
  struct Slot {
    Place place;
    Timestamp received_at;  // of copies of one event the first that reached us counts, whatever the order of files
    std::uint64_t offset;  // of the encoded event in bytes_
    std::uint32_t size;
  };
  std::string_view encoded(const Slot& slot) const {
    return std::string_view(bytes_).substr(static_cast<std::size_t>(slot.offset), slot.size);
  }
  static bool is_before(const Slot& a, const Slot& b);
  void make_room();
  void sort_slots();
  Result<void> spill();
  Result<void> drain_memory(const Take& fn);
  Result<void> drain_runs(const Take& fn);

  // Events wait encoded: a third of the memory of the objects, and nothing to chase while sorting.
  std::string bytes_;
  std::vector<Slot> slots_;
  bool is_sorted_ = true;  // the slots are in order as they came
  std::vector<io::TemporaryFile> runs_;
  std::uint64_t duplicates_ = 0;
};

}  // namespace quaywatch::ingest
