// Source: bytes that are read at any place. Read, not mapped: of a stick that is pulled out, and of a file that
// somebody shortens, comes an Error and no signal. One thread per object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "io/descriptor.h"

namespace quaywatch::io {

class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t size() const = 0;  // as of its opening
  // How many of the bytes from `offset` on are now in `out`: fewer than it holds only where they end.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<char> out) = 0;
};

class FileSource : public Source {
 public:
  // A regular file; anything else is refused.
  static Result<std::unique_ptr<FileSource>> open(const std::string& path);

  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read(std::uint64_t offset, std::span<char> out) override;

 private:
  Descriptor file_;
  std::string path_;
  std::uint64_t size_ = 0;
};

}  // namespace quaywatch::io
