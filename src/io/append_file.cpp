#include "io/append_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/limits.h"

namespace quaywatch::io {

Result<AppendFile> AppendFile::open(const std::string& path, unsigned mode) {
  const bool is_new = !exists(path);
  auto file = open_descriptor(path, O_RDWR | O_CREAT, "open for appending", mode);
  if (!file) return tl::unexpected(std::move(file.error()));
  struct stat st {};
  if (::fstat(file->get(), &st) != 0) return os_failure("look at", path, errno);
  if (is_new) {
    const std::string parent = std::filesystem::path(path).parent_path().string();
    if (auto synced = sync_folder(parent.empty() ? "." : parent); !synced) return tl::unexpected(synced.error());
  }
  AppendFile out;
  out.file_ = std::move(*file);
  out.path_ = path;
  out.size_ = static_cast<std::uint64_t>(st.st_size);
  return out;
}

Result<void> AppendFile::append(std::string_view bytes) {
  auto written = write_all(file_, bytes, size_, path_);
  if (written) size_ += bytes.size();
  return written;
}

Result<void> AppendFile::sync() {
  if (::fdatasync(file_.get()) != 0) return os_failure("make durable", path_, errno);
  return {};
}

Result<void> AppendFile::truncate(std::uint64_t size) {
  if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) return os_failure("shorten", path_, errno);
  size_ = size;
  return {};
}

Result<void> AppendFile::reserve(std::uint64_t size) {
  if (size <= size_) return {};
  if (::fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) != 0 && errno != EOPNOTSUPP)
    return os_failure("reserve space for", path_, errno);
  return {};
}

Result<TemporaryFile> TemporaryFile::create(const std::string& folder) {
  std::string path = folder + "/.quaywatch-run.XXXXXX";
  TemporaryFile out;
  out.folder_ = folder;
  out.file_ = Descriptor(::mkostemp(path.data(), O_CLOEXEC));
  if (!out.file_.is_open()) return os_failure("create a temporary file in", folder, errno);
  ::unlink(path.c_str());
  return out;
}

Result<void> TemporaryFile::append(std::string_view bytes) {
  if (bytes.size() < limits::kReadBlockBytes) {
    block_.append(bytes);
    return block_.size() >= limits::kReadBlockBytes ? flush() : Result<void>{};
  }
  auto done = flush();
  if (done) done = write_all(file_, bytes, written_, fmt::format("a temporary file in {}", folder_));
  if (done) written_ += bytes.size();
  return done;
}

Result<void> TemporaryFile::flush() {
  auto done = write_all(file_, block_, written_, fmt::format("a temporary file in {}", folder_));
  if (!done) return done;
  written_ += block_.size();
  block_.clear();
  return {};
}

Result<MappedFile> TemporaryFile::map() {
  if (auto flushed = flush(); !flushed) return tl::unexpected(std::move(flushed.error()));
  if (written_ == 0) return MappedFile();
  const auto size = static_cast<std::size_t>(written_);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file_.get(), 0);
  if (data == MAP_FAILED) return os_failure("map a temporary file in", folder_, errno);
  ::madvise(data, size, MADV_SEQUENTIAL);
  return MappedFile(static_cast<const std::uint8_t*>(data), size);
}

Result<FileLock> FileLock::acquire(const std::string& path) {
  auto file = open_descriptor(path, O_RDWR | O_CREAT, "open the lock", 0600);
  if (!file) return tl::unexpected(std::move(file.error()));
  if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return fail(ErrorCode::io_failure,
                  "is in use by another quaywatch process; one that serves takes in files by itself, from the folders "
                  "that it watches: stop it, or name another data folder",
                  path);
    return os_failure("lock", path, errno);
  }
  FileLock out;
  out.file_ = std::move(*file);
  return out;
}

}  // namespace quaywatch::io
