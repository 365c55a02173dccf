#include "keeping/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "io/files.h"
#include "journal/log.h"
#include "store/database.h"

namespace quaywatch::keeping {
namespace {

constexpr std::uint64_t kWhole = std::numeric_limits<std::uint64_t>::max();
constexpr std::string_view kKeys = "keys/", kSegment = ".seg", kDatabase = ".db";
// Findings first: none may rest on an entry that the copy lacks.
constexpr std::array<const char*, 2> kLogs{"findings", "input"};

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return name.ends_with(e); });
}

bool is_top_level(std::string_view name) {
  return name.find('/') == std::string_view::npos;
}

// What is under the site's folder, relative, without hidden names and keys of organisations; linked folders directly in
// it are entered.
Result<std::vector<std::string>> files_of(const std::string& site) {
  const auto names = io::list_names(site);
  if (!names) return tl::unexpected(names.error());
  std::vector<std::string> out;
  for (const std::string& name : *names) {
    if (name.starts_with('.') || name == kLostAndFound || name == journal::kOrganisationKeys) continue;
    const auto files = io::list_files(site + "/" + name);
    if (!files) return tl::unexpected(files.error());
    for (const std::string& path : *files) out.push_back(path.substr(site.size() + 1));
  }
  return out;
}

class Copy {
 public:
  Copy(const std::string& site, ArchiveWriter& archive, Manifest& manifest, const Progress& progress)
      : site_(site), archive_(archive), manifest_(manifest), progress_(progress) {}

  Result<void> measure() {
    const auto files = files_of(site_);
    if (!files) return tl::unexpected(files.error());
    for (const std::string& name : *files)
      if (const auto size = io::file_size(site_ + "/" + name)) total_ += *size;
    return {};
  }

  // Behind the logs, which then are sealed with none of later.
  Result<void> name_organisation_keys() {
    const std::string folder = fmt::format("{}/{}", site_, journal::kOrganisationKeys);
    if (!io::exists(folder)) return {};
    auto names = io::list_names(folder);
    if (!names) return tl::unexpected(names.error());
    manifest_.organisation_keys = std::move(*names);
    return {};
  }

  Result<void> add_databases() {
    const auto names = io::list_names(site_);
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names) {
      if (!name.ends_with(kDatabase)) continue;
      const auto bytes = store::snapshot(site_ + "/" + name);
      if (!bytes) return tl::unexpected(bytes.error());
      if (auto added = add_text(name, *bytes); !added) return added;
    }
    return {};
  }

  Result<void> add_log(const std::string& name, journal::KeyRing& keys) {
    const auto log = journal::Log::open_reading(site_, name, keys);
    if (!log && log.error().code == ErrorCode::not_found) return {};
    if (!log) return tl::unexpected(log.error());
    progress_(done_, total_, "verifying " + name);
    const auto verified = log->verify();
    if (!verified) return tl::unexpected(verified.error());
    manifest_.logs[name] = verified->position;
    if (!log->recovery().reason.empty()) torn_.push_back(name);
    const auto parts = log->parts();
    if (!parts) return tl::unexpected(parts.error());
    for (const auto& part : *parts)
      if (auto added = add_file(part.path.substr(site_.size() + 1), part.bytes); !added) return added;
    return {};
  }

  // An entry that is not whole is what a server is writing, and later it is whole; else it is damage, and behind it may
  // lie entries that the copy lacks.
  Result<void> check_ends(journal::KeyRing& keys) const {
    for (const std::string& name : torn_) {
      const auto log = journal::Log::open_reading(site_, name, keys);
      if (!log) return tl::unexpected(log.error());
      if (log->recovery().reason.empty() || log->durable().size > manifest_.logs[name].size) continue;
      const auto parts = log->parts();
      if (!parts) return tl::unexpected(parts.error());
      return fail(ErrorCode::corrupt,
                  fmt::format("{} byte {}: {}. After a power cut start 'quaywatch serve' once, which cuts that off and "
                              "keeps it; otherwise restore the file from the backup. No backup was made",
                              parts->back().path, parts->back().bytes, log->recovery().reason));
    }
    return {};
  }

  // `keys`: those, or all that is neither key, database nor part of a log.
  Result<void> add_files(bool keys) {
    const auto files = files_of(site_);
    if (!files) return tl::unexpected(files.error());
    for (const std::string& name : *files) {
      if (name.starts_with(kKeys) != keys || name.ends_with(kSegment)) continue;
      if (is_top_level(name) && ends_with_any(name, {kDatabase, ".db-wal", ".db-shm"})) continue;
      if (!io::exists(site_ + "/" + name)) continue;  // a request that was taken, a file that was mended
      if (auto added = add_file(name, kWhole); !added) return added;
    }
    return {};
  }

 private:
  Result<void> add_text(const std::string& name, std::string_view text) {
    return keep(archive_.add(name, [&](const Blocks& write) { return write(text); }));
  }

  Result<void> add_file(const std::string& name, std::uint64_t bytes) {
    return keep(archive_.add(name, [&](const Blocks& write) -> Result<void> {
      const auto read = io::read_blocks(site_ + "/" + name, bytes, [&](std::string_view block) {
        done_ += block.size();
        progress_(done_, std::max(done_, total_), name);
        return write(block);
      });
      return read ? Result<void>{} : tl::unexpected(read.error());
    }));
  }

  Result<void> keep(Result<Part> part) {
    if (!part) return tl::unexpected(part.error());
    manifest_.parts.push_back(std::move(*part));
    return {};
  }

  const std::string& site_;
  ArchiveWriter& archive_;
  Manifest& manifest_;
  const Progress& progress_;
  std::vector<std::string> torn_;  // logs whose end was not whole
  std::uint64_t done_ = 0, total_ = 0;
};

Result<void> copy_all(Copy& copy, journal::KeyRing& keys) {
  auto done = copy.measure();
  if (done) done = copy.add_databases();
  for (const char* log : kLogs)
    if (done) done = copy.add_log(log, keys);
  if (done) done = copy.name_organisation_keys();
  if (done) done = copy.add_files(false);
  if (done) done = copy.add_files(true);
  if (done) done = copy.check_ends(keys);
  return done;
}

}  // namespace

Result<Manifest> back_up(const std::string& site, const std::string& target, const Protection& protection,
                         journal::KeyRing& keys, Manifest manifest, const Progress& progress) {
  auto file = Target::create(target, protection);
  if (!file) return tl::unexpected(file.error());
  ArchiveWriter archive([&file](std::string_view bytes) { return (*file)->append(bytes); });
  Copy copy(site, archive, manifest, progress);
  auto done = copy_all(copy, keys);
  if (done) {
    const std::string text = to_text(manifest);
    const auto added = archive.add(std::string(kManifestName), [&](const Blocks& write) { return write(text); });
    if (!added) done = tl::unexpected(added.error());
  }
  if (done) done = archive.finish();
  if (done) done = (*file)->finish(manifest.made_at);
  if (!done) return tl::unexpected(done.error());
  return manifest;
}

}  // namespace quaywatch::keeping
