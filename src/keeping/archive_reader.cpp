#include "keeping/archive.h"

#include <fmt/format.h>
#include <minizip/unzip.h>
#include <minizip/zip.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "base/limits.h"
#include "io/append_file.h"
#include "io/descriptor.h"
#include "io/files.h"

namespace quaywatch::keeping {
namespace {

constexpr int kLevel = 1;  // what is large is sealed and does not shrink
constexpr uLong kMadeByUnix = 3 << 8;
constexpr uLong kPrivateFile = 0100600UL << 16;  // external attributes: mode 0600
constexpr uLong kFirstDay = 0x00210000;          // 1980-01-01: the manifest says when
constexpr std::size_t kNameBytes = 1024;

// The record at the end of an archive without a comment, as all of ours are. The library would take one that was torn.
bool ends_whole(std::string_view file) {
  constexpr std::string_view kRecord("PK\x05\x06"), kNoComment("\0\0", 2);
  constexpr std::size_t kRecordBytes = 22;
  return file.size() >= kRecordBytes && file.substr(file.size() - kRecordBytes).starts_with(kRecord) &&
         file.ends_with(kNoComment);
}

}  // namespace

void ArchiveWriter::Close::operator()(void* file) const {
  zipClose(file, nullptr);
}

void ArchiveReader::Close::operator()(void* file) const {
  unzClose(file);
}

// The library goes through stdio and leaves the reason in errno.
tl::unexpected<Error> ArchiveWriter::failure() const {
  return io::os_failure("write to", path_, errno == 0 ? EIO : errno);
}

Result<ArchiveWriter> ArchiveWriter::create(const std::string& path) {
  // The library would make it with the mode of the umask.
  auto made = io::AppendFile::open(path, 0600);
  if (!made) return tl::unexpected(made.error());
  ArchiveWriter out;
  out.path_ = path;
  errno = 0;
  out.file_.reset(zipOpen64(path.c_str(), APPEND_STATUS_CREATE));
  if (!out.file_) return out.failure();
  return out;
}

Result<Part> ArchiveWriter::add(const std::string& name, const std::function<Result<void>(const Blocks&)>& source) {
  zip_fileinfo info{};
  info.dosDate = kFirstDay;
  info.external_fa = kPrivateFile;
  errno = 0;
  if (zipOpenNewFileInZip4_64(file_.get(), name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, kLevel, 0,
                              -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, nullptr, 0, kMadeByUnix, 0, 1) != ZIP_OK)
    return failure();
  Part part{name, 0, {}};
  Sha256 digest;
  const auto done = source([&](std::string_view bytes) -> Result<void> {
    if (zipWriteInFileInZip(file_.get(), bytes.data(), static_cast<unsigned>(bytes.size())) != ZIP_OK) return failure();
    part.bytes += bytes.size();
    digest.update(bytes);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  if (zipCloseFileInZip(file_.get()) != ZIP_OK) return failure();
  part.digest = digest.finish();
  return part;
}

Result<void> ArchiveWriter::finish() {
  errno = 0;
  if (zipClose(file_.release(), nullptr) != ZIP_OK) return failure();
  auto written = io::AppendFile::open(path_);
  return written ? written->sync() : tl::unexpected(written.error());
}

Result<ArchiveReader> ArchiveReader::open(const std::string& path) {
  const auto file = io::map_file(path);
  if (!file) return tl::unexpected(file.error());
  ArchiveReader out;
  out.path_ = path;
  if (ends_whole(file->view())) out.file_.reset(unzOpen64(path.c_str()));
  if (!out.file_)
    return fail(ErrorCode::corrupt,
                fmt::format("'{}' is no backup, or was torn: it ends at byte {} without the list of its parts. Copy it "
                            "again, or take another backup",
                            path, file->size()));
  int state = unzGoToFirstFile(out.file_.get());
  for (; state == UNZ_OK; state = unzGoToNextFile(out.file_.get())) {
    std::array<char, kNameBytes> name{};
    unz_file_info64 info{};
    unz64_file_pos place{};
    if (unzGetCurrentFileInfo64(out.file_.get(), &info, name.data(), name.size() - 1, nullptr, 0, nullptr, 0) !=
            UNZ_OK ||
        unzGetFilePos64(out.file_.get(), &place) != UNZ_OK)
      break;
    out.entries_.push_back(
        {name.data(), info.uncompressed_size, place.pos_in_zip_directory, place.num_of_file});
  }
  if (state != UNZ_END_OF_LIST_OF_FILE)
    return fail(ErrorCode::corrupt,
                fmt::format("'{}': the list of its parts, at its end, is damaged behind part {}. Copy it again, or "
                            "take another backup",
                            path, out.entries_.size()));
  return out;
}

bool ArchiveReader::go_to(std::size_t index) {
  const unz64_file_pos place{entries_[index].directory_offset, entries_[index].number};
  return unzGoToFilePos64(file_.get(), &place) == UNZ_OK && unzOpenCurrentFile(file_.get()) == UNZ_OK;
}

std::uint64_t ArchiveReader::offset(std::size_t index) {
  if (!go_to(index)) return 0;
  const auto at = unzGetCurrentFileZStreamPos64(file_.get());
  unzCloseCurrentFile(file_.get());
  return at;
}

Result<Part> ArchiveReader::read(std::size_t index, const Blocks& visit) {
  const auto damaged = [&](const std::string& how) {
    const std::uint64_t at = offset(index);
    return fail(ErrorCode::corrupt,
                fmt::format("'{}': part '{}', whose data begin at byte {}, {}. Copy the file again, or take another "
                            "backup",
                            path_, name(index), at, how));
  };
  if (!go_to(index)) return damaged("cannot be read");
  Part part{name(index), 0, {}};
  Sha256 digest;
  std::string block(limits::kReadBlockBytes, '\0');
  int got = 0;
  while ((got = unzReadCurrentFile(file_.get(), block.data(), static_cast<unsigned>(block.size()))) > 0) {
    const std::string_view bytes(block.data(), static_cast<std::size_t>(got));
    digest.update(bytes);
    part.bytes += bytes.size();
    if (auto visited = visit(bytes); !visited) {
      unzCloseCurrentFile(file_.get());
      return tl::unexpected(visited.error());
    }
  }
  const int closed = unzCloseCurrentFile(file_.get());  // compares the checksum
  if (got < 0) return damaged(fmt::format("is damaged behind {} bytes of its content", part.bytes));
  if (closed != UNZ_OK) return damaged("fails its checksum");
  part.digest = digest.finish();
  return part;
}

}  // namespace quaywatch::keeping
