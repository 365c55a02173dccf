// Enumerations that are spoken of by name: an array holds their names in the order of their values. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace quaywatch {

// The value of that name. An empty word names nothing, even where a value has no name.
template <typename T, std::size_t N>
std::optional<T> find_named(const std::array<std::string_view, N>& names, std::string_view word) {
  const auto at = std::find(names.begin(), names.end(), word);
  if (at == names.end() || word.empty()) return std::nullopt;
  return static_cast<T>(at - names.begin());
}

}  // namespace quaywatch
