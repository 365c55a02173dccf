#include "io/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/limits.h"
#include "io/descriptor.h"

namespace quaywatch::io {
namespace {

namespace fs = std::filesystem;

std::string_view kind_words(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder: name a file inside it";
  if (S_ISFIFO(mode)) return "a pipe: copy it to a file first";
  if (S_ISSOCK(mode)) return "a socket: name a file";
  return "a device: name a file";
}

std::string folder_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// Most files are small, and every byte of room costs its zero.
constexpr std::size_t kFirstRoom = 16 * 1024;

Result<std::string> read_all(int fd, std::size_t max_bytes, const std::string& path) {
  std::string out;
  for (;;) {
    const std::size_t had = out.size();
    const std::size_t room = std::min(std::clamp(had, kFirstRoom, limits::kReadBlockBytes), max_bytes - had + 1);
    out.resize(had + room);
    const ssize_t got = ::read(fd, out.data() + had, room);
    const int os_error = errno;
    out.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0 && os_error == EINTR) continue;
    if (got < 0) return os_failure("read", path, os_error);
    if (got == 0) return out;
    if (out.size() > max_bytes)
      return fail(ErrorCode::limit_exceeded,
                  fmt::format("{} has more than the {} bytes that are read at once; split it", path, max_bytes), path);
  }
}

Error folder_error(const std::string& path, const std::error_code& ec) {
  return os_failure("list", path, ec.value()).value();
}

}  // namespace

void MappedFile::forget_before(std::size_t offset) {
  constexpr std::size_t kStep = 8 * 1024 * 1024;  // a system call per 8 MiB is free; one per record is not
  const std::size_t until = std::min(offset, size_) / kStep * kStep;
  if (until <= forgotten_) return;
  ::madvise(const_cast<std::uint8_t*>(data_) + forgotten_, until - forgotten_, MADV_DONTNEED);
  forgotten_ = until;
}

void MappedFile::unmap() {
  if (data_ != nullptr) ::munmap(const_cast<std::uint8_t*>(data_), size_);
  data_ = nullptr;
  size_ = 0;
}

Result<MappedFile> map_file(const std::string& path) {
  // O_NONBLOCK: opening a FIFO without a writer would wait for ever; it is refused below instead.
  auto file = open_descriptor(path, O_RDONLY | O_NONBLOCK, "open");
  if (!file) return tl::unexpected(std::move(file.error()));
  struct stat st {};
  if (::fstat(file->get(), &st) != 0) return os_failure("look at", path, errno);
  if (!S_ISREG(st.st_mode))
    return fail(ErrorCode::unreadable, fmt::format("cannot read {}: it is {}", path, kind_words(st.st_mode)), path);
  if (st.st_size == 0) return MappedFile();
  const auto size = static_cast<std::size_t>(st.st_size);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file->get(), 0);
  if (data == MAP_FAILED) return os_failure("map", path, errno);
  ::madvise(data, size, MADV_SEQUENTIAL);  // advice only: readers go from front to back
  return MappedFile(static_cast<const std::uint8_t*>(data), size);
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  auto file = open_descriptor(path, O_RDONLY, "open");
  if (!file) return tl::unexpected(std::move(file.error()));
  return read_all(file->get(), max_bytes, path);
}

Result<std::uint64_t> read_blocks(const std::string& path, std::uint64_t max_bytes,
                                  const std::function<Result<void>(std::string_view)>& visit) {
  auto file = open_descriptor(path, O_RDONLY | O_NONBLOCK, "open");
  if (!file) return tl::unexpected(std::move(file.error()));
  std::string block(limits::kReadBlockBytes, '\0');
  std::uint64_t done = 0;
  while (done < max_bytes) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), max_bytes - done));
    const ssize_t got = ::read(file->get(), block.data(), wanted);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return os_failure("read", path, errno);
    if (got == 0) break;
    if (auto visited = visit({block.data(), static_cast<std::size_t>(got)}); !visited)
      return tl::unexpected(std::move(visited.error()));
    done += static_cast<std::uint64_t>(got);
  }
  return done;
}

Result<std::string> read_stdin(std::size_t max_bytes) {
  return read_all(STDIN_FILENO, max_bytes, "standard input");
}

