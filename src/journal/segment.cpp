#include "journal/segment.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crc32c.h"
#include "base/limits.h"
#include "base/text.h"
#include "journal/bytes.h"

namespace quaywatch::journal {
namespace {

constexpr std::string_view kSegmentMagic("QWSEGM\r\n", 8);
constexpr std::string_view kSuffix = ".seg";
constexpr std::size_t kNameDigits = 20;
constexpr std::size_t kFramePrefixBytes = 8;          // length, checksum
constexpr std::size_t kFrameFixedBytes = 8 + 32 + 4;  // sequence, leaf, entry length
constexpr std::size_t kLengthOffset = 12;

tl::unexpected<Error> corrupt_header(const std::string& path, std::string_view what) {
  return fail(ErrorCode::corrupt, fmt::format("{}: {}; restore the file from the backup", path, what), path);
}

std::string le32(std::size_t v) {
  std::string out;
  Writer(out).u32(static_cast<std::uint32_t>(v));
  return out;
}

}  // namespace

void encode_segment_header(const SegmentHeader& header, std::string& out) {
  const std::size_t start = out.size();
  Writer w(out);
  w.bytes(kSegmentMagic);
  w.u32(kSegmentVersion);
  w.u32(0);
  w.u64(header.first());
  w.array(header.key);
  w.sized(header.log);
  w.u32(static_cast<std::uint32_t>(header.before.hashes().size()));
  for (const Digest& hash : header.before.hashes()) w.array(hash);
  out.replace(start + kLengthOffset, 4, le32(out.size() - start + 4));
  w.u32(crc32c(std::string_view(out).substr(start)));
}

Result<SegmentHeader> decode_segment_header(std::string_view file, const std::string& path) {
  Reader r(file);
  const std::string_view magic = r.bytes(kSegmentMagic.size());
  const std::uint32_t version = r.u32(), length = r.u32();
  if (!r.ok() || magic != kSegmentMagic) return corrupt_header(path, "it does not begin like a journal segment");
  if (version > kSegmentVersion)
    return fail(ErrorCode::unsupported,
                fmt::format("{} has segment format {}, this program reads up to {}; use the newer program", path,
                            version, kSegmentVersion),
                path);
  if (version == 0 || length > file.size() || length < r.position() + 4)
    return corrupt_header(path, "its header states an impossible version or length");
  const std::string_view covered = file.substr(0, length - 4);
  if (Reader(file.substr(length - 4)).u32() != crc32c(covered))
    return corrupt_header(path, "its header fails the checksum");
  SegmentHeader out;
  out.bytes = length;
  const std::uint64_t first = r.u64();
  out.key = r.array<KeyId>();
  out.log = r.sized();
  std::vector<Digest> hashes;
  for (std::uint32_t n = r.u32(); n > 0 && r.ok(); --n) hashes.push_back(r.array<Digest>());
  out.before = CompactRange(first, std::move(hashes));
  if (!r.ok() || r.position() != covered.size() || !out.before.is_valid())
    return corrupt_header(path, "its header does not add up");
  return out;
}

std::string segment_file_name(std::uint64_t first) {
  return fmt::format("{:020}{}", first, kSuffix);
}

bool parse_segment_file_name(std::string_view name, std::uint64_t& first) {
  if (name.size() != kNameDigits + kSuffix.size() || !name.ends_with(kSuffix)) return false;
  first = 0;
  for (const char c : name.substr(0, kNameDigits)) {
    if (!is_ascii_digit(c)) return false;
    first = first * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return segment_file_name(first) == name;  // false for what overflowed
}

void encode_frame(std::uint64_t sequence, const Digest& leaf, std::string_view entry, std::string_view ciphertexts,
                  std::string& out) {
  const std::size_t start = out.size();
  Writer w(out);
  w.u32(static_cast<std::uint32_t>(kFrameFixedBytes + entry.size() + ciphertexts.size()));
  w.u32(0);
  w.u64(sequence);
  w.array(leaf);
  w.sized(entry);
  w.bytes(ciphertexts);
  const std::string_view frame = std::string_view(out).substr(start);
  out.replace(start + 4, 4, le32(crc32c(frame.substr(kFramePrefixBytes), crc32c(frame.substr(0, 4)))));
}

Result<Frame> decode_frame(std::string_view file, std::size_t offset) {
  const std::string_view rest = file.substr(std::min(offset, file.size()));
  Reader r(rest);
  const std::uint32_t length = r.u32(), crc = r.u32();
  if (!r.ok()) return fail(ErrorCode::corrupt, "the file ends inside a frame's length");
  if (length < kFrameFixedBytes || length > limits::kJournalFrameBytes)
    return fail(ErrorCode::corrupt, fmt::format("a frame states the impossible length {}", length));
  if (length > r.left())
    return fail(ErrorCode::corrupt, fmt::format("the file ends {} bytes into a frame of {}", r.left(), length));
  if (crc != crc32c(rest.substr(kFramePrefixBytes, length), crc32c(rest.substr(0, 4))))
    return fail(ErrorCode::corrupt, "a frame fails its checksum");
  Reader body(rest.substr(kFramePrefixBytes, length));
  Frame out;
  out.sequence = body.u64();
  out.leaf = body.array<Digest>();
  out.entry = body.sized();
  out.ciphertexts = body.bytes(body.left());
  out.bytes = kFramePrefixBytes + length;
  if (!body.ok()) return fail(ErrorCode::corrupt, "a frame's entry is longer than the frame");
  return out;
}

Digest entry_leaf(const Block& salt0, std::string_view entry) {
  thread_local Sha256 h;
  return h.update(std::string_view("\0", 1)).update(salt0).update(entry).finish();
}

}  // namespace quaywatch::journal
