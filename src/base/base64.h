// Base64 (RFC 4648 section 4), with padding and in one line. Pure.
#pragma once

#include <string>
#include <string_view>

namespace quaywatch {

std::string base64(std::string_view bytes);

}  // namespace quaywatch
