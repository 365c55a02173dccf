// NumberLock: numbers that a client gets to give back and must not read, as how far they went would tell it what else
// happens. Each time another text; good until the program ends. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "identity/secrets.h"

namespace quaywatch::api {

class NumberLock {
 public:
  NumberLock();  // Without random bytes nothing is locked: texts are empty.
  // `purpose`: a text is good for this one alone.
  std::string lock(std::string_view purpose, std::uint64_t number) const;
  std::optional<std::uint64_t> unlock(std::string_view purpose, std::string_view text) const;

 private:
  identity::SecretKey key_{};
  bool has_key_ = false;
};

}  // namespace quaywatch::api
