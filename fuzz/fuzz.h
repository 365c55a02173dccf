// What the fuzz targets of codecs share: the input as text, and the one check that a violated promise ends the program.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace quaywatch::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace quaywatch::fuzz
