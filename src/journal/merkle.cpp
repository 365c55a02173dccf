#include "journal/merkle.h"

#include <bit>

namespace quaywatch::journal {
namespace {

Sha256& hasher() {
  thread_local Sha256 h;
  return h;
}

}  // namespace

Digest leaf_hash(std::string_view leaf) {
  return hasher().update(std::string_view("\0", 1)).update(leaf).finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  return hasher().update("\1").update(left).update(right).finish();
}

bool CompactRange::is_valid() const {
  return hashes_.size() == static_cast<std::size_t>(std::popcount(size_));
}

void CompactRange::append(const Digest& leaf) {
  // Each trailing 1 bit of the size is a perfect subtree that the new leaf completes to one of twice its width.
  Digest hash = leaf;
  for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
}

Digest CompactRange::root() const {
  if (hashes_.empty()) return sha256("");
  Digest hash = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) hash = node_hash(hashes_[i - 1], hash);
  return hash;
}

}  // namespace quaywatch::journal
