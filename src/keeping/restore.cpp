#include "keeping/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "base/text.h"
#include "envelope/age_file.h"
#include "io/append_file.h"
#include "io/files.h"

namespace quaywatch::keeping {
namespace {

constexpr std::string_view kRestored = ".restored";  // unpacked, not yet in its place
constexpr std::size_t kManifestBytes = 256 * 1024 * 1024;

// Relative, and of no folder above.
bool is_safe(std::string_view name) {
  if (name.empty() || name.starts_with('/') || name.find('\\') != name.npos || name.find('\0') != name.npos)
    return false;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string_view step = name.substr(at, end - at);
    if (step.empty() || step == "." || step == "..") return false;
    at = end + 1;
  }
  return true;
}

struct Opened {
  ArchiveReader archive;
  Manifest manifest;
  std::uint64_t bytes = 0;  // of all parts
};

tl::unexpected<Error> not_as_backed_up(const std::string& backup, const std::string& what) {
  return fail(ErrorCode::corrupt,
              fmt::format("'{}': {}. Nothing was restored; copy the file again, or take another backup", backup, what));
}

Result<Manifest> read_manifest(ArchiveReader& archive, const std::string& backup) {
  for (std::size_t i = 0; i < archive.size(); ++i) {
    if (archive.name(i) != kManifestName) continue;
    std::string text;
    const auto read = archive.read(i, [&](std::string_view block) -> Result<void> {
      if (text.size() + block.size() > kManifestBytes) return not_as_backed_up(backup, "its manifest is too large");
      text += block;
      return {};
    });
    if (!read) return tl::unexpected(read.error());
    return parse_manifest(text, backup);
  }
  return not_as_backed_up(backup, fmt::format("it has no part {}: no program of this name made it", kManifestName));
}

// The archive, of a file that is encrypted or not. Nothing of it is written in clear anywhere.
Result<std::unique_ptr<io::Source>> open_file(const Backup& backup) {
  auto file = io::FileSource::open(backup.path);
  if (!file) return tl::unexpected(file.error());
  if (!envelope::AgeSource::is_age(**file)) return std::move(*file);
  if (backup.identities.empty())
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' is encrypted; give --identity and the file of a key that it was encrypted to",
                            backup.path));
  auto clear = envelope::AgeSource::open(std::move(*file), backup.path, backup.identities);
  if (!clear) return tl::unexpected(clear.error());
  return std::move(*clear);
}

// The manifest against the list of parts.
Result<Opened> open(const Backup& from) {
  const std::string& backup = from.path;
  auto file = open_file(from);
  if (!file) return tl::unexpected(file.error());
  auto archive = ArchiveReader::open(std::move(*file), backup);
  if (!archive) return tl::unexpected(archive.error());
  auto manifest = read_manifest(*archive, backup);
  if (!manifest) return tl::unexpected(manifest.error());
  Opened out{std::move(*archive), std::move(*manifest), 0};
  std::set<std::string> listed{std::string(kManifestName)}, there;
  for (const Part& part : out.manifest.parts) {
    if (!is_safe(part.name)) return not_as_backed_up(backup, fmt::format("it holds a part named '{}'", part.name));
    listed.insert(part.name);
    out.bytes += part.bytes;
  }
  for (std::size_t i = 0; i < out.archive.size(); ++i) there.insert(out.archive.name(i));
  for (const std::string& name : listed)
    if (!there.contains(name)) return not_as_backed_up(backup, fmt::format("the part '{}' is missing", name));
  for (const std::string& name : there)
    if (!listed.contains(name)) return not_as_backed_up(backup, fmt::format("its manifest knows no part '{}'", name));
  if (out.archive.size() != listed.size()) return not_as_backed_up(backup, "it holds a part twice");
  return out;
}

// Hands each part to `begin`, which gives what takes its bytes, and compares it with the manifest.
Result<void> each_part(Opened& opened, const std::string& backup, std::string_view doing, const Progress& progress,
                       const std::function<Result<Blocks>(const Part&)>& begin) {
  std::map<std::string, const Part*> expected;
  for (const Part& part : opened.manifest.parts) expected[part.name] = &part;
  std::uint64_t done = 0;
  for (std::size_t i = 0; i < opened.archive.size(); ++i) {
    const auto at = expected.find(opened.archive.name(i));
    if (at == expected.end()) continue;  // the manifest
    auto sink = begin(*at->second);
    if (!sink) return tl::unexpected(sink.error());
    const auto read = opened.archive.read(i, [&](std::string_view block) {
      done += block.size();
      progress(done, opened.bytes, fmt::format("{} {}", doing, at->first));
      return (*sink)(block);
    });
    if (!read) return tl::unexpected(read.error());
    if (*read != *at->second)
      return not_as_backed_up(backup, fmt::format("the part '{}', whose data begin at byte {}, is not what its "
                                                  "manifest says: {} bytes and SHA-256 {} instead of {} and {}",
                                                  at->first, opened.archive.offset(i), read->bytes,
                                                  to_hex(read->digest), at->second->bytes, to_hex(at->second->digest)));
  }
  return {};
}

