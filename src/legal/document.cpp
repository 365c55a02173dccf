#include "legal/document.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace quaywatch::legal {
namespace {

using nlohmann::ordered_json;

constexpr Words kMissing{"not stated", "no consta"};
constexpr Words kCounted{"Not stated yet: {}.", "Sin constar todavía: {}."};
constexpr Words kWhat{"What", "Qué"};
constexpr Words kStated{"Stated", "Consta"};

// Of a feed's name nobody knows what it holds: it must not end the cell, the line or the text around it.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos) out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

std::string line_of(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += fmt::format(" {} |", cell);
  return out + "\n";
}

std::string table_of(const Section& section, Language language) {
  std::vector<std::string> heads;
  for (const std::string& column : section.columns) heads.push_back(escaped(column));
  if (heads.empty()) heads = {std::string(kWhat.in(language)), std::string(kStated.in(language))};
  std::string out = line_of(heads) + line_of(std::vector<std::string>(heads.size(), "---"));
  for (const Row& row : section.rows) {
    std::vector<std::string> cells;
    for (const Cell& c : row)
      cells.push_back((c.is_missing ? fmt::format("**{}**: ", kMissing.in(language)) : "") + escaped(c.text));
    out += line_of(cells);
  }
  return out;
}

ordered_json cell_json(const Cell& cell) {
  return {{"text", cell.text}, {"missing", cell.is_missing}};
}

}  // namespace

std::size_t missing(const Document& document) {
  std::size_t out = 0;
  for (const Section& section : document.sections)
    for (const Row& row : section.rows)
      for (const Cell& cell : row) out += cell.is_missing ? 1 : 0;
  return out;
}

ordered_json to_json(const Document& document) {
  ordered_json out{{"document", document.name},
                   {"language", kLanguages[static_cast<std::size_t>(document.language)]},
                   {"title", document.title},
                   {"lead", document.lead},
                   {"missing", missing(document)},
                   {"sections", ordered_json::array()}};
  for (const Section& section : document.sections) {
    ordered_json rows = ordered_json::array();
    for (const Row& row : section.rows) {
      rows.push_back(ordered_json::array());
      for (const Cell& cell : row) rows.back().push_back(cell_json(cell));
    }
    out["sections"].push_back({{"title", section.title},
                               {"lead", section.lead},
                               {"columns", section.columns},
                               {"rows", std::move(rows)}});
  }
  return out;
}

std::string to_markdown(const Document& document) {
  std::string out = fmt::format("# {}\n\n{}\n", document.title, document.lead);
  if (const std::size_t open = missing(document); open > 0)
    out += fmt::format("\n{}\n", fmt::format(fmt::runtime(kCounted.in(document.language)), open));
  for (const Section& section : document.sections) {
    out += fmt::format("\n## {}\n", section.title);
    if (!section.lead.empty()) out += fmt::format("\n{}\n", section.lead);
    if (!section.rows.empty()) out += "\n" + table_of(section, document.language);
  }
  return out;
}

}  // namespace quaywatch::legal
