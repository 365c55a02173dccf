#include "rulebook/request_id.h"

#include <array>
#include <cstdint>

#include "base/sha256.h"
#include "io/environment.h"

namespace quaywatch::rulebook {

Result<std::string> new_request_id() {
  std::array<std::uint8_t, 16> bytes{};
  if (auto random = io::random_bytes(bytes); !random) return tl::unexpected(random.error());
  return to_hex(bytes);
}

}  // namespace quaywatch::rulebook
