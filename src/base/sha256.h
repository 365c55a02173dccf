// SHA-256 (FIPS 180-4) through OpenSSL, with one reused context per object: a one-shot call costs more than twice as
// much on 64-byte inputs. Not thread-safe; one object per thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace quaywatch {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(std::string_view bytes);
  Sha256& update(std::span<const std::uint8_t> bytes);
  Sha256& update_u64(std::uint64_t v);  // little-endian, 8 bytes
  Digest finish();                      // and ready for the next message

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest sha256(std::string_view bytes);

std::string to_hex(std::span<const std::uint8_t> bytes);
bool parse_hex(std::string_view hex, Digest& out);  // 64 digits, lower case

}  // namespace quaywatch
