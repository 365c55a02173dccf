#include "io/descriptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace quaywatch::io {
namespace {

struct Advice {
  int os_error;
  ErrorCode code;
  std::string_view what_to_do;
};
constexpr Advice kAdvice[] = {
    {ENOENT, ErrorCode::not_found, "check the spelling of the path"},
    {ENOTDIR, ErrorCode::not_found, "a part of the path is a file, not a folder"},
    {EACCES, ErrorCode::unreadable, "give the account that runs quaywatch the right to it"},
    {EPERM, ErrorCode::unreadable, "give the account that runs quaywatch the right to it"},
    {EEXIST, ErrorCode::unreadable, "a file stands in its place; choose another name or move the file away"},
    {EBADF, ErrorCode::unreadable, "the stream is closed; open it, or name a file instead"},
    {EISDIR, ErrorCode::unreadable, "name a file inside the folder"},
    {ELOOP, ErrorCode::unreadable, "its symbolic links lead in a circle"},
    {EROFS, ErrorCode::io_failure, "choose a data folder on a writable file system"},
    {ENOSPC, ErrorCode::io_failure, "free space on that file system, then start again"},
    {EDQUOT, ErrorCode::io_failure, "raise the account's quota or free space, then start again"},
    {EFBIG, ErrorCode::io_failure, "raise the file size limit of the process (ulimit -f)"},
    {EMFILE, ErrorCode::io_failure, "raise the open files limit of the process (ulimit -n)"},
};

}  // namespace

void Descriptor::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

tl::unexpected<Error> os_failure(std::string_view doing, const std::string& path, int os_error) {
  Advice advice{os_error, ErrorCode::io_failure, "check the disk and the system log"};
  for (const Advice& row : kAdvice)
    if (row.os_error == os_error) advice = row;
  return fail(
      advice.code,
      fmt::format("cannot {} {}: {}; {}", doing, path, std::generic_category().message(os_error), advice.what_to_do),
      path);
}

Result<Descriptor> open_descriptor(const std::string& path, int flags, std::string_view doing, unsigned mode) {
  for (;;) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (fd >= 0) return Descriptor(fd);
    if (errno != EINTR) return os_failure(doing, path, errno);
  }
}

Result<void> write_all(const Descriptor& file, std::string_view bytes, std::uint64_t offset, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return os_failure("write to", path, written == 0 ? ENOSPC : errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

}  // namespace quaywatch::io
