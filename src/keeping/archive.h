// A backup as a file: a zip archive (PKWARE APPNOTE 6.3.9, zip64), which other programs can list and unpack. Its list
// of contents stands at the end, so that a file that was torn has none. Written from front to back, sizes behind each
// part, so that it can be encrypted while it is written; read at any place, total on any bytes. Not through minizip:
// that of Debian 12 goes back to write sizes, and cannot read what lies beyond 4 GiB. One thread per object.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "io/source.h"

namespace quaywatch::keeping {

struct Part {
  std::string name;  // relative, with /
  std::uint64_t bytes = 0;
  Digest digest{};  // SHA-256
  bool operator==(const Part&) const = default;
};

using Blocks = std::function<Result<void>(std::string_view)>;

class ArchiveWriter {
 public:
  // `sink` takes the file.
  explicit ArchiveWriter(Blocks sink) : sink_(std::move(sink)) {}
  // `source` hands its bytes to what it is given.
  Result<Part> add(const std::string& name, const std::function<Result<void>(const Blocks&)>& source);
  // The list of contents.
  Result<void> finish();

 private:
  struct Entry {
    std::string name;
    std::uint64_t offset = 0, packed = 0, bytes = 0;
    std::uint32_t crc = 0;
  };
  Result<void> put(std::string_view bytes);
  Result<void> put_part(Entry& entry, Sha256& digest, const std::function<Result<void>(const Blocks&)>& source);

  Blocks sink_;
  std::uint64_t written_ = 0;
  std::vector<Entry> entries_;
};

class ArchiveReader {
 public:
  // corrupt: it is torn, or no archive at all. `path` is for messages.
  static Result<ArchiveReader> open(std::unique_ptr<io::Source> file, const std::string& path);
  std::size_t size() const { return entries_.size(); }
  const std::string& name(std::size_t index) const { return entries_[index].name; }
  std::uint64_t bytes(std::size_t index) const { return entries_[index].bytes; }  // as the list says
  // Where its data begin in the file, for messages; 0: nowhere.
  std::uint64_t offset(std::size_t index);
  // corrupt: what lies there is not what was written.
  Result<Part> read(std::size_t index, const Blocks& visit);

 private:
  struct Entry {
    std::string name;
    std::uint64_t offset = 0, packed = 0, bytes = 0;
    std::uint32_t crc = 0;
    bool is_stored = false;
  };
  ArchiveReader(std::unique_ptr<io::Source> file, const std::string& path) : file_(std::move(file)), path_(path) {}
  Result<std::string> bytes_at(std::uint64_t offset, std::size_t size);
  Result<std::string> read_list(std::uint64_t& count);
  Result<std::string> unpack(const Entry& entry, std::uint64_t begin, const Blocks& visit);
  tl::unexpected<Error> damaged(std::size_t index, const std::string& how);

  std::unique_ptr<io::Source> file_;
  std::string path_;
  std::vector<Entry> entries_;
};

}  // namespace quaywatch::keeping
