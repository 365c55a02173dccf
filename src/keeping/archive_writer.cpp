#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <string_view>

#include "keeping/archive.h"
#include "keeping/archive_records.h"

namespace quaywatch::keeping {
namespace {

constexpr int kLevel = 1;            // what is large is sealed and does not shrink
constexpr int kNoWrapper = -MAX_WBITS, kMemory = 8;
constexpr std::size_t kBlock = 64 * 1024;

constexpr std::uint16_t kZip64 = 45, kMadeByUnix = 3 << 8 | kZip64;
constexpr std::uint16_t kSizesBehind = 1 << 3, kUtf8 = 1 << 11;
constexpr std::uint32_t kFirstDay = 0x00210000;           // 1980-01-01: the manifest says when
constexpr std::uint32_t kPrivateFile = 0100600u << 16;    // mode 0600

// Little-endian fields, one after the other.
class Record {
 public:
  explicit Record(std::uint32_t signature) { u32(signature); }
  Record& u16(std::uint64_t v) { return put(v, 2); }
  Record& u32(std::uint64_t v) { return put(v, 4); }
  Record& u64(std::uint64_t v) { return put(v, 8); }
  Record& text(std::string_view s) {
    out_ += s;
    return *this;
  }
  const std::string& bytes() const { return out_; }

 private:
  Record& put(std::uint64_t v, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) out_ += static_cast<char>(v >> 8 * i & 0xff);
    return *this;
  }
  std::string out_;
};

class Deflater {
 public:
  Deflater() {
    is_ready_ = deflateInit2(&stream_, kLevel, Z_DEFLATED, kNoWrapper, kMemory, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~Deflater() {
    if (is_ready_) deflateEnd(&stream_);
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  Result<void> pack(std::string_view bytes, bool is_last, const Blocks& sink) {
    if (!is_ready_) return fail(ErrorCode::io_failure, "there is no memory to pack a backup in; free some");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    std::array<char, kBlock> block;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(block.data());
      stream_.avail_out = block.size();
      deflate(&stream_, is_last ? Z_FINISH : Z_NO_FLUSH);
      if (auto taken = sink({block.data(), block.size() - stream_.avail_out}); !taken) return taken;
    } while (stream_.avail_out == 0);
    return {};
  }

 private:
  z_stream stream_{};
  bool is_ready_ = false;
};

}  // namespace

Result<void> ArchiveWriter::put(std::string_view bytes) {
  written_ += bytes.size();
  return bytes.empty() ? Result<void>{} : sink_(bytes);
}

Result<Part> ArchiveWriter::add(const std::string& name, const std::function<Result<void>(const Blocks&)>& source) {
  Entry entry{name, written_};
  Record head(kLocal);
  head.u16(kZip64).u16(kSizesBehind | kUtf8).u16(kDeflate).u32(kFirstDay).u32(0).u32(kIn64).u32(kIn64);
  head.u16(name.size()).u16(20).text(name).u16(kZip64Field).u16(16).u64(0).u64(0);
  if (auto done = put(head.bytes()); !done) return tl::unexpected(done.error());
  Sha256 digest;
  if (auto done = put_part(entry, digest, source); !done) return tl::unexpected(done.error());
  Record behind(kDescriptor);
  behind.u32(entry.crc).u64(entry.packed).u64(entry.bytes);
  if (auto done = put(behind.bytes()); !done) return tl::unexpected(done.error());
  entries_.push_back(entry);
  return Part{name, entry.bytes, digest.finish()};
}

Result<void> ArchiveWriter::put_part(Entry& entry, Sha256& digest,
                                     const std::function<Result<void>(const Blocks&)>& source) {
  const std::uint64_t begin = written_;
  const Blocks packed = [this](std::string_view bytes) { return put(bytes); };
  Deflater deflater;
  auto done = source([&](std::string_view bytes) {
    entry.bytes += bytes.size();
    entry.crc = static_cast<std::uint32_t>(
        crc32(entry.crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
    digest.update(bytes);
    return deflater.pack(bytes, false, packed);
  });
  if (done) done = deflater.pack({}, true, packed);
  entry.packed = written_ - begin;
  return done;
}

Result<void> ArchiveWriter::finish() {
  const std::uint64_t begin = written_;
  for (const Entry& e : entries_) {
    Record row(kCentral);
    row.u16(kMadeByUnix).u16(kZip64).u16(kSizesBehind | kUtf8).u16(kDeflate).u32(kFirstDay);
    row.u32(e.crc).u32(kIn64).u32(kIn64).u16(e.name.size()).u16(28);
    row.u16(0).u16(0).u16(0).u32(kPrivateFile).u32(kIn64).text(e.name);  // no comment, disk or attributes
    row.u16(kZip64Field).u16(24).u64(e.bytes).u64(e.packed).u64(e.offset);
    if (auto done = put(row.bytes()); !done) return done;
  }
  const std::uint64_t end = written_;
  Record last(kEnd64);
  last.u64(44).u16(kMadeByUnix).u16(kZip64).u32(0).u32(0);
  last.u64(entries_.size()).u64(entries_.size()).u64(end - begin).u64(begin);
  last.u32(kLocator64).u32(0).u64(end).u32(1);
  last.u32(kEnd).u16(0).u16(0).u16(kCountIn64).u16(kCountIn64).u32(kIn64).u32(kIn64).u16(0);
  return put(last.bytes());
}

}  // namespace quaywatch::keeping
