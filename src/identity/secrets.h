// Passwords, one-time passwords, codes of a second factor, random ids, and values kept so that a copied file does not
// give them away. Sources: RFC 9106 (argon2id, through libsodium), RFC 6238 and 4226 (TOTP), RFC 4648 (base32).
// Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace quaywatch::identity {

using SecretKey = std::array<std::uint8_t, 32>;

// "u-" and 16 hex digits from the kernel's generator.
Result<std::string> random_id(std::string_view prefix);
// 64 hex digits: session and CSRF tokens.
Result<std::string> random_token();
// Five groups of four characters that are not mistaken for each other: 95 bits.
Result<std::string> one_time_password();

// argon2id, 64 MiB, three passes; the text holds salt and parameters. Waits while limits::kPasswordHashesAtOnce others
// are being made.
Result<std::string> hash_password(const std::string& password);
// Against an empty hash: takes as long, and is false.
bool verify_password(const std::string& hash, const std::string& password);

Result<std::string> random_totp_secret();  // 20 bytes
std::string base32(std::string_view bytes);
// The step whose code this is, of the current one and its two neighbours; each step counts once, so only later than
// `last_step`.
std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, Timestamp now,
                                      std::int64_t last_step);
std::string totp_code(std::string_view secret, std::int64_t step);  // six digits

// XSalsa20-Poly1305 with a random nonce in front.
Result<std::string> lock(const SecretKey& key, std::string_view clear);
std::optional<std::string> unlock(const SecretKey& key, std::string_view locked);  // nullopt: not made with this key

// The same as hex digits, for what is kept as text.
Result<std::string> lock_text(const SecretKey& key, std::string_view clear);
std::optional<std::string> unlock_text(const SecretKey& key, std::string_view locked);

bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace quaywatch::identity
