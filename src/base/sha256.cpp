#include "base/sha256.h"

#include <openssl/evp.h>

#include <cstring>
#include <stdexcept>

namespace quaywatch {

struct Sha256::Context {
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* evp = EVP_MD_CTX_new();

  Context() {
    if (algorithm == nullptr || evp == nullptr) throw std::runtime_error("OpenSSL offers no SHA-256");
    restart();
  }
  ~Context() {
    EVP_MD_CTX_free(evp);
    EVP_MD_free(algorithm);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  void restart() { EVP_DigestInit_ex2(evp, algorithm, nullptr); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view bytes) {
  EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size());
  return *this;
}

Sha256& Sha256::update(std::span<const std::uint8_t> bytes) {
  EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size());
  return *this;
}

Sha256& Sha256::update_u64(std::uint64_t v) {
  std::array<std::uint8_t, 8> le{};
  for (std::size_t i = 0; i < le.size(); ++i) le[i] = static_cast<std::uint8_t>(v >> (8 * i));
  return update(le);
}

Digest Sha256::finish() {
  Digest out{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_->evp, out.data(), &size);
  context_->restart();
  return out;
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hasher;
  return hasher.update(bytes).finish();
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    out += kHex[b >> 4];
    out += kHex[b & 15];
  }
  return out;
}

}  // namespace quaywatch
