#include "journal/cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <stdexcept>

#include "journal/bytes.h"

namespace quaywatch::journal {
namespace {

// Fetched once per thread: OpenSSL 3 looks an algorithm up by name on every implicit fetch.
class Context {
 public:
  explicit Context(const char* algorithm)
      : cipher_(EVP_CIPHER_fetch(nullptr, algorithm, nullptr)), context_(EVP_CIPHER_CTX_new()) {
    if (cipher_ == nullptr || context_ == nullptr)
      throw std::runtime_error(std::string("OpenSSL offers no ") + algorithm);
  }
  ~Context() {
    EVP_CIPHER_CTX_free(context_);
    EVP_CIPHER_free(cipher_);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  EVP_CIPHER_CTX* start(const Key& key, const std::uint8_t* nonce, bool seal) {
    if (EVP_CipherInit_ex2(context_, cipher_, key.data(), nonce, seal ? 1 : 0, nullptr) != 1)
      throw std::runtime_error("OpenSSL refuses a key of its own length");
    return context_;
  }

 private:
  EVP_CIPHER* cipher_;
  EVP_CIPHER_CTX* context_;
};

Context& gcm() {
  thread_local Context context("AES-256-GCM");
  return context;
}

// An AES-256 context that is set up for the key it was last asked for.
struct Keyed {
  Context context{"AES-256-ECB"};
  Key key{};
  EVP_CIPHER_CTX* started = nullptr;
};

// libsodium's takes a fifth of OpenSSL's time for a value of some 20 bytes, and needs AES instructions.
bool has_aes_instructions() {
  static const bool has = sodium_init() >= 0 && crypto_aead_aes256gcm_is_available() == 1;
  return has;
}

}  // namespace

Digest hmac_sha256(const Key& key, std::string_view message) {
  thread_local Sha256 h;
  std::array<std::uint8_t, 64> inner{}, outer{};
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const std::uint8_t k = i < key.size() ? key[i] : std::uint8_t{0};
    inner[i] = k ^ 0x36;
    outer[i] = k ^ 0x5c;
  }
  const Digest digest = h.update(inner).update(message).finish();
  return h.update(outer).update(digest).finish();
}

Block aes256_block(const Key& key, const Block& in) {
  // A log's key comes with every entry and persons' keys in between: a place by the key's first bits keeps it set up.
  thread_local std::array<Keyed, 8> kept;
  Keyed& at = kept[key[0] % kept.size()];
  if (at.started == nullptr || at.key != key) {
    at.started = at.context.start(key, nullptr, true);
    at.key = key;
  }
  Block out{};
  int size = 0;
  EVP_CipherUpdate(at.started, out.data(), &size, in.data(), static_cast<int>(in.size()));
  return out;
}

std::string gcm_seal(const Key& key, const Nonce& nonce, std::string_view associated, std::string_view plain) {
  if (!has_aes_instructions()) return portable::gcm_seal(key, nonce, associated, plain);
  std::string out(plain.size() + kTagBytes, '\0');
  crypto_aead_aes256gcm_encrypt(raw(out), nullptr, raw(plain), plain.size(), raw(associated), associated.size(),
                                nullptr, nonce.data(), key.data());
  return out;
}

std::optional<std::string> gcm_open(const Key& key, const Nonce& nonce, std::string_view associated,
                                    std::string_view sealed) {
  if (!has_aes_instructions()) return portable::gcm_open(key, nonce, associated, sealed);
  if (sealed.size() < kTagBytes) return std::nullopt;
  std::string out(sealed.size() - kTagBytes, '\0');
  if (crypto_aead_aes256gcm_decrypt(raw(out), nullptr, nullptr, raw(sealed), sealed.size(), raw(associated),
                                    associated.size(), nonce.data(), key.data()) != 0)
    return std::nullopt;
  return out;
}

std::string portable::gcm_seal(const Key& key, const Nonce& nonce, std::string_view associated,
                               std::string_view plain) {
  EVP_CIPHER_CTX* c = gcm().start(key, nonce.data(), true);
  std::string out(plain.size() + kTagBytes, '\0');
  int size = 0;
  EVP_CipherUpdate(c, nullptr, &size, raw(associated), static_cast<int>(associated.size()));
  EVP_CipherUpdate(c, raw(out), &size, raw(plain), static_cast<int>(plain.size()));
  EVP_CipherFinal_ex(c, raw(out) + plain.size(), &size);
  EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes), raw(out) + plain.size());
  return out;
}

std::optional<std::string> portable::gcm_open(const Key& key, const Nonce& nonce, std::string_view associated,
                                              std::string_view sealed) {
  if (sealed.size() < kTagBytes) return std::nullopt;
  const std::string_view body = sealed.substr(0, sealed.size() - kTagBytes);
  std::string tag(sealed.substr(body.size()));
  EVP_CIPHER_CTX* c = gcm().start(key, nonce.data(), false);
  std::string out(body.size() + kTagBytes, '\0');  // room that Final may claim; GCM writes nothing there
  int size = 0;
  EVP_CipherUpdate(c, nullptr, &size, raw(associated), static_cast<int>(associated.size()));
  EVP_CipherUpdate(c, raw(out), &size, raw(body), static_cast<int>(body.size()));
  EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes), raw(tag));
  if (EVP_CipherFinal_ex(c, raw(out) + body.size(), &size) != 1) return std::nullopt;
  out.resize(body.size());
  return out;
}

void wipe(std::span<std::uint8_t> secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
}

}  // namespace quaywatch::journal
