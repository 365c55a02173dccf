// One file of a log: a header, then frames without gaps (docs/formats/journal.md, "Segments"). Values only, no I/O.
// The header carries the compact Merkle range of everything before it, so that opening a log reads one file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "journal/key_ring.h"
#include "journal/merkle.h"

namespace quaywatch::journal {

inline constexpr std::uint32_t kSegmentVersion = 1;

struct SegmentHeader {
  std::string log;        // input, findings
  KeyId key{};            // of the segment key, which makes salt0
  CompactRange before;    // leaves 0..first-1; its size is the sequence of the first frame
  std::size_t bytes = 0;  // length of the header itself; set by decode
  std::uint64_t first() const { return before.size(); }
};

void encode_segment_header(const SegmentHeader& header, std::string& out);
// `path` is only named in errors. A newer version is unsupported; anything else wrong is corrupt.
Result<SegmentHeader> decode_segment_header(std::string_view file, const std::string& path);

// 00000000000000000042.seg; the sequence of its first frame, 20 digits so that names sort as numbers do.
std::string segment_file_name(std::uint64_t first);
bool parse_segment_file_name(std::string_view name, std::uint64_t& first);

struct Frame {
  std::uint64_t sequence = 0;
  Digest leaf{};
  std::string_view entry;  // borrowed from the file
  std::string_view ciphertexts;
  std::size_t bytes = 0;  // length of the whole frame
};

void encode_frame(std::uint64_t sequence, const Digest& leaf, std::string_view entry, std::string_view ciphertexts,
                  std::string& out);
// The frame at `offset`. Any difference of one bit, and a file that ends inside, is corrupt with the reason.
Result<Frame> decode_frame(std::string_view file, std::size_t offset);

// RFC 6962 leaf hash of salt0 || entry.
Digest entry_leaf(const Block& salt0, std::string_view entry);

}  // namespace quaywatch::journal
