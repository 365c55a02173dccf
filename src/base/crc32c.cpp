#include "base/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

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

#if defined(__x86_64__)
// The instruction of SSE 4.2 computes this very polynomial.
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::string_view bytes, std::uint32_t crc) {
  const char* p = bytes.data();
  std::size_t n = bytes.size();
  std::uint64_t sum = static_cast<std::uint32_t>(~crc);
  for (; n >= 8; n -= 8, p += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, p, sizeof word);
    sum = _mm_crc32_u64(sum, word);
  }
  auto rest = static_cast<std::uint32_t>(sum);
  for (; n > 0; --n) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*p++));
  return ~rest;
}

using Sum = std::uint32_t (*)(std::string_view, std::uint32_t);

Sum fastest() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2") ? by_instruction : crc32c_by_tables;
}
#endif

}  // namespace

std::uint32_t crc32c_by_tables(std::string_view bytes, std::uint32_t crc) {
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

std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc) {
#if defined(__x86_64__)
  static const Sum sum = fastest();
  return sum(bytes, crc);
#else
  return crc32c_by_tables(bytes, crc);
#endif
}

}  // namespace quaywatch
