#include "app/envelope_keys.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "base/text.h"
#include "base/time.h"
#include "io/clock.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kKeyFileMost = 1024 * 1024;
constexpr std::string_view kRecipient = "age1", kVerifyingKey = "RW", kTimestamp = "timestamp:";
constexpr std::int64_t kLastSecond = 253'402'300'800;  // of the year 9999

Result<std::array<std::uint8_t, 64>> digest_of(const std::string& file) {
  envelope::ContentDigest digest;
  const auto read = io::read_blocks(file, std::numeric_limits<std::uint64_t>::max(),
                                    [&digest](std::string_view block) -> Result<void> {
                                      digest.update(block);
                                      return {};
                                    });
  if (!read) return tl::unexpected(read.error());
  return digest.finish();
}

std::string signature_of(const std::string& file) {
  return file + std::string(envelope::kSignatureEnding);
}

// Seconds as a time, tabs as commas; any other comment stays as it is.
std::string for_people(std::string_view comment) {
  std::string out;
  for (std::string_view field : split(comment, '\t')) {
    std::int64_t at = 0;
    const std::string_view digits = field.substr(field.starts_with(kTimestamp) ? kTimestamp.size() : field.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), at);
    const bool is_time = !digits.empty() && error == std::errc() && end == digits.data() + digits.size();
    if (field == "hashed") continue;  // how, not what
    if (!out.empty()) out += ", ";
    out += is_time && at >= 0 && at < kLastSecond ? format_rfc3339(Timestamp{at * 1'000'000}) : std::string(field);
  }
  return out;
}

Result<envelope::VerifyingKey> read_verifying_key(const std::string& named) {
  if (named.starts_with(kVerifyingKey) && !io::exists(named)) return envelope::parse_verifying_key(named, named);
  const auto text = io::read_file(named, envelope::kSignatureMost);
  return text ? envelope::parse_verifying_key(*text, named) : tl::unexpected(text.error());
}

}  // namespace

Result<std::vector<envelope::Recipient>> read_recipients(const std::vector<std::string>& named) {
  std::vector<envelope::Recipient> out;
  for (const std::string& one : named) {
    if (one.starts_with(kRecipient) && !io::exists(one)) {
      const auto key = envelope::parse_recipient(one);
      if (!key) return tl::unexpected(key.error());
      out.push_back(*key);
      continue;
    }
    const auto text = io::read_file(one, kKeyFileMost);
    if (!text) return tl::unexpected(text.error());
    const auto keys = envelope::parse_recipients(*text, one);
    if (!keys) return tl::unexpected(keys.error());
    out.insert(out.end(), keys->begin(), keys->end());
  }
  return out;
}

Result<std::vector<envelope::Identity>> read_identities(const std::vector<std::string>& paths) {
  std::vector<envelope::Identity> out;
  for (const std::string& path : paths) {
    auto text = io::read_file(path, kKeyFileMost);
    if (!text) return tl::unexpected(text.error());
    const auto keys = envelope::parse_identities(*text, path);
    envelope::wipe(text->data(), text->size());
    if (!keys) return tl::unexpected(keys.error());
    out.insert(out.end(), keys->begin(), keys->end());
  }
  return out;
}

Result<envelope::SigningKey> read_signing_key(const std::string& path) {
  auto text = io::read_file(path, envelope::kSignatureMost);
  if (!text) return tl::unexpected(text.error());
  auto key = envelope::parse_signing_key(*text, path);
  envelope::wipe(text->data(), text->size());
  return key;
}

Result<std::string> write_signature(const std::string& file, const envelope::SigningKey& key) {
  const auto digest = digest_of(file);
  if (!digest) return tl::unexpected(digest.error());
  const std::string path = signature_of(file);
  const auto written =
      io::write_file_atomic(path, envelope::sign(key, *digest, envelope::signature_comment(file, io::now())));
  if (!written) return tl::unexpected(written.error());
  return path;
}

Result<std::string> check_signature(const std::string& file, const std::string& key) {
  const auto verifying = read_verifying_key(key);
  if (!verifying) return tl::unexpected(verifying.error());
  const std::string path = signature_of(file);
  if (io::exists(file) && !io::exists(path))
    return fail(ErrorCode::not_found,
                fmt::format("'{}' has no signature: '{}' is not there. Copy it from where the file is from; without it "
                            "nobody knows who made the file",
                            file, path),
                path);
  const auto digest = digest_of(file);
  if (!digest) return tl::unexpected(digest.error());
  const auto text = io::read_file(path, envelope::kSignatureMost);
  if (!text) return tl::unexpected(text.error());
  const auto comment = envelope::verify(*verifying, *digest, *text, file, path);
  return comment ? Result<std::string>(for_people(*comment)) : comment;
}

}  // namespace quaywatch::app
