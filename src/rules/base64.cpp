#include "rules/base64.h"

#include <cstdint>

namespace quaywatch::rules {

std::string base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

std::array<std::string, 3> base64_offsets(std::string_view bytes) {
  // Leading characters that carry bits of the bytes before, and trailing ones that carry bits of those behind.
  constexpr std::array<std::size_t, 3> kSkip = {0, 2, 3};
  constexpr std::array<std::size_t, 3> kCut = {0, 3, 2};
  std::array<std::string, 3> out;
  for (std::size_t offset = 0; offset < 3; ++offset) {
    const std::string encoded = base64(std::string(offset, ' ') + std::string(bytes));
    const std::size_t end = encoded.size() - kCut[(bytes.size() + offset) % 3];
    out[offset] = encoded.substr(kSkip[offset], end > kSkip[offset] ? end - kSkip[offset] : 0);
  }
  return out;
}

}  // namespace quaywatch::rules
