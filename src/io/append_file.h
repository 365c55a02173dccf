// Files that grow: AppendFile for what must be durable, TemporaryFile for sorted runs, FileLock for "one writer".
// One thread per object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/descriptor.h"
#include "io/files.h"

namespace quaywatch::io {

// A file written only at its end. Nothing is buffered here: `append` is one write, `sync` makes all of them durable
// (fdatasync). After a failed append or sync the content past the last good sync is unknown: close, reopen, check.
class AppendFile {
 public:
  // Opens for appending; made with `mode` when missing (its folder entry is then synced).
  static Result<AppendFile> open(const std::string& path, unsigned mode = 0644);

  Result<void> append(std::string_view bytes);
  Result<void> sync();
  Result<void> truncate(std::uint64_t size);  // cuts the tail; does not sync
  // Reserves disk blocks up to `size` so that a full disk is met here and not in mid-batch; the size stays as it is.
  // A file system without reservation is not an error.
  Result<void> reserve(std::uint64_t size);
  std::uint64_t size() const { return size_; }
  const std::string& path() const { return path_; }

 private:
  Descriptor file_;
  std::string path_;
  std::uint64_t size_ = 0;
};

// Scratch space: unlinked as soon as it is made, so that it vanishes with the process. Writes are gathered into blocks.
class TemporaryFile {
 public:
  static Result<TemporaryFile> create(const std::string& folder);

  Result<void> append(std::string_view bytes);
  // Writes out what is gathered and maps the whole; the file may go out of scope while the view is used.
  Result<MappedFile> map();
  std::uint64_t size() const { return written_ + block_.size(); }

 private:
  Result<void> flush();
  Descriptor file_;
  std::string folder_;
  std::string block_;
  std::uint64_t written_ = 0;
};

// An exclusive lock (flock(2)) held while the object lives and released by the system if the process dies.
class FileLock {
 public:
  // Fails at once, saying so, when another process or object holds it.
  static Result<FileLock> acquire(const std::string& path);

 private:
  Descriptor file_;
};

}  // namespace quaywatch::io
