// Manifest: what a backup holds, written last. Layout: docs/formats/backup.md.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "journal/log.h"
#include "keeping/archive.h"

namespace quaywatch::keeping {

inline constexpr std::string_view kManifestName = "manifest.json";

// Of the file system, where the site's folder is the root of one: it is no part of the site, and no user may read it.
inline constexpr std::string_view kLostAndFound = "lost+found";

struct Manifest {
  std::string program;  // version that made it
  Timestamp made_at;
  std::uint64_t rules_version = 0;  // in force; 0: those of the program
  Digest rules_digest{};            // of their texts
  std::map<std::string, journal::Position> logs;
  std::vector<std::string> organisation_keys;  // files that the site has and the backup has not
  std::vector<Part> parts;  // without the manifest itself, in the order of the file
};

std::string to_text(const Manifest& manifest);
// unsupported: of a later program. corrupt: not of this form.
Result<Manifest> parse_manifest(std::string_view text, const std::string& path);

}  // namespace quaywatch::keeping
