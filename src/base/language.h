// Languages in which people are written to. Values.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace quaywatch {

enum class Language : std::uint8_t { en, es };
inline constexpr std::array<std::string_view, 2> kLanguages{"en", "es"};  // ISO 639

}  // namespace quaywatch
