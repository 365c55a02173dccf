// AttachmentStore: files that people put to cases, encrypted while they come in and decrypted while they go out, so
// that no more than a block of one is ever in memory, and nothing of it in clear on disk. DATA/attachments/ab/ab...,
// named by the random id of the key that each has for itself: who reads the disk learns neither its content nor its
// hash, and the same file given twice is kept twice, since each goes when its own key does. Layout:
// docs/formats/journal.md, "Attachments".
//
// Invariants: content is readable only with its key in DATA/keys; what is kept is whole and durable, or not there; a
// block that was changed, moved, left out or cut off is `corrupt`. The store may be used from several threads, a writer
// or reader from one at a time; one store per data directory.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/sha256.h"
#include "io/files.h"
#include "journal/key_ring.h"

namespace quaywatch::journal {

struct KeptAttachment {
  std::string id;  // 32 hex digits: of the file and of its key
  std::uint64_t bytes = 0;
  Digest content{};
  bool operator==(const KeptAttachment&) const = default;
};

// One file that is coming in. Gone with the object unless it was finished.
class AttachmentWriter {
 public:
  ~AttachmentWriter();
  AttachmentWriter(AttachmentWriter&&) noexcept;

  Result<void> append(std::string_view bytes);
  // Durable on return. invalid_argument: it is empty.
  Result<KeptAttachment> finish();

 private:
  friend class AttachmentStore;
  struct Open;
  explicit AttachmentWriter(std::unique_ptr<Open> open);
  std::unique_ptr<Open> open_;
};

// One file that is going out.
class AttachmentReader {
 public:
  ~AttachmentReader();
  AttachmentReader(AttachmentReader&&) noexcept;

  // Empty behind the last. corrupt: nothing of this block is what was written.
  Result<std::string> next();

 private:
  friend class AttachmentStore;
  struct Open;
  explicit AttachmentReader(std::unique_ptr<Open> open);
  std::unique_ptr<Open> open_;
};

class AttachmentStore {
 public:
  AttachmentStore(const std::string& data_dir, KeyRing& keys) : folder_(data_dir + "/attachments"), keys_(&keys) {}

  // `expected` bytes are reserved, so that a full disk is met at once.
  Result<AttachmentWriter> begin(std::uint64_t expected) const;
  // not_found: the file is not there, or its key was destroyed.
  Result<AttachmentReader> open(const std::string& id) const;
  // Reads the whole. corrupt: it is not what was kept.
  Result<void> check(const KeptAttachment& kept) const;
  // Destroys the key, then the file; a missing one is not an error.
  Result<void> remove(const std::string& id) const;
  // Removes all but `standing`: what a crash left of files that no entry of the journal names, or that it says were
  // removed. Gives how many there were. While nothing comes in.
  Result<std::size_t> sweep(const std::set<std::string>& standing) const;

 private:
  std::string path(const std::string& id) const;

  std::string folder_;
  KeyRing* keys_;
};

}  // namespace quaywatch::journal
