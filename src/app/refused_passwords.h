// The site's own list of passwords that nobody may take: such as are tried first, or were found elsewhere. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace quaywatch::app {

// Whether the file at `path`, one password a line, has this one in any case (of ASCII). Read as it is now and never
// kept; a list may be large.
Result<bool> is_listed(const std::string& path, std::string_view password);

}  // namespace quaywatch::app
