// Base64 (RFC 4648 section 4) of a rule value, for the Sigma modifiers base64 and base64offset.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace quaywatch::rules {

std::string base64(std::string_view bytes);

// What of the encoding of `bytes` does not depend on its neighbours, when it starts 0, 1 or 2 bytes into a group of
// three (modifier base64offset).
std::array<std::string, 3> base64_offsets(std::string_view bytes);

}  // namespace quaywatch::rules
