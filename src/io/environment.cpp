#include "io/environment.h"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "io/descriptor.h"

namespace quaywatch::io {

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string program_path() {
  std::string out(4096, '\0');
  const ssize_t size = ::readlink("/proc/self/exe", out.data(), out.size());
  out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return out;
}

Result<void> random_bytes(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return os_failure("take random bytes from", "the kernel's generator", errno);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace quaywatch::io
