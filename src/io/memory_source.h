// Bytes of memory as a Source. Tests and fuzzing only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "io/source.h"

namespace quaywatch::io {

class MemorySource : public Source {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<char> out) override {
    if (offset + out.size() >= fails_from_) return fail(ErrorCode::io_failure, "the stick was pulled out");
    return offset >= bytes_.size() ? 0 : bytes_.copy(out.data(), out.size(), offset);
  }
  // What is read to here or beyond fails from now on.
  void fail_from(std::uint64_t offset) { fails_from_ = offset; }

 private:
  std::string bytes_;
  std::uint64_t fails_from_ = ~std::uint64_t{0};
};

}  // namespace quaywatch::io
