// Whole files and folders. Every failure is an Error whose message names the path, the operating system's words and
// what to do. Functions are thread-safe; objects belong to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace quaywatch::io {

// A regular file mapped read-only. The view lives as long as the object. A file that another process shortens while it
// is mapped ends the program with SIGBUS: callers map files that are complete (a transport renames them into place).
class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  ~MappedFile() { unmap(); }
  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    if (this != &other) {
      unmap();
      data_ = std::exchange(other.data_, nullptr);
      size_ = std::exchange(other.size_, 0);
    }
    return *this;
  }
  std::string_view view() const { return {reinterpret_cast<const char*>(data_), size_}; }
  std::size_t size() const { return size_; }
  // Lets the system take back the memory of what lies before `offset`; reading it again costs a disk read.
  void forget_before(std::size_t offset);

 private:
  void unmap();
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t forgotten_ = 0;
};

// An empty file gives an empty view. A folder, FIFO, socket or device is refused: `read_file` takes streams.
Result<MappedFile> map_file(const std::string& path);

// The whole file or stream; more than `max_bytes` is limit_exceeded and nothing is returned.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);
// The first `max_bytes` of a file that others may write meanwhile, block by block; gives how many there were. An Error
// of `visit` ends it and is returned.
Result<std::uint64_t> read_blocks(const std::string& path, std::uint64_t max_bytes,
                                  const std::function<Result<void>(std::string_view)>& visit);
Result<std::string> read_stdin(std::size_t max_bytes);

// The regular files under a folder, recursive, sorted bytewise by path; names that begin with a dot are skipped and
// linked folders are not entered. The path of a file gives that one path. At most limits::kListedFiles.
Result<std::vector<std::string>> list_files(const std::string& path);

// The names in one folder, of files and folders, sorted bytewise.
Result<std::vector<std::string>> list_names(const std::string& folder);

// All or nothing, also across a power cut: temporary file in the same folder, fsync, rename, fsync of the folder.
// `mode` is exact, whatever the umask (0600 for keys).
Result<void> write_file_atomic(const std::string& path, std::string_view bytes, unsigned mode = 0644);

// Output that can be made again: no temporary file and no fsync, so a crash may leave a part of it.
Result<void> write_file(const std::string& path, std::string_view bytes);

// Replaces bytes inside an existing file and makes that durable: the destruction of a key where it lies. Not atomic.
Result<void> overwrite(const std::string& path, std::uint64_t offset, std::string_view bytes);

// Like mkdir -p, then `mode` on the last folder if it was made here; the new entries are synced.
Result<void> create_folders(const std::string& path, unsigned mode = 0755);

bool exists(const std::string& path);
// Nobody but its owner (and root) may read or write it.
Result<bool> is_private(const std::string& path);
Result<std::uint64_t> file_size(const std::string& path);
// Removes one file and syncs its folder; a missing file is not an error.
Result<void> remove_file(const std::string& path);
// An empty folder.
Result<void> remove_folder(const std::string& path);
// Gives a file or folder another name in the same file system and makes that durable; a file of that name is replaced.
Result<void> rename(const std::string& from, const std::string& to);
// What others than root may still write on the file system of `path`.
Result<std::uint64_t> free_bytes(const std::string& path);
// Makes created, renamed and removed names of a folder durable.
Result<void> sync_folder(const std::string& path);

}  // namespace quaywatch::io
