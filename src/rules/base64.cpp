#include "rules/base64.h"

#include "base/base64.h"

namespace quaywatch::rules {

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
