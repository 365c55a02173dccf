// Archives in memory: gzip (RFC 1952, concatenated members too) and ZIP (PKWARE APPNOTE 6.3; stored and deflated
// entries). zlib and MiniZip read them; what may be believed is decided here.
//
// Invariants: total on any bytes; nothing is written to disk; what an archive expands to is bounded by limits::
// kUnpackedBytes, kUnpackRatio and kArchiveMembers before it is held. An entry that cannot be used costs itself only.
// Reasons (static storage): archive_corrupt (also truncated, or a wrong checksum), archive_encrypted, archive_bomb,
// archive_members, archive_method, repeated_member. Not thread-safe; an archive views its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace quaywatch::codec {

struct Refusal {
  std::string_view reason;  // stable, static storage
  std::string message;
};

// By the first bytes. `ole` is the compound file of old or password-protected office documents, which is not read.
enum class Packing : std::uint8_t { none, gzip, zip, ole };
Packing packing_of(std::string_view bytes);

tl::expected<std::string, Refusal> gunzip(std::string_view bytes);

struct ZipEntry {
  std::string name;  // UTF-8, without control characters
  std::uint64_t packed_size = 0, size = 0;  // as the directory states them
  std::uint64_t directory_offset = 0, number = 0;  // MiniZip's handle of the entry
  bool is_encrypted = false, is_repeated = false;  // is_repeated: an earlier entry has the same name
  int method = 0;
};

class ZipArchive {
 public:
  static tl::expected<ZipArchive, Refusal> open(std::string_view bytes);
  const std::vector<ZipEntry>& entries() const { return entries_; }  // without folders, in the directory's order
  const ZipEntry* find(std::string_view name) const;
  // What the entry holds; at most `most` bytes of it. Everything unpacked so far counts towards the limits.
  tl::expected<std::string, Refusal> unpack(const ZipEntry& entry, std::size_t most);
  // The packed bytes of an entry, or its directory record where those cannot be found: what a refusal is about.
  std::string_view packed(const ZipEntry& entry);

 private:
  struct State;
  struct Close {
    void operator()(State* state) const;
  };
  std::unique_ptr<State, Close> state_;
  std::vector<ZipEntry> entries_;
};

}  // namespace quaywatch::codec
