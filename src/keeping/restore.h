// Restore: a backup back into a folder. The whole file is checked against its manifest before anything is written, and
// again while it is; what stood in the folder is moved aside, never deleted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "envelope/age_keys.h"
#include "keeping/backup.h"
#include "keeping/manifest.h"

namespace quaywatch::keeping {

// While this folder stands in a site's, the site is half old and half new: nobody opens it.
inline constexpr std::string_view kRestoring = ".restoring";

struct Backup {
  std::string path;
  std::vector<envelope::Identity> identities;  // one of them opens it, if it is encrypted
};

// corrupt: part and offset of what is not as it was backed up. invalid_argument: no identity opens it.
Result<Manifest> check(const Backup& backup, const Progress& progress);

struct Restored {
  Manifest manifest;
  std::string moved_to;  // what stood in the folder; empty: nothing did
};
// invalid_argument: something stands in `site` and `replace` was not given. `now` names the folder for it.
Result<Restored> restore(const Backup& backup, const std::string& site, bool replace, Timestamp now,
                         const Progress& progress);

}  // namespace quaywatch::keeping
