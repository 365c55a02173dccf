// Three-valued logic (Kleene, strong). Unknown never fires and is never clean: DESIGN section 6a "Unknown".
#pragma once

#include <cstdint>

namespace quaywatch {

enum class Truth : std::uint8_t { no = 0, unknown = 1, yes = 2 };

constexpr Truth truth(bool b) { return b ? Truth::yes : Truth::no; }
constexpr Truth operator!(Truth a) { return static_cast<Truth>(2 - static_cast<int>(a)); }
constexpr Truth both(Truth a, Truth b) { return a < b ? a : b; }    // and = minimum
constexpr Truth either(Truth a, Truth b) { return a < b ? b : a; }  // or = maximum

}  // namespace quaywatch
