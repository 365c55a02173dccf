#include "app/site.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/append_file.h"
#include "io/clock.h"
#include "io/environment.h"
#include "io/files.h"
#include "journal/pseudonym.h"
#include "keeping/restore.h"
#include "model/identifiers.h"

namespace quaywatch::app {

std::string site_folder() {
  if (auto home = io::environment("QUAYWATCH_HOME"); home && !home->empty()) return *home;
  if (auto data = io::environment("XDG_DATA_HOME"); data && !data->empty()) return *data + "/quaywatch";
  return io::environment("HOME").value_or("/tmp") + "/.local/share/quaywatch";
}

Result<Site> Site::open() {
  const std::string folder = site_folder();
  if (auto made = io::create_folders(folder, 0700); !made) return tl::unexpected(made.error());
  return with_keys(folder);
}

Result<Site> Site::open_existing(const std::string& folder) {
  if (!io::exists(folder + "/keys/site.key"))
    return fail(ErrorCode::not_found,
                fmt::format("'{}' is not the folder of a site: it has no keys/site.key; name the folder that serve and "
                            "import use, with --site or QUAYWATCH_HOME",
                            folder));
  return with_keys(folder);
}

Result<Site> Site::with_keys(const std::string& folder) {
  if (io::exists(folder + "/" + std::string(keeping::kRestoring)))
    return fail(ErrorCode::corrupt,
                fmt::format("a restore into '{}' did not come to its end; run 'quaywatch restore' again with --force",
                            folder));
  auto keys = journal::KeyRing::open(folder);
  if (!keys) return tl::unexpected(keys.error());
  Site site;
  site.folder_ = folder;
  site.keys_ = std::make_unique<journal::KeyRing>(std::move(*keys));
  return site;
}

std::string Site::pseudonym(PersonalClass personal, std::string_view value) const {
  return journal::pseudonym_text(*keys_, personal, value);
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
