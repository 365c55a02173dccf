#include "envelope/age_header.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/text.h"

namespace quaywatch::envelope {
namespace {

constexpr std::string_view kStanza = "-> ", kEnd = "---", kX25519 = "X25519", kPassphrase = "scrypt";
constexpr std::string_view kWrapInfo = "age-encryption.org/v1/X25519", kMacInfo = "header";
constexpr std::size_t kBodyColumns = 64;
constexpr std::size_t kFileKeyBytes = 16, kTagBytes = crypto_aead_chacha20poly1305_ietf_ABYTES;
constexpr std::array<unsigned char, crypto_aead_chacha20poly1305_ietf_NPUBBYTES> kNoNonce{};  // each key is used once

tl::unexpected<Error> bad(const std::string& path, std::size_t line, std::string_view what) {
  return fail(ErrorCode::malformed,
              fmt::format("'{}' line {} of its age header: {}; it was damaged, or no program of age wrote it", path,
                          line, what),
              path);
}

bool is_argument(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 32 && c < 127; });
}

class Parser {
 public:
  Parser(std::string_view bytes, const std::string& path)
      : all_(bytes), rest_(bytes.substr(0, kAgeHeaderMost)), path_(path) {}

  Result<AgeHeader> parse() {
    AgeHeader out;
    std::string_view line;
    if (!all_.starts_with(kAgeVersion)) return bad(path_, 1, "it does not begin as version 1 of age does");
    take(line);
    while (take(line)) {
      if (line.starts_with(kStanza)) {
        auto stanza = parse_stanza(line.substr(kStanza.size()));
        if (!stanza) return tl::unexpected(stanza.error());
        out.stanzas.push_back(std::move(*stanza));
        continue;
      }
      if (!line.starts_with(kEnd)) return bad(path_, line_, "neither a recipient nor the end");
      const std::string_view mac = line.substr(kEnd.size());
      const auto bytes = mac.starts_with(' ') ? from_base64(mac.substr(1), Padding::none) : std::nullopt;
      if (!bytes || bytes->size() != Bytes32{}.size()) return bad(path_, line_, "its MAC is not one");
      if (out.stanzas.empty()) return bad(path_, line_, "it names no recipient");
      out.mac = *bytes;
      out.bytes = all_.size() - rest_.size() - cut();
      out.authenticated = all_.substr(0, out.bytes - mac.size() - 1);
      return out;
    }
    return bad(path_, line_ + 1, cut() > 0 ? "it is longer than 64 KiB" : "the file ends within it");
  }

 private:
  // What lies beyond the bound.
  std::size_t cut() const { return all_.size() - std::min(all_.size(), kAgeHeaderMost); }

  bool take(std::string_view& line) {
    if (!next_line(rest_, line)) return false;
    ++line_;
    return true;
  }

  Result<AgeStanza> parse_stanza(std::string_view first) {
    AgeStanza out;
    out.arguments = split(first, ' ');
    if (!std::all_of(out.arguments.begin(), out.arguments.end(), is_argument))
      return bad(path_, line_, "a recipient's words are not apart by one blank");
    std::string text;
    for (std::string_view line; take(line);) {
      if (line.size() > kBodyColumns) return bad(path_, line_, "it has more than 64 columns");
      text += line;
      if (line.size() == kBodyColumns) continue;
      auto body = from_base64(text, Padding::none);
      if (!body) return bad(path_, line_, "not base64");
      out.body = std::move(*body);
      return out;
    }
    return bad(path_, line_ + 1, "the file ends within a recipient");
  }

  std::string_view all_, rest_;
  const std::string& path_;
  std::size_t line_ = 0;
};

// What locks the file's key for one recipient: X25519 of both sides, bound to both public keys.
Secret<32> wrap_key(const Secret<32>& shared, const Bytes32& ephemeral, const Bytes32& recipient) {
  return hkdf_sha256(text_of(shared.bytes), std::string(text_of(ephemeral)) + std::string(text_of(recipient)),
                     kWrapInfo);
}

