#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "base/limits.h"
#include "keeping/archive.h"
#include "keeping/archive_records.h"

namespace quaywatch::keeping {
namespace {

constexpr std::size_t kLocalBytes = 30, kCentralBytes = 46, kEnd64Bytes = 56, kLocatorBytes = 20, kEndBytes = 22;
constexpr std::uint64_t kLocked = 1;  // a flag
constexpr std::size_t kListMost = 256 * 1024 * 1024;

// Little-endian fields at places of a record that is as long.
class Fields {
 public:
  explicit Fields(std::string_view record) : record_(record) {}
  std::uint64_t u16(std::size_t at) const { return get(at, 2); }
  std::uint64_t u32(std::size_t at) const { return get(at, 4); }
  std::uint64_t u64(std::size_t at) const { return get(at, 8); }

 private:
  std::uint64_t get(std::size_t at, std::size_t bytes) const {
    std::uint64_t out = 0;
    for (std::size_t i = bytes; i-- > 0;) out = out << 8 | static_cast<std::uint8_t>(record_[at + i]);
    return out;
  }
  std::string_view record_;
};

bool is_record(std::string_view bytes, std::size_t size, std::uint32_t signature) {
  return bytes.size() >= size && Fields(bytes).u32(0) == signature;
}

// The content of the field with 64-bit sizes; empty: there is none.
std::string_view zip64_of(std::string_view extra) {
  while (extra.size() >= 4) {
    const std::size_t size = Fields(extra).u16(2);
    if (Fields(extra).u16(0) == kZip64Field) return extra.substr(4, size);
    extra.remove_prefix(std::min(extra.size(), 4 + size));
  }
  return {};
}

// Those of the three that do not fit 32 bits stand there, in this order.
bool widen(std::string_view wide, std::initializer_list<std::uint64_t*> values) {
  for (std::uint64_t* value : values) {
    if (*value != kIn64) continue;
    if (wide.size() < 8) return false;
    *value = Fields(wide).u64(0);
    wide.remove_prefix(8);
  }
  return true;
}

class Inflater {
 public:
  explicit Inflater(bool is_stored) : is_stored_(is_stored) {
    is_ready_ = is_stored || inflateInit2(&stream_, -MAX_WBITS) == Z_OK;
  }
  ~Inflater() {
    if (!is_stored_ && is_ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // false: damaged, or `visit` said so.
  template <typename Visit>
  bool unpack(std::string_view packed, Visit visit) {
    if (is_stored_ || !is_ready_) return is_ready_ && visit(packed);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    while (!is_at_end_) {
      stream_.next_out = reinterpret_cast<Bytef*>(block_.data());
      stream_.avail_out = static_cast<uInt>(block_.size());
      const int state = inflate(&stream_, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return false;
      is_at_end_ = state == Z_STREAM_END;
      const std::size_t got = block_.size() - stream_.avail_out;
      if (got > 0 && !visit(std::string_view(block_).substr(0, got))) return false;
      if (stream_.avail_out > 0 && !is_at_end_) return true;  // wants more
    }
    return stream_.avail_in == 0;
  }
  bool is_at_end() const { return is_stored_ || is_at_end_; }

 private:
  z_stream stream_{};
  std::string block_ = std::string(limits::kReadBlockBytes, '\0');
  bool is_stored_, is_ready_ = false, is_at_end_ = false;
};

}  // namespace

Result<std::string> ArchiveReader::bytes_at(std::uint64_t offset, std::size_t size) {
  if (offset > file_->size()) return std::string();
  std::string out(size, '\0');
  const auto got = file_->read(offset, out);
  if (!got) return tl::unexpected(got.error());
  out.resize(*got);
  return out;
}

// The list of contents, as the record at the very end says: an archive of ours has no comment behind it. Empty: none.
Result<std::string> ArchiveReader::read_list(std::uint64_t& count) {
  const std::uint64_t size = file_->size();
  if (size < kEndBytes) return std::string();
  const auto end = bytes_at(size - kEndBytes, kEndBytes);
  if (!end) return end;
  if (!is_record(*end, kEndBytes, kEnd) || Fields(*end).u16(20) != 0) return std::string();
  count = Fields(*end).u16(10);
  std::uint64_t bytes = Fields(*end).u32(12), begin = Fields(*end).u32(16);
  if (count == kCountIn64 || bytes == kIn64 || begin == kIn64) {
    if (size < kEndBytes + kLocatorBytes) return std::string();
    const auto locator = bytes_at(size - kEndBytes - kLocatorBytes, kLocatorBytes);
    if (!locator) return locator;
    if (!is_record(*locator, kLocatorBytes, kLocator64)) return std::string();
    const auto end64 = bytes_at(Fields(*locator).u64(8), kEnd64Bytes);
    if (!end64) return end64;
    if (!is_record(*end64, kEnd64Bytes, kEnd64)) return std::string();
    count = Fields(*end64).u64(32);
    bytes = Fields(*end64).u64(40);
    begin = Fields(*end64).u64(48);
  }
  if (bytes > std::min<std::uint64_t>(size, kListMost)) return std::string();
  return bytes_at(begin, bytes);
}

Result<ArchiveReader> ArchiveReader::open(std::unique_ptr<io::Source> file, const std::string& path) {
  ArchiveReader out(std::move(file), path);
  std::uint64_t count = 0;
  const auto list = out.read_list(count);
  if (!list) return tl::unexpected(list.error());
  if (list->empty())
    return fail(ErrorCode::corrupt,
                fmt::format("'{}' is no backup, or was torn: it ends at byte {} without the list of its parts. Copy it "
                            "again, or take another backup",
                            path, out.file_->size()));
  std::string_view rest = *list;
  while (is_record(rest, kCentralBytes, kCentral)) {
    const Fields row(rest);
    const std::size_t name = row.u16(28), extra = row.u16(30), all = kCentralBytes + name + extra + row.u16(32);
    const std::uint64_t method = row.u16(10);
    if (all > rest.size() || (row.u16(8) & kLocked) != 0 || (method != kStored && method != kDeflate)) break;
    Entry entry{std::string(rest.substr(kCentralBytes, name)), row.u32(42), row.u32(20), row.u32(24),
                static_cast<std::uint32_t>(row.u32(16)), method == kStored};
    const std::string_view wide = zip64_of(rest.substr(kCentralBytes + name, extra));
    if (!widen(wide, {&entry.bytes, &entry.packed, &entry.offset})) break;
    out.entries_.push_back(std::move(entry));
    rest.remove_prefix(all);
  }
  if (!rest.empty() || out.entries_.size() != count)
    return fail(ErrorCode::corrupt,
                fmt::format("'{}': the list of its parts, at its end, is damaged behind part {}. Copy it again, or "
                            "take another backup",
                            path, out.entries_.size()));
  return out;
}

std::uint64_t ArchiveReader::offset(std::size_t index) {
  const Entry& entry = entries_[index];
  const auto head = bytes_at(entry.offset, kLocalBytes + entry.name.size());
  if (!head || !is_record(*head, kLocalBytes + entry.name.size(), kLocal)) return 0;
  const Fields fields(*head);
  if (fields.u16(26) != entry.name.size() || !std::string_view(*head).ends_with(entry.name)) return 0;
  return entry.offset + head->size() + fields.u16(28);
}

tl::unexpected<Error> ArchiveReader::damaged(std::size_t index, const std::string& how) {
  return fail(ErrorCode::corrupt,
              fmt::format("'{}': part '{}', whose data begin at byte {}, {}. Copy the file again, or take another "
                          "backup",
                          path_, name(index), offset(index), how));
}

// What is wrong with the packed bytes; empty: nothing.
Result<std::string> ArchiveReader::unpack(const Entry& entry, std::uint64_t begin, const Blocks& visit) {
  Inflater inflater(entry.is_stored);
  Result<void> visited;
  std::uint64_t done = 0;
  uLong crc = 0;
  const auto take = [&](std::string_view bytes) {
    done += bytes.size();
    crc = crc32(crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    if (done > entry.bytes) return false;
    visited = visit(bytes);
    return visited.has_value();
  };
  for (std::uint64_t at = 0; at < entry.packed;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(limits::kReadBlockBytes, entry.packed - at));
    const auto packed = bytes_at(begin + at, wanted);
    if (!packed) return packed;
    const bool is_good = packed->size() == wanted && inflater.unpack(*packed, take);
    if (!visited) return tl::unexpected(visited.error());
    if (!is_good) return fmt::format("is damaged behind {} bytes of its content", std::min(done, entry.bytes));
    at += wanted;
  }
  if (!inflater.is_at_end() || done != entry.bytes)
    return fmt::format("is damaged behind {} bytes of its content", done);
  return std::string(crc == entry.crc ? "" : "fails its checksum");
}

Result<Part> ArchiveReader::read(std::size_t index, const Blocks& visit) {
  const std::uint64_t begin = offset(index);
  if (begin == 0) {
    // Read once more for the reason: what a source refuses is more than damage to the archive.
    const auto head = bytes_at(entries_[index].offset, kLocalBytes + entries_[index].name.size());
    return head ? damaged(index, "cannot be read") : tl::unexpected(head.error());
  }
  Part part{name(index), 0, {}};
  Sha256 digest;
  const auto wrong = unpack(entries_[index], begin, [&](std::string_view bytes) {
    digest.update(bytes);
    part.bytes += bytes.size();
    return visit(bytes);
  });
  if (!wrong) return tl::unexpected(wrong.error());
  if (!wrong->empty()) return damaged(index, *wrong);
  part.digest = digest.finish();
  return part;
}

}  // namespace quaywatch::keeping
