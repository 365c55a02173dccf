// What both formats of this folder are made of, through libsodium: HMAC-SHA-256 (RFC 2104), HKDF (RFC 5869), base64
// (RFC 4648), random bytes, and keys that do not stay in memory. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quaywatch::envelope {

using Bytes32 = std::array<std::uint8_t, 32>;

void wipe(void* bytes, std::size_t size);

// A secret of fixed size, overwritten when it goes.
template <std::size_t Size>
struct Secret {
  std::array<std::uint8_t, Size> bytes{};
  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { wipe(bytes.data(), Size); }
};

// Before anything else of libsodium.
Result<void> prepare();

Bytes32 hmac_sha256(std::string_view key, std::string_view text);
Secret<32> hkdf_sha256(std::string_view key, std::string_view salt, std::string_view info);

enum class Padding { none, full };
std::string to_base64(std::string_view bytes, Padding padding);
// nullopt: not the one way in which these bytes are written.
std::optional<std::string> from_base64(std::string_view text, Padding padding);

template <std::size_t Size>
std::string_view text_of(const std::array<std::uint8_t, Size>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), Size};
}
// Never null, which libsodium does not take for no bytes.
inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
}

// The next line of `rest`, without its end, which is taken off; false: `rest` has no whole line any more.
bool next_line(std::string_view& rest, std::string_view& line);

}  // namespace quaywatch::envelope
