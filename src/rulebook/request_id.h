// The name of a request: two of one content are two, and one that is noted twice is one. Thread-safe.
#pragma once

#include <string>

#include "base/result.h"

namespace quaywatch::rulebook {

// 32 hexadecimal digits that nobody can foretell.
Result<std::string> new_request_id();

}  // namespace quaywatch::rulebook
