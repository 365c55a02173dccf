// A document for the law: titled tables of cells, in one language. A cell that nobody stated says so and how to state
// it. Values; thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quaywatch::legal {

enum class Language : std::uint8_t { en, es };
inline constexpr std::array<std::string_view, 2> kLanguages{"en", "es"};
std::optional<Language> find_language(std::string_view word);

struct Words {
  std::string_view en, es;
  std::string_view in(Language language) const { return language == Language::en ? en : es; }
};

struct Cell {
  std::string text;
  bool is_missing = false;  // text: what to do about it
};
using Row = std::vector<Cell>;

struct Section {
  std::string title, lead;
  std::vector<std::string> columns;  // empty: each row is a pair of what and its value
  std::vector<Row> rows;
};

struct Document {
  std::string name, title, lead;
  Language language{};
  std::vector<Section> sections;
};

std::size_t missing(const Document& document);
nlohmann::ordered_json to_json(const Document& document);
std::string to_markdown(const Document& document);

}  // namespace quaywatch::legal
