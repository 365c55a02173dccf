#include "rules/problem.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"

namespace quaywatch::rules {

std::string nearest_hint(std::string_view nearest_word) {
  return nearest_word.empty() ? std::string() : fmt::format("; nearest: '{}'", nearest_word);
}

std::string nearest_hint(std::string_view word, std::span<const std::string_view> candidates) {
  return nearest_hint(nearest(word, candidates));
}

std::string joined(std::span<const std::string_view> words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace quaywatch::rules
