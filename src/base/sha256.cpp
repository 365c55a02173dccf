// The plain functions of OpenSSL and not its EVP layer, which allocates anew for each message: that costs more than to
// hash a short key. They are deprecated since 3.0 in favour of providers, of which nothing here makes use.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256.h"

#include <openssl/sha.h>

namespace quaywatch {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

}  // namespace

struct Sha256::Context {
  SHA256_CTX state;

  Context() { SHA256_Init(&state); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view bytes) {
  SHA256_Update(&context_->state, bytes.data(), bytes.size());
  return *this;
}

Sha256& Sha256::update(std::span<const std::uint8_t> bytes) {
  SHA256_Update(&context_->state, bytes.data(), bytes.size());
  return *this;
}

Sha256& Sha256::update_u64(std::uint64_t v) {
  std::array<std::uint8_t, 8> le{};
  for (std::size_t i = 0; i < le.size(); ++i) le[i] = static_cast<std::uint8_t>(v >> (8 * i));
  return update(le);
}

Digest Sha256::finish() {
  Digest out;
  SHA256_Final(out.data(), &context_->state);
  SHA256_Init(&context_->state);
  return out;
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hasher;
  return hasher.update(bytes).finish();
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string out(bytes.size() * 2, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = kHex[bytes[i] >> 4];
    out[2 * i + 1] = kHex[bytes[i] & 15];
  }
  return out;
}

bool parse_hex(std::string_view hex, Digest& out) {
  if (hex.size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto high = kHex.find(hex[2 * i]), low = kHex.find(hex[2 * i + 1]);
    if (high == kHex.npos || low == kHex.npos) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

}  // namespace quaywatch
