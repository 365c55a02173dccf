#include "envelope/age_keys.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "envelope/bech32.h"
#include "io/environment.h"

namespace quaywatch::envelope {
namespace {

constexpr std::string_view kRecipient = "age", kIdentity = "AGE-SECRET-KEY-";
constexpr std::string_view kEncrypted = "age-encryption.org/", kArmoured = "-----BEGIN AGE";

bool read(std::string_view text, std::string_view prefix, Bytes32& out) {
  const auto key = from_bech32(text);
  if (!key || key->prefix != prefix || key->bytes.size() != out.size()) return false;
  std::copy(key->bytes.begin(), key->bytes.end(), out.begin());
  return true;
}

bool read(std::string_view text, Recipient& out) { return read(text, kRecipient, out.point); }
bool read(std::string_view text, Identity& out) { return read(text, kIdentity, out.scalar.bytes); }

// `what` a line should be; `hint` what else it may be.
template <typename Key>
Result<std::vector<Key>> parse_lines(std::string_view text, const std::string& path, std::string_view what,
                                     std::string_view hint) {
  std::vector<Key> out;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    if (!read(line, out.emplace_back()))
      return fail(ErrorCode::malformed, fmt::format("{} line {} is not {}; {}", path, number, what, hint), path);
  }
  if (out.empty())
    return fail(ErrorCode::malformed, fmt::format("{} has no line that is {}; {}", path, what, hint), path);
  return out;
}

}  // namespace

Result<Identity> new_identity() {
  Identity out;
  if (auto filled = io::random_bytes(out.scalar.bytes); !filled) return tl::unexpected(filled.error());
  return out;
}

Recipient recipient_of(const Identity& identity) {
  Recipient out;
  crypto_scalarmult_base(out.point.data(), identity.scalar.bytes.data());
  return out;
}

std::string to_text(const Recipient& recipient) {
  return to_bech32(kRecipient, text_of(recipient.point));
}

std::string to_text(const Identity& identity) {
  return to_bech32(kIdentity, text_of(identity.scalar.bytes));
}

Result<Recipient> parse_recipient(std::string_view text) {
  Recipient out;
  if (read(text, out)) return out;
  return fail(ErrorCode::malformed,
              "this is no recipient of age, which begins with age1 and has 62 characters, the last six of them a "
              "checksum; copy it again from where it was made");
}

Result<std::vector<Recipient>> parse_recipients(std::string_view text, const std::string& path) {
  return parse_lines<Recipient>(text, path, "a recipient of age (age1...)",
                                "age-keygen -y gives that of an identity");
}

Result<std::vector<Identity>> parse_identities(std::string_view text, const std::string& path) {
  if (text.starts_with(kEncrypted) || text.starts_with(kArmoured))
    return fail(ErrorCode::unsupported,
                fmt::format("{} is itself encrypted; open it first: age -d {}", path, path), path);
  return parse_lines<Identity>(text, path, "an identity of age (AGE-SECRET-KEY-1...)",
                               "name the file that 'quaywatch keygen encryption' or age-keygen wrote");
}

}  // namespace quaywatch::envelope
