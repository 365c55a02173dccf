// The Merkle tree of RFC 6962 section 2.1 as a running sum: CompactRange keeps the roots of the perfect subtrees that
// cover leaves 0..size-1, largest first, at most 64 of them. Equal leaves in equal order give equal hashes.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/sha256.h"

namespace quaywatch::journal {

Digest leaf_hash(std::string_view leaf);                    // SHA-256(0x00 || leaf)
Digest node_hash(const Digest& left, const Digest& right);  // SHA-256(0x01 || left || right)

class CompactRange {
 public:
  CompactRange() = default;
  // `hashes` as `hashes()` gave them; false from `is_valid` when their number does not fit the size.
  CompactRange(std::uint64_t size, std::vector<Digest> hashes) : size_(size), hashes_(std::move(hashes)) {}
  bool is_valid() const;

  void append(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  Digest root() const;  // of the empty tree: SHA-256 of nothing
  const std::vector<Digest>& hashes() const { return hashes_; }
  bool operator==(const CompactRange&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> hashes_;
};

}  // namespace quaywatch::journal
