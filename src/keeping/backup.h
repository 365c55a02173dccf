// Backup: a site's folder as one file, taken while others write it. What one part needs of another is copied after it:
// databases before the logs that state what is in them, findings before the input they rest on, entries before their
// blobs and keys. So the copy is a state that the site had, or would have had after a power cut.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "keeping/manifest.h"
#include "keeping/target.h"

namespace quaywatch::keeping {

// Bytes done of how many, and what is being worked on.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total, const std::string& part)>;

// Writes everything of `site` that bears no hidden name to the file `target`, protected as asked, but for the keys of
// organisations: who has the backup is not to read what is sealed to them (docs/decisions/0036). The logs are verified
// first: what is damaged is not copied over an older, whole backup. `manifest` gives what the caller knows: program,
// time, rules.
Result<Manifest> back_up(const std::string& site, const std::string& target, const Protection& protection,
                         journal::KeyRing& keys, Manifest manifest, const Progress& progress);

}  // namespace quaywatch::keeping
