// What the process gets from its surroundings besides files and clock. Thread-safe as long as nobody calls setenv.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"

namespace quaywatch::io {

// An environment variable; nullopt when it is not set (set but empty is an empty string).
std::optional<std::string> environment(const std::string& name);

// The absolute path of the running program; empty where the system does not say.
std::string program_path();

// Fills `out` from the kernel's generator (getrandom(2)), fit for keys. Blocks only in the first seconds after boot.
Result<void> random_bytes(std::span<std::uint8_t> out);

}  // namespace quaywatch::io
