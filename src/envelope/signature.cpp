#include "envelope/signature.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "io/environment.h"

namespace quaywatch::envelope {
namespace {

constexpr std::string_view kComment = "untrusted comment: ", kTrusted = "trusted comment: ";
constexpr std::string_view kAlgorithm = "Ed", kHashed = "ED", kScrypt = "Sc", kBlake2 = "B2";
constexpr std::string_view kNoPassword("\0\0", 2);
constexpr std::size_t kScryptBytes = 32 + 8 + 8, kChecksumBytes = 32;  // salt, costs: unused without a password
constexpr std::size_t kIdBytes = SigningKeyId{}.size(), kSecretBytes = crypto_sign_SECRETKEYBYTES;
constexpr std::size_t kSignatureBytes = crypto_sign_BYTES;

using Signature = std::array<std::uint8_t, kSignatureBytes>;

// As minisign shows it.
std::string number_of(const SigningKeyId& id) {
  std::string out;
  for (std::size_t i = id.size(); i-- > 0;) out += fmt::format("{:02X}", id[i]);
  return out;
}

template <std::size_t Size>
void take(std::string_view& rest, std::array<std::uint8_t, Size>& out) {
  std::copy_n(rest.begin(), Size, out.begin());
  rest.remove_prefix(Size);
}

std::string_view take(std::string_view& rest, std::size_t size) {
  const std::string_view out = rest.substr(0, size);
  rest.remove_prefix(size);
  return out;
}

tl::unexpected<Error> malformed(const std::string& path, std::string_view what) {
  return fail(ErrorCode::malformed, fmt::format("{} is {}", path, what), path);
}

// The lines of such a file, the ends of Windows taken off.
std::array<std::string_view, 4> lines_of(std::string_view text) {
  std::array<std::string_view, 4> out;
  for (std::string_view& line : out) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Without a password minisign writes no checksum; that the halves belong together says as much.
bool is_whole(const SigningKey& key) {
  Bytes32 point{};
  Secret<64> secret;
  crypto_sign_seed_keypair(point.data(), secret.bytes.data(), key.secret.bytes.data());
  return secret.bytes == key.secret.bytes;
}

// The comment is bound to the signature by a second one over both.
std::string bound(const Signature& signature, std::string_view comment) {
  return std::string(text_of(signature)) + std::string(comment);
}

Signature sign_bytes(const SigningKey& key, std::string_view bytes) {
  Signature out{};
  crypto_sign_detached(out.data(), nullptr, bytes_of(bytes), bytes.size(), key.secret.bytes.data());
  return out;
}

bool is_signed(const VerifyingKey& key, const Signature& signature, std::string_view bytes) {
  return crypto_sign_verify_detached(signature.data(), bytes_of(bytes), bytes.size(), key.point.data()) == 0;
}

struct Parsed {
  SigningKeyId id{};
  Signature of_file{}, of_comment{};
  std::string comment;
};

Result<Parsed> parse_signature(std::string_view text, const std::string& path) {
  const auto lines = lines_of(text);
  const auto file = from_base64(lines[1], Padding::full), comment = from_base64(lines[3], Padding::full);
  if (!lines[0].starts_with(kComment) || !lines[2].starts_with(kTrusted) || !file || !comment ||
      file->size() != kHashed.size() + kIdBytes + kSignatureBytes || comment->size() != kSignatureBytes)
    return malformed(path, "no signature of minisign, or was damaged; copy it again");
  std::string_view rest = *file;
  const std::string_view algorithm = take(rest, kHashed.size());
  if (algorithm == kAlgorithm)
    return fail(ErrorCode::unsupported,
                fmt::format("{} is a signature of the older kind, over the file itself; sign with minisign 0.10 or "
                            "newer",
                            path),
                path);
  if (algorithm != kHashed) return malformed(path, "a signature of a kind that is not known here; use minisign");
  Parsed out;
  take(rest, out.id);
  take(rest, out.of_file);
  rest = *comment;
  take(rest, out.of_comment);
  out.comment = lines[2].substr(kTrusted.size());
  return out;
}

}  // namespace

struct ContentDigest::State {
  crypto_generichash_state hash;
};

ContentDigest::ContentDigest() : state_(std::make_unique<State>()) {
  crypto_generichash_init(&state_->hash, nullptr, 0, 64);
}
ContentDigest::~ContentDigest() = default;
ContentDigest::ContentDigest(ContentDigest&&) noexcept = default;
ContentDigest& ContentDigest::operator=(ContentDigest&&) noexcept = default;

void ContentDigest::update(std::string_view bytes) {
  crypto_generichash_update(&state_->hash, bytes_of(bytes), bytes.size());
}

std::array<std::uint8_t, 64> ContentDigest::finish() {
  std::array<std::uint8_t, 64> out{};
  crypto_generichash_final(&state_->hash, out.data(), out.size());
  return out;
}

Result<SigningKey> new_signing_key() {
  SigningKey out;
  Secret<32> seed;
  Bytes32 point{};
  auto done = prepare();
  if (done) done = io::random_bytes(out.id);
  if (done) done = io::random_bytes(seed.bytes);
  if (!done) return tl::unexpected(done.error());
  crypto_sign_seed_keypair(point.data(), out.secret.bytes.data(), seed.bytes.data());
  return out;
}

VerifyingKey verifying_key_of(const SigningKey& key) {
  VerifyingKey out{key.id, {}};
  std::copy(key.secret.bytes.begin() + 32, key.secret.bytes.end(), out.point.begin());
  return out;
}

std::string short_text(const VerifyingKey& key) {
  return to_base64(std::string(kAlgorithm) + std::string(text_of(key.id)) + std::string(text_of(key.point)),
                   Padding::full);
}

std::string to_text(const VerifyingKey& key) {
  return fmt::format("{}minisign public key {}\n{}\n", kComment, number_of(key.id), short_text(key));
}

std::string to_text(const SigningKey& key) {
  std::string bytes(kAlgorithm);
  bytes.append(kNoPassword).append(kBlake2).append(kScryptBytes, '\0').append(text_of(key.id));
  bytes.append(text_of(key.secret.bytes)).append(kChecksumBytes, '\0');
  return fmt::format("{}minisign secret key {}, without a password\n{}\n", kComment, number_of(key.id),
                     to_base64(bytes, Padding::full));
}

Result<VerifyingKey> parse_verifying_key(std::string_view text, const std::string& path) {
  const auto lines = lines_of(text);
  const auto bytes = from_base64(trim(lines[lines[0].starts_with(kComment) ? 1 : 0]), Padding::full);
  VerifyingKey out;
  if (!bytes || bytes->size() != kAlgorithm.size() + kIdBytes + out.point.size() || !bytes->starts_with(kAlgorithm))
    return malformed(path, "no public key of minisign: a file that ends in .pub, or its line that begins with RW");
  std::string_view rest = *bytes;
  take(rest, kAlgorithm.size());
  take(rest, out.id);
  take(rest, out.point);
  return out;
}

Result<SigningKey> parse_signing_key(std::string_view text, const std::string& path) {
  const auto lines = lines_of(text);
  auto bytes = from_base64(lines[1], Padding::full);
  const std::size_t size = 3 * kAlgorithm.size() + kScryptBytes + kIdBytes + kSecretBytes + kChecksumBytes;
  if (!lines[0].starts_with(kComment) || !bytes || bytes->size() != size || !bytes->starts_with(kAlgorithm))
    return malformed(path, "no secret key of minisign; name the file that 'quaywatch keygen signature' or "
                           "'minisign -G -W' wrote");
  std::string_view rest = *bytes;
  take(rest, kAlgorithm.size());
  const std::string_view password = take(rest, kNoPassword.size());
  if (password == kScrypt)
    return fail(ErrorCode::unsupported,
                fmt::format("{} is locked with a password, which this program does not ask for; sign with "
                            "'minisign -S', or keep a key without one (minisign -G -W) on an encrypted disk",
                            path),
                path);
  take(rest, kBlake2.size() + kScryptBytes);
  SigningKey out;
  take(rest, out.id);
  take(rest, out.secret.bytes);
  wipe(bytes->data(), bytes->size());
  if (password != kNoPassword || !is_whole(out))
    return malformed(path, "a damaged secret key of minisign: its halves do not fit; copy it again");
  return out;
}

std::string signature_comment(const std::string& path, Timestamp when) {
  std::string name(file_name(path));
  std::replace_if(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, '?');
  return fmt::format("timestamp:{}\tfile:{}\thashed", when.us / 1'000'000, name);
}

std::string sign(const SigningKey& key, const std::array<std::uint8_t, 64>& digest, std::string_view comment) {
  const Signature of_file = sign_bytes(key, text_of(digest));
  const Signature of_comment = sign_bytes(key, bound(of_file, comment));
  return fmt::format("{}signature of minisign secret key {}\n{}\n{}{}\n{}\n", kComment, number_of(key.id),
                     to_base64(std::string(kHashed) + std::string(text_of(key.id)) + std::string(text_of(of_file)),
                               Padding::full),
                     kTrusted, comment, to_base64(text_of(of_comment), Padding::full));
}

Result<std::string> verify(const VerifyingKey& key, const std::array<std::uint8_t, 64>& digest,
                           std::string_view signature, const std::string& file, const std::string& path) {
  if (auto ready = prepare(); !ready) return tl::unexpected(ready.error());
  const auto parsed = parse_signature(signature, path);
  if (!parsed) return tl::unexpected(parsed.error());
  if (parsed->id != key.id)
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' was signed with key {}, not with {}; do not use it before you know whose that is",
                            file, number_of(parsed->id), number_of(key.id)),
                path);
  if (!is_signed(key, parsed->of_file, text_of(digest)))
    return fail(ErrorCode::corrupt,
                fmt::format("'{}' is not the file that was signed with key {}: it was changed or damaged. Do not use "
                            "it; copy it again from where it was signed",
                            file, number_of(key.id)),
                path);
  if (!is_signed(key, parsed->of_comment, bound(parsed->of_file, parsed->comment)))
    return fail(ErrorCode::corrupt,
                fmt::format("{}: its comment was changed after '{}' was signed; copy it again from where it was signed",
                            path, file),
                path);
  return parsed->comment;
}

}  // namespace quaywatch::envelope
