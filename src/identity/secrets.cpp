#include "identity/secrets.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <semaphore>
#include <span>

#include "base/limits_server.h"
#include "base/sha256.h"
#include "io/environment.h"

namespace quaywatch::identity {
namespace {

constexpr std::string_view kOneTimeAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
constexpr std::string_view kBase32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::int64_t kStepSeconds = 30;
constexpr unsigned long long kPasses = 3;
#ifdef QUAYWATCH_QUICK_PASSWORDS
constexpr std::size_t kMemory = 256 * 1024;
#else
constexpr std::size_t kMemory = 64 * 1024 * 1024;
#endif

std::counting_semaphore<> hashing(static_cast<std::ptrdiff_t>(limits::kPasswordHashesAtOnce));
struct Turn {
  Turn() { hashing.acquire(); }
  ~Turn() { hashing.release(); }
};

Result<std::string> random_bytes(std::size_t size) {
  std::string out(size, '\0');
  if (auto filled = io::random_bytes({reinterpret_cast<std::uint8_t*>(out.data()), out.size()}); !filled)
    return tl::unexpected(filled.error());
  return out;
}

std::string hex(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

const unsigned char* bytes_of(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

}  // namespace

Result<std::string> random_id(std::string_view prefix) {
  auto bytes = random_bytes(8);
  if (!bytes) return bytes;
  return std::string(prefix) + hex(*bytes);
}

Result<std::string> random_token() {
  auto bytes = random_bytes(32);
  if (!bytes) return bytes;
  return hex(*bytes);
}

Result<std::string> one_time_password() {
  std::string out;
  while (out.size() < 24) {
    const auto bytes = random_bytes(1);
    if (!bytes) return bytes;
    const std::size_t at = static_cast<std::uint8_t>((*bytes)[0]);
    if (at >= 256 / kOneTimeAlphabet.size() * kOneTimeAlphabet.size()) continue;  // else some would be likelier
    out += kOneTimeAlphabet[at % kOneTimeAlphabet.size()];
    if (out.size() % 5 == 4 && out.size() < 24) out += '-';
  }
  return out;
}

Result<std::string> hash_password(const std::string& password) {
  const Turn turn;
  std::string out(crypto_pwhash_STRBYTES, '\0');
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(ErrorCode::io_failure, "the password could not be hashed: 64 MiB of memory are needed for it");
  out.resize(out.find('\0'));
  return out;
}

bool verify_password(const std::string& hash, const std::string& password) {
  if (hash.empty()) {
    static const std::string nobody = hash_password("nobody").value_or("");
    if (!nobody.empty()) (void)verify_password(nobody, password);
    return false;
  }
  const Turn turn;
  return sodium_init() >= 0 && crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

Result<std::string> random_totp_secret() {
  return random_bytes(20);
}

std::string base32(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<std::uint8_t>(c);
    for (held += 8; held >= 5; held -= 5) out += kBase32Alphabet[bits >> (held - 5) & 31];
  }
  if (held > 0) out += kBase32Alphabet[bits << (5 - held) & 31];
  return out;
}

std::string totp_code(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<unsigned char>(step >> (56 - 8 * static_cast<int>(i)));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), mac.data(), &size);
  const std::size_t at = mac[19] & 15u;
  const std::uint32_t number = (mac[at] & 127u) << 24 | mac[at + 1] * 65536u | mac[at + 2] * 256u | mac[at + 3];
  return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, Timestamp now,
                                      std::int64_t last_step) {
  const std::int64_t current = now.us / 1'000'000 / kStepSeconds;
  std::optional<std::int64_t> found;
  for (std::int64_t step = current - 1; step <= current + 1; ++step)
    if (equal_in_constant_time(totp_code(secret, step), code) && step > last_step) found = step;
  return found;
}

Result<std::string> lock(const SecretKey& key, std::string_view clear) {
  auto out = random_bytes(crypto_secretbox_NONCEBYTES);
  if (!out) return out;
  std::string box(clear.size() + crypto_secretbox_MACBYTES, '\0');
  crypto_secretbox_easy(reinterpret_cast<unsigned char*>(box.data()), bytes_of(clear), clear.size(), bytes_of(*out),
                        key.data());
  return *out + box;
}

std::optional<std::string> unlock(const SecretKey& key, std::string_view locked) {
  constexpr std::size_t kHead = crypto_secretbox_NONCEBYTES;
  if (locked.size() < kHead + crypto_secretbox_MACBYTES) return std::nullopt;
  std::string clear(locked.size() - kHead - crypto_secretbox_MACBYTES, '\0');
  if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(clear.data()), bytes_of(locked.substr(kHead)),
                                 locked.size() - kHead, bytes_of(locked), key.data()) != 0)
    return std::nullopt;
  return clear;
}

Result<std::string> lock_text(const SecretKey& key, std::string_view clear) {
  const auto locked = lock(key, clear);
  return locked ? Result<std::string>(hex(*locked)) : tl::unexpected(locked.error());
}

std::optional<std::string> unlock_text(const SecretKey& key, std::string_view locked) {
  std::string bytes(locked.size() / 2, '\0');
  std::size_t size = 0;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), locked.data(), locked.size(),
                     nullptr, &size, nullptr) != 0 ||
      2 * size != locked.size())
    return std::nullopt;
  return unlock(key, bytes);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace quaywatch::identity
