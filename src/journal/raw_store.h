// RawStore: whole input files kept because something in them could not be used, encrypted, until they are read again
// with a mended mapping (DESIGN section 5: rejects and raw store). DATA/raw/<64 hex digits>, named by the SHA-256 of
// the content. Layout: docs/formats/journal.md, "Raw files".
//
// Invariants: content is readable only with its key in DATA/keys; removing the key makes it unreadable wherever a copy
// of the file lies. One thread; one KeyRing per data directory.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sha256.h"
#include "journal/key_ring.h"

namespace quaywatch::journal {

class RawStore {
 public:
  RawStore(std::string data_dir, KeyRing& keys) : folder_(std::move(data_dir) + "/raw"), keys_(&keys) {}

  // Durable on return. Twice the same content is kept once. limit_exceeded: above limits::kRawFileBytes.
  Result<void> put(const Digest& content, std::string_view bytes);
  // not_found: never kept, removed, or its key is destroyed.
  Result<std::string> get(const Digest& content) const;
  bool has(const Digest& content) const;
  // Destroys the key, then the file; a missing one is not an error.
  Result<void> remove(const Digest& content);

 private:
  std::string path(const Digest& content) const;
  Result<KeyId> key_of(const Digest& content, std::string_view file) const;

  std::string folder_;
  KeyRing* keys_;
};

}  // namespace quaywatch::journal
