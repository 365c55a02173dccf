// A backup as a file: a zip archive (PKWARE APPNOTE 6.3.9, zip64), which other programs can list and unpack. Its list
// of contents stands at the end, so that a file that was torn has none. One thread per object.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"

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
  // A file of that name is replaced.
  static Result<ArchiveWriter> create(const std::string& path);
  // `source` hands its bytes to what it is given.
  Result<Part> add(const std::string& name, const std::function<Result<void>(const Blocks&)>& source);
  // Durable on return.
  Result<void> finish();

 private:
  tl::unexpected<Error> failure() const;

  struct Close {
    void operator()(void* file) const;
  };
  std::string path_;
  std::unique_ptr<void, Close> file_;
};

class ArchiveReader {
 public:
  // corrupt: it is torn, or no archive at all.
  static Result<ArchiveReader> open(const std::string& path);
  std::size_t size() const { return entries_.size(); }
  const std::string& name(std::size_t index) const { return entries_[index].name; }
  std::uint64_t bytes(std::size_t index) const { return entries_[index].bytes; }  // as the list says
  // Where its data begin in the file, for messages.
  std::uint64_t offset(std::size_t index);
  // corrupt: what lies there is not what was written.
  Result<Part> read(std::size_t index, const Blocks& visit);

 private:
  struct Entry {
    std::string name;
    std::uint64_t bytes = 0;
    std::uint64_t directory_offset = 0, number = 0;
  };
  bool go_to(std::size_t index);

  struct Close {
    void operator()(void* file) const;
  };
  std::string path_;
  std::unique_ptr<void, Close> file_;
  std::vector<Entry> entries_;
};

}  // namespace quaywatch::keeping
