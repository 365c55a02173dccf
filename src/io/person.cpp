#include "io/person.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>

#include "io/descriptor.h"
#include "io/files.h"

namespace quaywatch::io {
namespace {

constexpr std::uint32_t kNoLogin = 0xFFFFFFFF;  // as the kernel writes "not set"

std::uint32_t login_uid() {
  const auto text = read_file("/proc/self/loginuid", 64);
  std::uint32_t uid = kNoLogin;
  if (!text) return kNoLogin;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), uid);
  return read.ec == std::errc() ? uid : kNoLogin;
}

}  // namespace

Result<std::string> person() {
  const std::uint32_t login = login_uid();
  const uid_t uid = login == kNoLogin ? ::getuid() : static_cast<uid_t>(login);
  std::array<char, 16 * 1024> text{};
  passwd entry{};
  passwd* found = nullptr;
  if (const int error = ::getpwuid_r(uid, &entry, text.data(), text.size(), &found); error != 0)
    return os_failure("look up the account of", fmt::format("uid {}", uid), error);
  return found != nullptr ? std::string(entry.pw_name) : fmt::format("uid-{}", uid);
}

}  // namespace quaywatch::io
