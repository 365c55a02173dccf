// Which containers stand in one bay of a yard, as far as moves say: places are written block-bay-row or
// block-bay-row-tier, "A05-12-3-2". Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class BayTrack {
 public:
  static constexpr bool is_about(EventType type) { return type == EventType::container_moved; }
  // The bays that a move touches, each once: facility, block and bay.
  static std::vector<std::string> bays_of(const Event& move);
  // The bay it went to; empty: its place is not written so.
  static std::string bay_of_target(const Event& move);
  void apply(const EventPtr& move);
  // The moves that brought what stands, or stood within kErrorReach, in the row where `move` went and in the rows next
  // to it, by place. Whether it left since is for the box's own timeline to say.
  std::vector<EventPtr> beside(const Event& move) const;

 private:
  // What is compared lies side by side: a look at a bay must not fetch a hundred records from memory.
  struct Box {
    EventPtr move;
    std::size_t number;  // box_hash
    std::size_t bay;     // hash of where it went, with its block; 0: its place is not written so
    std::int64_t row;
    Timestamp until;     // of its next move, if the bay heard of it
  };
  std::vector<Box> boxes_;  // by place; the latest kMaxBayBoxes
};

}  // namespace quaywatch::timeline
