#include "api/number_lock.h"

#include <fmt/format.h>

#include <charconv>

#include "io/environment.h"

namespace quaywatch::api {

NumberLock::NumberLock() : has_key_(io::random_bytes(key_).has_value()) {}

std::string NumberLock::lock(std::string_view purpose, std::uint64_t number) const {
  // As wide for each number: the length tells nothing either.
  return has_key_ ? identity::lock_text(key_, fmt::format("{}{:020}", purpose, number)).value_or("") : "";
}

std::optional<std::uint64_t> NumberLock::unlock(std::string_view purpose, std::string_view text) const {
  const auto clear = has_key_ ? identity::unlock_text(key_, text) : std::nullopt;
  if (!clear || !clear->starts_with(purpose)) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = clear->data() + clear->size();
  const auto [at, error] = std::from_chars(clear->data() + purpose.size(), end, number);
  return error == std::errc() && at == end ? std::optional(number) : std::nullopt;
}

}  // namespace quaywatch::api
