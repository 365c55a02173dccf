#include "sim/yard.h"

#include <algorithm>

namespace quaywatch::sim {

Yard::Yard(std::uint32_t blocks, std::uint32_t boxes)
    : blocks_(blocks), bays_(std::clamp(2 * boxes / (blocks * kRows * kTiers) + 1, 2U, 250U)) {
  stacks_.resize(std::size_t{blocks_} * bays_ * kRows);
}

const Yard::Stack& Yard::stack(const Slot& slot) const {
  return stacks_[((slot.block - 1U) * bays_ + slot.bay - 1U) * kRows + slot.row - 1U];
}
Yard::Stack& Yard::stack(const Slot& slot) { return const_cast<Stack&>(std::as_const(*this).stack(slot)); }

bool Yard::fits(const Slot& slot) const {
  return slot.block >= 1 && slot.block <= blocks_ && slot.bay >= 1 && slot.bay <= bays_ && slot.row >= 1 &&
         slot.row <= kRows && stack(slot).size() < kTiers;
}

Slot Yard::put(Index box, Slot slot) {
  Stack& boxes = stack(slot);
  boxes.push_back(box);
  slot.tier = static_cast<std::uint8_t>(boxes.size());
  ++held_;
  return slot;
}

Slot Yard::reserve(Index box, Random& random, const Slot& except) {
  const auto drawn = [&] {
    return Slot{static_cast<std::uint16_t>(1 + random.below(blocks_)),
                static_cast<std::uint8_t>(1 + random.below(bays_)), static_cast<std::uint8_t>(1 + random.below(kRows)),
                0};
  };
  const auto same_stack = [&](const Slot& s) {
    return s.block == except.block && s.bay == except.bay && s.row == except.row;
  };
  for (int tries = 0; tries < 64; ++tries) {
    const Slot slot = drawn();
    if (fits(slot) && !same_stack(slot)) return put(box, slot);
  }
  for (std::size_t i = 0; i < stacks_.size(); ++i) {
    const Slot slot{static_cast<std::uint16_t>(i / (std::size_t{bays_} * kRows) + 1),
                    static_cast<std::uint8_t>(i / kRows % bays_ + 1), static_cast<std::uint8_t>(i % kRows + 1), 0};
    if (fits(slot) && !same_stack(slot)) return put(box, slot);
  }
  return {};
}

Slot Yard::reserve_beside(Index box, const Slot& slot, Random& random) {
  if (slot.block == 0) return reserve(box, random);
  for (const auto& [bays, rows] : {std::pair{0, 1}, {0, -1}, {0, 0}, {1, 0}, {-1, 0}, {0, 2}, {0, -2}}) {
    const Slot next{slot.block, static_cast<std::uint8_t>(slot.bay + bays), static_cast<std::uint8_t>(slot.row + rows),
                    0};
    if (fits(next)) return put(box, next);
  }
  return reserve(box, random);
}

void Yard::leave(Index box, const Slot& slot) {
  if (slot.block == 0) return;
  held_ -= static_cast<std::uint32_t>(std::erase(stack(slot), box));
}

std::vector<Index> Yard::above(Index box, const Slot& slot) const {
  std::vector<Index> out;
  if (slot.block == 0) return out;
  const Stack& boxes = stack(slot);
  for (auto it = boxes.rbegin(); it != boxes.rend() && *it != box; ++it) out.push_back(*it);
  return out;
}

Index Yard::top(const Slot& slot) const {
  return slot.block == 0 || stack(slot).empty() ? kNone : stack(slot).back();
}

std::vector<Index> Yard::beside(const Slot& slot) const {
  std::vector<Index> out;
  if (slot.block == 0) return out;
  for (const int rows : {0, -1, 1}) {
    const Slot next{slot.block, slot.bay, static_cast<std::uint8_t>(slot.row + rows), 0};
    if (next.row < 1 || next.row > kRows) continue;
    const Stack& boxes = stack(next);
    out.insert(out.end(), boxes.begin(), boxes.end());
  }
  return out;
}

}  // namespace quaywatch::sim
