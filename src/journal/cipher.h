// The four primitives of sealing: HMAC-SHA-256 (RFC 2104), one AES-256 block (FIPS 197), AES-256-GCM (NIST SP 800-38D)
// and the wiping of keys; through OpenSSL, GCM through libsodium where the processor has AES instructions. Contexts
// are reused per thread; every function is thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/sha256.h"

namespace quaywatch::journal {

using Key = std::array<std::uint8_t, 32>;
using Block = std::array<std::uint8_t, 16>;
using Nonce = std::array<std::uint8_t, 12>;
inline constexpr std::size_t kTagBytes = 16;

Digest hmac_sha256(const Key& key, std::string_view message);

Block aes256_block(const Key& key, const Block& in);

// Ciphertext, then the 16-byte tag. A (key, nonce) pair must not be used for two different plaintexts.
std::string gcm_seal(const Key& key, const Nonce& nonce, std::string_view associated, std::string_view plain);
// nullopt: the tag does not match (changed bytes, another key, another place).
std::optional<std::string> gcm_open(const Key& key, const Nonce& nonce, std::string_view associated,
                                    std::string_view sealed);

// The same through OpenSSL, for processors without AES instructions.
namespace portable {
std::string gcm_seal(const Key& key, const Nonce& nonce, std::string_view associated, std::string_view plain);
std::optional<std::string> gcm_open(const Key& key, const Nonce& nonce, std::string_view associated,
                                    std::string_view sealed);
}  // namespace portable

void wipe(std::span<std::uint8_t> secret);

}  // namespace quaywatch::journal
