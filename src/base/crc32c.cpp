#include "base/crc32c.h"

#include <array>
#include <cstddef>

namespace quaywatch {
namespace {

// Slicing by eight: table k holds the CRC of a byte followed by k zero bytes, so that eight bytes cost eight look-ups.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

consteval Tables make_tables() {
  Tables t{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c >> 1) ^ ((c & 1) != 0 ? 0x82F63B78u : 0u);
    t[0][i] = c;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t i = 0; i < 256; ++i) t[k][i] = (t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 255];
  return t;
}

constexpr Tables kTables = make_tables();

std::uint32_t load(const unsigned char* p) {
  return static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
         static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc) {
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t n = bytes.size();
  crc = ~crc;
  for (; n >= 8; n -= 8, p += 8) {
    const std::uint32_t a = crc ^ load(p), b = load(p + 4);
    crc = kTables[7][a & 255] ^ kTables[6][a >> 8 & 255] ^ kTables[5][a >> 16 & 255] ^ kTables[4][a >> 24] ^
          kTables[3][b & 255] ^ kTables[2][b >> 8 & 255] ^ kTables[1][b >> 16 & 255] ^ kTables[0][b >> 24];
  }
  for (; n > 0; --n) crc = crc >> 8 ^ kTables[0][(crc ^ *p++) & 255];
  return ~crc;
}

}  // namespace quaywatch
