// base64offset of a rule value, after the Sigma modifier of that name; the plain encoding is base/base64.h.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace quaywatch::rules {

// What of the encoding of `bytes` does not depend on its neighbours, when it starts 0, 1 or 2 bytes into a group of
// three (modifier base64offset).
std::array<std::string, 3> base64_offsets(std::string_view bytes);

}  // namespace quaywatch::rules