Result<std::string> stanza_for(const FileKey& key, const Recipient& recipient) {
  const auto ephemeral = new_identity();
  if (!ephemeral) return tl::unexpected(ephemeral.error());
  const Recipient share = recipient_of(*ephemeral);
  Secret<32> shared;
  if (crypto_scalarmult(shared.bytes.data(), ephemeral->scalar.bytes.data(), recipient.point.data()) != 0)
    return fail(ErrorCode::invalid_argument, fmt::format("{} is a point to which nothing can be encrypted; it was made "
                                                         "to deceive: take another recipient",
                                                         to_text(recipient)));
  const Secret<32> wrap = wrap_key(shared, share.point, recipient.point);
  std::array<std::uint8_t, kFileKeyBytes + kTagBytes> body{};
  crypto_aead_chacha20poly1305_ietf_encrypt(body.data(), nullptr, key.bytes.data(), key.bytes.size(), nullptr, 0,
                                            nullptr, kNoNonce.data(), wrap.bytes.data());
  return fmt::format("{}{} {}\n{}\n", kStanza, kX25519, to_base64(text_of(share.point), Padding::none),
                     to_base64(text_of(body), Padding::none));
}

bool open_stanza(const AgeStanza& stanza, std::string_view share, const Identity& identity, FileKey& key) {
  Secret<32> shared;
  if (crypto_scalarmult(shared.bytes.data(), identity.scalar.bytes.data(), bytes_of(share)) != 0) return false;
  Bytes32 ephemeral{};
  std::copy(share.begin(), share.end(), ephemeral.begin());
  const Secret<32> wrap = wrap_key(shared, ephemeral, recipient_of(identity).point);
  return crypto_aead_chacha20poly1305_ietf_decrypt(key.bytes.data(), nullptr, nullptr, bytes_of(stanza.body),
                                                   stanza.body.size(), nullptr, 0, kNoNonce.data(),
                                                   wrap.bytes.data()) == 0;
}

std::string mac_of(const FileKey& key, std::string_view authenticated) {
  const Secret<32> mac_key = hkdf_sha256(text_of(key.bytes), {}, kMacInfo);
  return std::string(text_of(hmac_sha256(text_of(mac_key.bytes), authenticated)));
}

tl::unexpected<Error> no_key_fits(const AgeHeader& header, const std::string& path) {
  const bool has_passphrase = std::any_of(header.stanzas.begin(), header.stanzas.end(),
                                          [](const AgeStanza& s) { return s.arguments.front() == kPassphrase; });
  if (has_passphrase)
    return fail(ErrorCode::unsupported,
                fmt::format("'{}' is encrypted with a passphrase; open it first: age -d -o CLEAR '{}'", path, path),
                path);
  return fail(ErrorCode::invalid_argument,
              fmt::format("'{}' is encrypted to {} other keys than those given; name the identity file of one of its "
                          "recipients",
                          path, header.stanzas.size()),
              path);
}

}  // namespace

Result<AgeHeader> parse_age_header(std::string_view bytes, const std::string& path) {
  return Parser(bytes, path).parse();
}

Result<std::string> age_header(const FileKey& key, const std::vector<Recipient>& recipients) {
  std::string out(kAgeVersion);
  for (const Recipient& recipient : recipients) {
    const auto stanza = stanza_for(key, recipient);
    if (!stanza) return stanza;
    out += *stanza;
  }
  out += kEnd;
  out += ' ' + to_base64(mac_of(key, std::string_view(out)), Padding::none) + '\n';
  if (out.size() > kAgeHeaderMost)
    return fail(ErrorCode::limit_exceeded,
                fmt::format("{} recipients are more than the {} bytes of a header hold; name fewer", recipients.size(),
                            kAgeHeaderMost));
  return out;
}

Result<FileKey> open_age_header(const AgeHeader& header, const std::vector<Identity>& identities,
                                const std::string& path) {
  FileKey key;
  for (const AgeStanza& stanza : header.stanzas) {
    if (stanza.arguments.front() != kX25519) continue;  // of another kind: there may be one for us beside it
    const auto share =
        stanza.arguments.size() == 2 ? from_base64(stanza.arguments[1], Padding::none) : std::nullopt;
    if (!share || share->size() != Bytes32{}.size() || stanza.body.size() != kFileKeyBytes + kTagBytes)
      return fail(ErrorCode::malformed, fmt::format("'{}': a recipient of its age header is of another form; it was "
                                                    "damaged. Copy it again",
                                                    path));
    for (const Identity& identity : identities) {
      if (!open_stanza(stanza, *share, identity, key)) continue;
      const std::string mac = mac_of(key, header.authenticated);
      if (sodium_memcmp(mac.data(), header.mac.data(), mac.size()) == 0) return key;
      return fail(ErrorCode::corrupt,
                  fmt::format("'{}': its age header was changed after it was made. Copy the file again, or take "
                              "another",
                              path));
    }
  }
  return no_key_fits(header, path);
}

}  // namespace quaywatch::envelope