Result<void> check(Opened& opened, const std::string& backup, const Progress& progress) {
  return each_part(opened, backup, "checking", progress, [](const Part&) -> Result<Blocks> {
    return Blocks([](std::string_view) { return Result<void>{}; });
  });
}

Result<void> unpack(Opened& opened, const std::string& backup, const std::string& folder, const Progress& progress) {
  std::optional<io::AppendFile> file;
  const auto settle = [&]() -> Result<void> { return file ? file->sync() : Result<void>{}; };
  const auto done = each_part(opened, backup, "writing", progress, [&](const Part& part) -> Result<Blocks> {
    if (auto synced = settle(); !synced) return tl::unexpected(synced.error());
    const std::string path = folder + "/" + part.name;
    if (auto made = io::create_folders(path.substr(0, path.rfind('/')), 0700); !made)
      return tl::unexpected(made.error());
    auto opened_file = io::AppendFile::open(path, 0600);
    if (!opened_file) return tl::unexpected(opened_file.error());
    file.emplace(std::move(*opened_file));
    return Blocks([&file](std::string_view bytes) { return file->append(bytes); });
  });
  return done ? settle() : done;
}

Result<void> move_all(const std::string& from, const std::string& to, std::string_view but) {
  const auto names = io::list_names(from);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names)
    if (name != but)
      if (auto moved = io::rename(from + "/" + name, to + "/" + name); !moved) return moved;
  return {};
}

// What stood there goes aside, what was unpacked takes its place. Between the two nobody opens the site.
Result<std::string> put_in_place(const std::string& site, bool is_empty, Timestamp now) {
  const std::string unpacked = fmt::format("{}/{}", site, kRestored);
  const std::string restoring = fmt::format("{}/{}", site, kRestoring);
  std::string aside;
  if (auto begun = io::rename(unpacked, restoring); !begun) return tl::unexpected(begun.error());
  if (!is_empty) {
    aside = fmt::format("{}/.before-restore-{}", site, format_rfc3339(now));
    if (auto made = io::create_folders(aside, 0700); !made) return tl::unexpected(made.error());
    const auto names = io::list_names(site);
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names)
      if (name != kRestoring && name != kLostAndFound && !name.starts_with(".before-restore-"))
        if (auto moved = io::rename(site + "/" + name, aside + "/" + name); !moved)
          return tl::unexpected(moved.error());
  }
  if (auto moved = move_all(restoring, site, {}); !moved) return tl::unexpected(moved.error());
  if (auto removed = io::remove_folder(restoring); !removed) return tl::unexpected(removed.error());
  return aside;
}

}  // namespace

Result<Manifest> check(const Backup& backup, const Progress& progress) {
  auto opened = open(backup);
  if (!opened) return tl::unexpected(opened.error());
  if (auto checked = check(*opened, backup.path, progress); !checked) return tl::unexpected(checked.error());
  return opened->manifest;
}

Result<Restored> restore(const Backup& backup, const std::string& site, bool replace, Timestamp now,
                         const Progress& progress) {
  auto opened = open(backup);
  if (!opened) return tl::unexpected(opened.error());
  if (auto checked = check(*opened, backup.path, progress); !checked) return tl::unexpected(checked.error());
  if (auto made = io::create_folders(site, 0700); !made) return tl::unexpected(made.error());
  auto names = io::list_names(site);
  if (!names) return tl::unexpected(names.error());
  std::erase(*names, kLostAndFound);
  if (!names->empty() && !replace)
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' is not empty ('{}'); name an empty folder, or give --force: what is there is then "
                            "moved aside",
                            site, names->front()));
  // A server that writes there would go on in files that are no longer in their place.
  std::optional<io::FileLock> lock;
  if (io::exists(site + "/input")) {
    auto held = io::FileLock::acquire(site + "/input/.lock");
    if (!held) return tl::unexpected(held.error());
    lock.emplace(std::move(*held));
  }
  // Of a restore that did not come to its end: unpacked anew beside it.
  const std::string unpacked = fmt::format("{}/{}", site, kRestored);
  for (const std::string_view left : {kRestored, kRestoring})
    if (const std::string path = fmt::format("{}/{}", site, left); io::exists(path))
      if (auto moved = io::rename(path, fmt::format("{}-{}", path, format_rfc3339(now))); !moved)
        return tl::unexpected(moved.error());
  if (auto made = io::create_folders(unpacked, 0700); !made) return tl::unexpected(made.error());
  if (auto written = unpack(*opened, backup.path, unpacked, progress); !written) return tl::unexpected(written.error());
  auto aside = put_in_place(site, names->empty(), now);
  if (!aside) return tl::unexpected(aside.error());
  return Restored{std::move(opened->manifest), std::move(*aside)};
}

}  // namespace quaywatch::keeping
