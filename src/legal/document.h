// A document for the law: titled tables of cells, in one language. A cell that nobody stated says so and how to state
// it. Values; thread-safe.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/language.h"

namespace quaywatch::legal {

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
