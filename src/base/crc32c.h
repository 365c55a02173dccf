// CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4): finds torn and rotten bytes, not malice. Thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace quaywatch {

// Pass the result of one call as `crc` of the next to sum pieces: crc32c(b, crc32c(a)) == crc32c(a + b).
std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0);
// The same without the instruction that some processors have for it: what `crc32c` does on the others.
std::uint32_t crc32c_by_tables(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace quaywatch
