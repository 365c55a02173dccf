// Descriptor: owns one POSIX file descriptor. And the one way in which io turns errno into an Error.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace quaywatch::io {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void reset();  // closes; a close error is dropped: what must be durable was synced before

 private:
  int fd_ = -1;
};

// "cannot <doing> <path>: <the system's words>; <what to do>", code by errno: not_found, unreadable or io_failure.
tl::unexpected<Error> os_failure(std::string_view doing, const std::string& path, int os_error);

// open(2) with O_CLOEXEC, interrupted calls taken up again.
Result<Descriptor> open_descriptor(const std::string& path, int flags, std::string_view doing, unsigned mode = 0);

// Writes all of `bytes` at `offset`; on failure an unknown part of them may have been written.
Result<void> write_all(const Descriptor& file, std::string_view bytes, std::uint64_t offset, const std::string& path);

}  // namespace quaywatch::io
