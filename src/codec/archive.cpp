#include "codec/archive.h"

#include <fmt/format.h>
#include <minizip/unzip.h>
#include <zlib.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "codec/csv.h"

namespace quaywatch::codec {
namespace {

constexpr std::size_t kBlock = 64 * 1024;

tl::unexpected<Refusal> refuse(std::string_view reason, std::string message) {
  return tl::unexpected(Refusal{reason, std::move(message)});
}

// Why `unpacked` bytes are more than `packed` ones may become; empty when they may.
std::string excess(std::uint64_t unpacked, std::uint64_t packed) {
  if (unpacked > limits::kUnpackedBytes)
    return fmt::format("it expands to more than {} bytes; send it in parts", limits::kUnpackedBytes);
  if (unpacked > limits::kUnpackFreeBytes && unpacked / limits::kUnpackRatio > packed)
    return fmt::format("{} bytes expand to more than {} times as many; unpack it by hand if that is right", packed,
                       limits::kUnpackRatio);
  return {};
}

// --- ZIP: the memory that MiniZip reads as if it were a file --------------------------------------------------------

struct Memory {
  std::string_view bytes;
  std::uint64_t pos = 0;
};

void* open_memory(void* memory, const void*, int) {
  return memory;
}
uLong read_memory(void*, void* stream, void* out, uLong size) {
  Memory& m = *static_cast<Memory*>(stream);
  const std::size_t n = std::min<std::size_t>(size, m.bytes.size() - m.pos);
  std::copy_n(m.bytes.data() + m.pos, n, static_cast<char*>(out));
  m.pos += n;
  return n;
}
ZPOS64_T tell_memory(void*, void* stream) {
  return static_cast<Memory*>(stream)->pos;
}
long seek_memory(void*, void* stream, ZPOS64_T offset, int origin) {
  Memory& m = *static_cast<Memory*>(stream);
  const std::uint64_t from = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                             : origin == ZLIB_FILEFUNC_SEEK_CUR ? m.pos
                                                                : m.bytes.size();
  if (offset > m.bytes.size() - from) return -1;
  m.pos = from + offset;
  return 0;
}
int close_memory(void*, void*) {
  return 0;
}
int memory_error(void*, void*) {
  return 0;
}

// MiniZip takes bytes behind the end of the file for zeros: a cut end record would look like an empty archive.
bool has_whole_end_record(std::string_view bytes) {
  constexpr std::size_t kRecord = 22, kComment = 65'535;
  const std::size_t at = bytes.rfind("PK\x05\x06");
  if (at == std::string_view::npos || bytes.size() - at > kRecord + kComment || bytes.size() - at < kRecord)
    return false;
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + i])); };
  return bytes.size() - at >= kRecord + (byte(20) | byte(21) << 8);
}

std::string entry_name(std::string_view stated) {
  std::string name = is_valid_utf8(stated) ? std::string(stated) : windows_1252_to_utf8(stated);
  std::replace(name.begin(), name.end(), '\\', '/');
  std::replace_if(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
                  '_');
  return name;
}

}  // namespace

Packing packing_of(std::string_view bytes) {
  if (bytes.starts_with("\x1F\x8B")) return Packing::gzip;
  // An empty archive is its end record alone.
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return Packing::zip;
  if (bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return Packing::ole;
  return Packing::none;
}

tl::expected<std::string, Refusal> gunzip(std::string_view bytes) {
  z_stream z{};
  constexpr int kGzipOnly = 15 + 16;  // the largest window; 16: a gzip header is demanded
  if (inflateInit2(&z, kGzipOnly) != Z_OK) return refuse("archive_corrupt", "gzip could not be started");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&z, inflateEnd);
  std::string out;
  std::size_t taken = 0;  // input handed over; avail_in is 32 bits wide
  for (;;) {
    if (z.avail_in == 0) {
      const std::size_t n = std::min<std::size_t>(bytes.size() - taken, 1U << 30);
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + taken));  // zlib only reads it
      z.avail_in = static_cast<uInt>(n);
      taken += n;
    }
    const std::size_t before = out.size();
    out.resize(before + kBlock);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    z.avail_out = static_cast<uInt>(kBlock);
    const int state = inflate(&z, Z_NO_FLUSH);
    out.resize(before + kBlock - z.avail_out);
    const std::size_t at = taken - z.avail_in;
    if (const std::string why = excess(out.size(), bytes.size()); !why.empty()) return refuse("archive_bomb", why);
    if (state == Z_STREAM_END) {
      if (at == bytes.size()) return out;
      if (bytes.substr(at).find_first_not_of('\0') == std::string_view::npos) return out;  // padding of a tape
      if (inflateReset(&z) != Z_OK) break;  // the next member of a concatenation
      continue;
    }
    if (state == Z_BUF_ERROR || (state == Z_OK && at == bytes.size() && z.avail_out != 0))
      return refuse("archive_corrupt", fmt::format("the gzip data end early, at byte {}; send it again", at));
    if (state != Z_OK)
      return refuse("archive_corrupt", fmt::format("the gzip data are damaged near byte {} ({}); send it again", at,
                                                   z.msg != nullptr ? z.msg : "no reason given"));
  }
  return refuse("archive_corrupt", "gzip could not go on behind the first member");
}

struct ZipArchive::State {
  Memory memory;
  unzFile file = nullptr;
  std::uint64_t unpacked = 0;
};

