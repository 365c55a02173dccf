// Log: one append-only, tamper-evident sequence of entries in DATA/<name> (DESIGN section 6). `input` and `findings`
// are two of them, one code. Layout: docs/formats/journal.md.
//
// Invariants: an entry is acknowledged (`commit`) only when it and the keys it needs are durable; what was acknowledged
// replays in the same order with the same values until its keys are destroyed; a torn tail is cut at the first bad
// checksum, reported, and its bytes kept beside the segment.
// After a failed write or sync the log takes nothing more until it is opened again (a failed fdatasync says nothing
// about what is on the disk); reading goes on. One thread; one writing process, held off by a lock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "io/append_file.h"
#include "journal/entry.h"
#include "journal/key_ring.h"
#include "journal/segment.h"

namespace quaywatch::journal {

// A state of the log: how many entries, and the RFC 6962 root over them.
struct Position {
  std::uint64_t size = 0;
  Digest root{};
  bool operator==(const Position&) const = default;
};

// What `open` found. `cut_bytes` is 0 after an orderly stop.
struct Recovery {
  std::uint64_t entries = 0;
  std::uint64_t cut_bytes = 0;
  std::string cut_from;  // the segment
  std::string kept_in;   // where the bytes that were cut now lie
  std::string reason;
};

struct Verified {
  Position position;
  std::uint64_t bare = 0;           // leaves whose segment key is destroyed: the hash stands, the entry is not proven
  std::uint64_t erased_values = 0;  // personal values whose key is destroyed
  std::uint64_t closed = 0;         // entries sealed to an organisation whose key is not here: the hash stands
};

class Log {
 public:
  // Makes the folder when missing. `keys` stays where it is and outlives the log. `segment_bytes`: a segment that has
  // reached it is followed by a new one.
  static Result<Log> open(const std::string& data_dir, const std::string& name, KeyRing& keys,
                          std::uint64_t segment_bytes = limits::kJournalSegmentBytes);
  // For readers beside a writing process: takes no lock, makes and cuts nothing, refuses appends. What the writer has
  // not yet acknowledged may be seen. not_found: there is no such log.
  static Result<Log> open_reading(const std::string& data_dir, const std::string& name, KeyRing& keys);

  // Takes an entry into the current batch and gives its sequence; nothing is promised before `commit`.
  Result<std::uint64_t> append(const Entry& entry);
  // One fdatasync for the whole batch. On success everything appended so far is durable.
  Result<Position> commit();

  // Acknowledged entries from sequence `from` on, in order. An error of `visit` ends the replay and is returned.
  // What is sealed to an organisation comes as such, with what it says where the key is here (content_of).
  using Visit = std::function<Result<void>(std::uint64_t sequence, const Entry& entry)>;
  Result<void> replay(std::uint64_t from, const Visit& visit, Personal personal = Personal::opened) const;

  // Reads everything: checksums, leaf hashes, commitments, and the tree against every segment header.
  Result<Verified> verify() const;

  // Its files as they were found when it was opened, and how many bytes of each are whole entries: what a copy holds.
  struct Part {
    std::string path;
    std::uint64_t bytes = 0;
  };
  Result<std::vector<Part>> parts() const;

  std::uint64_t size() const { return durable_.size(); }  // acknowledged entries
  Position durable() const { return {durable_.size(), durable_.root()}; }
  Result<Digest> root_at(std::uint64_t size) const;  // of the first `size` acknowledged entries
  std::uint64_t first() const { return segments_.empty() ? 0 : segments_.front().first; }
  const Recovery& recovery() const { return recovery_; }
  const std::optional<Error>& broken() const { return broken_; }  // why appends are refused

 private:
  struct SegmentFile {
    std::uint64_t first = 0;
    std::string path;
  };
  // `visit` gives false to stop.
  using FrameVisit = std::function<Result<bool>(const SegmentHeader&, const Frame&)>;

  enum class Access : std::uint8_t { write, read };
  static Result<Log> named(const std::string& data_dir, const std::string& name, KeyRing& keys);
  Result<void> check_version() const;
  Result<void> list_segments();
  Result<void> recover(Access access);
  Result<void> cut_tail(const SegmentFile& segment, std::string_view file, std::size_t offset);
  Result<void> continue_segment(const SegmentFile& segment, const KeyId& key);
  Result<void> start_segment();
  Result<void> write_batch();
  Result<void> to_blob(EntryKind kind, std::string& entry) const;
  Result<Entry> read_entry(const Frame& frame, Opener& opener) const;
  Result<void> walk(std::uint64_t from, const FrameVisit& visit) const;
  Result<void> walk_segment(std::size_t index, std::uint64_t from, const FrameVisit& visit, bool& go_on) const;
  tl::unexpected<Error> refuse(Error error);

  std::string folder_, blob_folder_, name_;
  std::uint32_t tag_ = 0;
  std::uint64_t segment_bytes_ = 0;
  KeyRing* keys_ = nullptr;
  io::FileLock lock_;
  std::vector<SegmentFile> segments_;
  std::uint64_t found_bytes_ = 0;  // of whole entries in the last segment, when it was opened
  std::optional<io::AppendFile> file_;  // the last segment; none: the next append starts one
  std::uint64_t reserved_ = 0;
  Key segment_key_{};
  std::string batch_, entry_;
  CompactRange appended_, durable_;
  Recovery recovery_;
  std::optional<Error> broken_;
};

}  // namespace quaywatch::journal
