#include "io/source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace quaywatch::io {

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path) {
  // O_NONBLOCK: opening a FIFO without a writer would wait for ever; it is refused below instead.
  auto file = open_descriptor(path, O_RDONLY | O_NONBLOCK, "open");
  if (!file) return tl::unexpected(std::move(file.error()));
  struct stat st {};
  if (::fstat(file->get(), &st) != 0) return os_failure("look at", path, errno);
  if (!S_ISREG(st.st_mode))
    return fail(ErrorCode::unreadable, fmt::format("cannot read {}: it is no file; name one", path), path);
  auto out = std::make_unique<FileSource>();
  out->file_ = std::move(*file);
  out->path_ = path;
  out->size_ = static_cast<std::uint64_t>(st.st_size);
  return out;
}

Result<std::size_t> FileSource::read(std::uint64_t offset, std::span<char> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got =
        ::pread(file_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return os_failure("read", path_, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace quaywatch::io
