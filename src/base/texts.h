// Texts for people by their English, one table per language (data/texts). Values.
#pragma once

#include <span>
#include <string_view>

namespace quaywatch {

struct TextRow {
  std::string_view english, said;
};

// What a table says for an English text; the English itself where it has no row. Rows are in the order of their
// English.
std::string_view find_text(std::span<const TextRow> rows, std::string_view english);

}  // namespace quaywatch