void ZipArchive::Close::operator()(State* state) const {
  if (state->file != nullptr) unzClose(state->file);
  delete state;
}

tl::expected<ZipArchive, Refusal> ZipArchive::open(std::string_view bytes) {
  ZipArchive out;
  out.state_.reset(new State{{bytes, 0}, nullptr, 0});
  zlib_filefunc64_def calls{open_memory, read_memory,  nullptr,      tell_memory,
                            seek_memory, close_memory, memory_error, &out.state_->memory};
  unzFile file = out.state_->file = has_whole_end_record(bytes) ? unzOpen2_64("", &calls) : nullptr;
  if (file == nullptr)
    return refuse("archive_corrupt",
                  "the directory at the end of the ZIP archive is missing or damaged; send it again");
  std::set<std::string, std::less<>> names;
  std::uint64_t seen = 0;
  int state = unzGoToFirstFile(file);
  for (; state == UNZ_OK; state = unzGoToNextFile(file)) {
    if (++seen > limits::kArchiveMembers)
      return refuse("archive_members", fmt::format("the archive has more than {} members", limits::kArchiveMembers));
    unz_file_info64 info{};
    char name[1024] = {};
    unz64_file_pos pos{};
    if (unzGetCurrentFileInfo64(file, &info, name, sizeof name - 1, nullptr, 0, nullptr, 0) != UNZ_OK ||
        unzGetFilePos64(file, &pos) != UNZ_OK)
      return refuse("archive_corrupt", fmt::format("entry {} of the ZIP directory is damaged; send it again", seen));
    ZipEntry entry{entry_name(name), info.compressed_size, info.uncompressed_size, pos.pos_in_zip_directory,
                   pos.num_of_file,  (info.flag & 1U) != 0, false, static_cast<int>(info.compression_method)};
    if (entry.name.ends_with('/') && entry.size == 0) continue;
    entry.is_repeated = !names.insert(entry.name).second;
    out.entries_.push_back(std::move(entry));
  }
  unz_global_info64 global{};
  if (unzGetGlobalInfo64(file, &global) != UNZ_OK || (state != UNZ_END_OF_LIST_OF_FILE && global.number_entry != 0) ||
      global.number_entry != seen)
    return refuse("archive_corrupt", fmt::format("the ZIP directory states {} members and shows {}; send it again",
                                                 global.number_entry, seen));
  return out;
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const ZipEntry& e) { return e.name == name; });
  return at == entries_.end() ? nullptr : &*at;
}

tl::expected<std::string, Refusal> ZipArchive::unpack(const ZipEntry& entry, std::size_t most) {
  if (entry.is_repeated)
    return refuse("repeated_member", fmt::format("the archive has two members '{}'; which counts is not guessed",
                                                 entry.name.substr(0, 200)));
  if (entry.is_encrypted) return refuse("archive_encrypted", "the member is encrypted; send it without a password");
  if (entry.method != 0 && entry.method != Z_DEFLATED)
    return refuse("archive_method",
                  fmt::format("the member is packed by method {}; known are 0 (stored) and 8 (deflate)", entry.method));
  if (entry.size > most)
    return refuse("archive_bomb", fmt::format("the member states {} bytes; the limit is {}", entry.size, most));
  if (const auto why = excess(state_->unpacked + entry.size, state_->memory.bytes.size()); !why.empty())
    return refuse("archive_bomb", why);
  unzFile file = state_->file;
  const unz64_file_pos pos{entry.directory_offset, entry.number};
  if (unzGoToFilePos64(file, &pos) != UNZ_OK || unzOpenCurrentFile(file) != UNZ_OK)
    return refuse("archive_corrupt", "the member does not stand where the ZIP directory says; send it again");
  std::string out(static_cast<std::size_t>(entry.size), '\0');
  std::size_t have = 0;
  int n = 1;
  while (n > 0 && have < out.size()) {
    n = unzReadCurrentFile(file, out.data() + have, static_cast<unsigned>(std::min(out.size() - have, kBlock)));
    if (n > 0) have += static_cast<std::size_t>(n);
  }
  const int closed = unzCloseCurrentFile(file);  // compares the checksum
  state_->unpacked += have;
  if (n < 0 || have != out.size() || closed != UNZ_OK)
    return refuse("archive_corrupt",
                  fmt::format("the member ends at byte {} of {} or its checksum is wrong; send it again", have,
                              out.size()));
  return out;
}

std::string_view ZipArchive::packed(const ZipEntry& entry) {
  const std::string_view all = state_->memory.bytes;
  const unz64_file_pos pos{entry.directory_offset, entry.number};
  int method = 0, level = 0;
  std::uint64_t at = entry.directory_offset, size = 46 + entry.name.size();  // 46: the fixed part of a record
  if (unzGoToFilePos64(state_->file, &pos) == UNZ_OK &&
      unzOpenCurrentFile2(state_->file, &method, &level, 1) == UNZ_OK) {
    if (entry.packed_size > 0) {
      at = unzGetCurrentFileZStreamPos64(state_->file);
      size = entry.packed_size;
    }
    unzCloseCurrentFile(state_->file);
  }
  if (at >= all.size()) return all;
  return all.substr(at, std::min<std::uint64_t>(size, all.size() - at));
}

}  // namespace quaywatch::codec