Result<std::vector<std::string>> list_files(const std::string& path) {
  std::error_code ec;
  const fs::file_status status = fs::status(path, ec);
  if (ec) return tl::unexpected(folder_error(path, ec));
  if (!fs::exists(status)) return os_failure("list", path, ENOENT);
  if (!fs::is_directory(status)) return std::vector<std::string>{path};
  std::vector<std::string> out;
  fs::recursive_directory_iterator it(path, ec);
  for (; !ec && it != fs::recursive_directory_iterator(); it.increment(ec)) {
    const bool is_hidden = it->path().filename().native().starts_with('.');
    if (is_hidden && it->is_directory(ec)) it.disable_recursion_pending();
    std::error_code dangling;  // a link to nowhere is no file and no failure
    if (is_hidden || !it->is_regular_file(dangling)) continue;
    if (out.size() == limits::kListedFiles)
      return fail(ErrorCode::limit_exceeded,
                  fmt::format("{} holds more than {} files; name a smaller folder", path, limits::kListedFiles), path);
    out.push_back(it->path().string());
  }
  if (ec) return tl::unexpected(folder_error(path, ec));
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::vector<std::string>> list_names(const std::string& folder) {
  std::error_code ec;
  fs::directory_iterator it(folder, ec);
  std::vector<std::string> out;
  for (; !ec && it != fs::directory_iterator(); it.increment(ec)) out.push_back(it->path().filename().string());
  if (ec) return tl::unexpected(folder_error(folder, ec));
  std::sort(out.begin(), out.end());
  return out;
}

Result<void> write_file_atomic(const std::string& path, std::string_view bytes, unsigned mode) {
  std::string temporary = folder_of(path) + "/." + fs::path(path).filename().string() + ".XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return os_failure("create a temporary file for", path, errno);
  auto written = write_all(file, bytes, 0, temporary);
  if (written && ::fchmod(file.get(), mode) != 0) written = os_failure("set the mode of", temporary, errno);
  if (written && ::fsync(file.get()) != 0) written = os_failure("make durable", temporary, errno);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = os_failure("replace", path, errno);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_folder(folder_of(path));
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  auto file = open_descriptor(path, O_WRONLY | O_CREAT | O_TRUNC, "open for writing");
  if (!file) return tl::unexpected(std::move(file.error()));
  return write_all(*file, bytes, 0, path);
}

Result<void> overwrite(const std::string& path, std::uint64_t offset, std::string_view bytes) {
  auto file = open_descriptor(path, O_WRONLY, "open for writing");
  if (!file) return tl::unexpected(std::move(file.error()));
  if (auto written = write_all(*file, bytes, offset, path); !written) return written;
  if (::fdatasync(file->get()) != 0) return os_failure("make durable", path, errno);
  return {};
}

Result<void> create_folders(const std::string& path, unsigned mode) {
  if (path.empty()) return fail(ErrorCode::invalid_argument, "the name of a folder is empty; give a path");
  std::error_code ec;
  if (fs::is_directory(path, ec)) return {};
  const std::string parent = folder_of(path.ends_with('/') ? path.substr(0, path.size() - 1) : path);
  if (parent != path)
    if (auto made = create_folders(parent); !made) return made;
  if (::mkdir(path.c_str(), mode) != 0) {
    const int os_error = errno;
    if (os_error == EEXIST && fs::is_directory(path, ec)) return {};  // another process was quicker
    return os_failure("create the folder", path, os_error);
  }
  if (::chmod(path.c_str(), mode) != 0) return os_failure("set the mode of", path, errno);
  return sync_folder(parent);
}

bool exists(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0;
}

Result<bool> is_private(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) return os_failure("look at", path, errno);
  return (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

Result<std::uint64_t> file_size(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) return os_failure("look at", path, errno);
  return static_cast<std::uint64_t>(st.st_size);
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return os_failure("remove", path, errno);
  }
  return sync_folder(folder_of(path));
}

Result<void> remove_folder(const std::string& path) {
  if (::rmdir(path.c_str()) != 0) return os_failure("remove the folder", path, errno);
  return sync_folder(folder_of(path));
}

Result<void> rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return os_failure(fmt::format("rename {} to", from), to, errno);
  return sync_folder(folder_of(to));
}

Result<std::uint64_t> free_bytes(const std::string& path) {
  struct statvfs st {};
  if (::statvfs(path.c_str(), &st) != 0) return os_failure("look at the file system of", path, errno);
  return std::uint64_t{st.f_bavail} * st.f_frsize;
}

Result<void> sync_folder(const std::string& path) {
  auto folder = open_descriptor(path, O_RDONLY | O_DIRECTORY, "open the folder");
  if (!folder) return tl::unexpected(std::move(folder.error()));
  if (::fsync(folder->get()) != 0) return os_failure("make durable", path, errno);
  return {};
}

}  // namespace quaywatch::io
