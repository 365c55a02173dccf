// Stacks of containers. A place is taken when an order names it, so that two orders never send two boxes to one place,
// and given back when the box has left or the order was dropped.
#pragma once

#include <vector>

#include "sim/happening.h"
#include "sim/random.h"

namespace quaywatch::sim {

inline constexpr std::uint8_t kRows = 6, kTiers = 3;  // straddle carriers: one over two

class Yard {
 public:
  Yard(std::uint32_t blocks, std::uint32_t boxes);  // bays for twice that many boxes, two at least
  // A free place, away from the stack `except` stands in; block 0 when the yard is full.
  Slot reserve(Index box, Random& random, const Slot& except = {});
  Slot reserve_beside(Index box, const Slot& slot, Random& random);  // in its stack, the next rows or bays
  void leave(Index box, const Slot& slot);
  std::vector<Index> above(Index box, const Slot& slot) const;  // from the top down
  Index top(const Slot& slot) const;
  std::vector<Index> beside(const Slot& slot) const;  // boxes in the stack and those next to it
  std::uint32_t held() const { return held_; }

 private:
  using Stack = std::vector<Index>;
  Stack& stack(const Slot& slot);
  const Stack& stack(const Slot& slot) const;
  Slot put(Index box, Slot slot);
  bool fits(const Slot& slot) const;
  std::uint32_t blocks_, bays_, held_ = 0;
  std::vector<Stack> stacks_;
};

}  // namespace quaywatch::sim
