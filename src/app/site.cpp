#include "app/site.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "base/text.h"
#include "io/append_file.h"
#include "io/clock.h"
#include "io/environment.h"
#include "io/files.h"
#include "model/identifiers.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kKeyBytes = 32;

std::string site_folder() {
  if (auto home = io::environment("QUAYWATCH_HOME"); home && !home->empty()) return *home;
  if (auto data = io::environment("XDG_DATA_HOME"); data && !data->empty()) return *data + "/quaywatch";
  return io::environment("HOME").value_or("/tmp") + "/.local/share/quaywatch";
}

std::string_view class_name(PersonalClass personal) {
  switch (personal) {
    case PersonalClass::none:
      return "value";
    case PersonalClass::account:
      return "account";
    case PersonalClass::credential:
      return "card";
    case PersonalClass::person:
      return "person";
    case PersonalClass::plate:
      return "plate";
  }
  return "value";
}

}  // namespace

Result<Site> Site::open() {
  Site site;
  site.folder_ = site_folder();
  const std::string key_path = site.folder_ + "/site.key";
  if (auto made = io::create_folders(site.folder_, 0700); !made) return tl::unexpected(made.error());
  if (!io::exists(key_path)) {
    std::array<std::uint8_t, kKeyBytes> key{};
    if (auto random = io::random_bytes(key); !random) return tl::unexpected(random.error());
    const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
    if (auto written = io::write_file_atomic(key_path, bytes, 0600); !written) return tl::unexpected(written.error());
  }
  auto key = io::read_file(key_path, kKeyBytes);
  if (!key) return tl::unexpected(key.error());
  if (key->size() != kKeyBytes)
    return fail(ErrorCode::corrupt,
                fmt::format("'{}' is not a site key ({} bytes instead of {}); restore it from a backup, "
                            "or move it away and pseudonyms begin anew",
                            key_path, key->size(), kKeyBytes));
  site.key_ = std::move(*key);
  return site;
}

std::string Site::pseudonym(PersonalClass personal, std::string_view value) const {
  // Normal form: what differs only in typing is one person, plate or card.
  std::string message(class_name(personal));
  message += '\0';
  message += squeeze(value);
  std::array<std::uint8_t, 32> mac{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), mac.data(), &size);
  return fmt::format("{}-{}", class_name(personal), to_hex(std::span(mac).first(8)).substr(0, 15));
}

Result<void> Site::record_reveal(std::string_view command, const std::vector<std::string>& paths) const {
  auto file = io::AppendFile::open(folder_ + "/reveals.jsonl", 0600);
  if (!file) return tl::unexpected(file.error());
  const nlohmann::json line{{"at", format_rfc3339(io::now())}, {"command", command}, {"paths", paths}};
  if (auto appended = file->append(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
      !appended)
    return appended;
  return file->sync();
}

std::string Display::redact(PersonalClass personal, std::string_view text) const {
  if (reveal_ || personal == PersonalClass::none || text.empty() || text == "unknown") return std::string(text);
  return site_.pseudonym(personal, text);
}

std::string Display::value(FieldId field, std::string_view text) const {
  return redact(info(field).personal, text);
}

std::string Display::label(FieldId field, std::string_view text) const {
  if (info(field).identifier == IdentifierRule::iso6346) return display_container_number(text);
  return value(field, text);
}

}  // namespace quaywatch::app
