// Signatures of files as minisign makes and checks them (https://jedisct1.github.io/minisign): Ed25519 over the
// BLAKE2b-512 of the file, in a text file beside it, with a comment that is signed too. Total on any bytes.
// Thread-safe, but for ContentDigest.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "envelope/primitives.h"

namespace quaywatch::envelope {

inline constexpr std::string_view kSignatureEnding = ".minisig";
inline constexpr std::size_t kSignatureMost = 16 * 1024;  // of a file of signature or key

using SigningKeyId = std::array<std::uint8_t, 8>;

struct VerifyingKey {
  SigningKeyId id{};
  Bytes32 point{};
  bool operator==(const VerifyingKey&) const = default;
};

struct SigningKey {
  SigningKeyId id{};
  Secret<64> secret;  // seed and point
};

// What is signed of a file, block by block.
class ContentDigest {
 public:
  ContentDigest();
  ~ContentDigest();
  ContentDigest(ContentDigest&&) noexcept;
  ContentDigest& operator=(ContentDigest&&) noexcept;

  void update(std::string_view bytes);
  std::array<std::uint8_t, 64> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Result<SigningKey> new_signing_key();
VerifyingKey verifying_key_of(const SigningKey& key);

// The files of minisign; that of a signing key without a password.
std::string to_text(const VerifyingKey& key);
std::string to_text(const SigningKey& key);
// The one line of its file that counts: RW...
std::string short_text(const VerifyingKey& key);
// The file, or that one line. `path` is for messages.
Result<VerifyingKey> parse_verifying_key(std::string_view text, const std::string& path);
// unsupported: the key is locked with a password.
Result<SigningKey> parse_signing_key(std::string_view text, const std::string& path);

// What minisign writes as comment: when, and the name of the file at `path`.
std::string signature_comment(const std::string& path, Timestamp when);
// The text of the file of the signature. `comment` is one line.
std::string sign(const SigningKey& key, const std::array<std::uint8_t, 64>& digest, std::string_view comment);
// The comment that was signed with the file. invalid_argument: by another key. corrupt: not this file. malformed: no
// signature. `file` and `path`, of the signature, are for messages.
Result<std::string> verify(const VerifyingKey& key, const std::array<std::uint8_t, 64>& digest,
                           std::string_view signature, const std::string& file, const std::string& path);

}  // namespace quaywatch::envelope
