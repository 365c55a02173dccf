#include "codec/workbook.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"

namespace quaywatch::codec {
namespace {

using Text = tl::expected<std::string, Refusal>;
using Xml = pugi::xml_node;

constexpr std::string_view kWorkbook = "xl/workbook.xml";

tl::unexpected<Refusal> refuse(std::string_view reason, std::string message) {
  return tl::unexpected(Refusal{reason, std::move(message)});
}

// Writers differ in their namespace prefixes: names are compared behind the colon.
std::string_view local_name(std::string_view name) {
  return name.substr(name.find(':') + 1);
}
bool is(const Xml& node, std::string_view name) {
  return local_name(node.name()) == name;
}
Xml child(const Xml& node, std::string_view name) {
  return node.find_child([&](const Xml& c) { return is(c, name); });
}
std::string_view attribute(const Xml& node, std::string_view name) {
  for (const auto& a : node.attributes())
    if (local_name(a.name()) == name) return a.value();
  return {};
}
template <typename Fn>
void each_child(const Xml& node, std::string_view name, Fn&& fn) {
  for (const Xml& c : node.children())
    if (is(c, name)) fn(c);
}

template <typename N>
std::optional<N> number(std::string_view text) {
  N n{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), n);
  return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

// A part of the workbook; its text lives beside the tree, which points into it.
struct Part {
  std::string text;
  pugi::xml_document tree;
  Xml root() const { return tree.document_element(); }
};

std::optional<Refusal> load(ZipArchive& archive, std::string_view name, Part& part) {
  const ZipEntry* entry = archive.find(name);
  if (entry == nullptr) return Refusal{"not_a_workbook", fmt::format("the workbook has no part '{}'", name)};
  auto text = archive.unpack(*entry, limits::kSheetPartBytes);
  if (!text) return text.error();
  part.text = std::move(*text);
  const auto parsed = part.tree.load_buffer_inplace(
      part.text.data(), part.text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_auto);
  if (!parsed)
    return Refusal{"bad_xml", fmt::format("part '{}' is not well-formed XML near byte {}: {}", name, parsed.offset,
                                          parsed.description())};
  return std::nullopt;
}

// Text of <si> or <is>: its <t>, or those of its runs; phonetic guides (rPh) are no text.
std::string rich_text(const Xml& node) {
  std::string out(child(node, "t").text().get());
  each_child(node, "r", [&](const Xml& run) { out += child(run, "t").text().get(); });
  return out;
}

// --- styles --------------------------------------------------------------------------------------------------------

enum class Shows : std::uint8_t { number, date, time, date_time };

// What a number format shows (ECMA-376 part 1, 18.8.31): letters outside quotes, brackets and escapes.
Shows shown_by(std::string_view code) {
  bool date = false, time = false, month_or_minute = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = ascii_lower(code[i]);
    if (c == ';') break;  // the sections behind are for negative numbers and text
    if (c == '"') i = std::min(code.find('"', i + 1), code.size());
    if (c == '\\' || c == '_' || c == '*') ++i;
    if (c == '[') {  // [h], [mm] and [s] are elapsed time; others are colours, conditions, locales
      const std::size_t end = std::min(code.find(']', i), code.size());
      const std::string inside = to_lower(code.substr(i + 1, end - i - 1));
      time = time || (!inside.empty() && inside.find_first_not_of("hms") == std::string::npos);
      i = end;
    }
    date = date || c == 'y' || c == 'd';
    time = time || c == 'h' || c == 's';
    month_or_minute = month_or_minute || c == 'm';
  }
  if (month_or_minute && !time) date = true;
  return date && time ? Shows::date_time : date ? Shows::date : time ? Shows::time : Shows::number;
}

// Formats that need no code in the file (ECMA-376 part 1, 18.8.30), East Asian ones included.
Shows shown_by_built_in(int id) {
  if (id == 22) return Shows::date_time;
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
    return Shows::date;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 || id == 56)
    return Shows::time;
  return Shows::number;
}

std::vector<Shows> read_styles(const Xml& root) {
  std::map<int, Shows> own;
  each_child(child(root, "numFmts"), "numFmt", [&](const Xml& f) {
    if (const auto id = number<int>(attribute(f, "numFmtId"))) own[*id] = shown_by(attribute(f, "formatCode"));
  });
  std::vector<Shows> out;
  each_child(child(root, "cellXfs"), "xf", [&](const Xml& xf) {
    const int id = number<int>(attribute(xf, "numFmtId")).value_or(0);
    const auto at = own.find(id);
    out.push_back(at != own.end() ? at->second : shown_by_built_in(id));
  });
  return out;
}

// --- cells ---------------------------------------------------------------------------------------------------------

std::string plain_number(std::string_view stated) {
  const bool is_plain =
      stated.size() <= 16 && stated.find_first_not_of("-0123456789.") == std::string_view::npos;
  const auto value = number<double>(stated);
  if (is_plain || !value || !std::isfinite(*value)) return std::string(stated);
  std::string out = fmt::format("{:.15g}", *value);  // what a spreadsheet holds; more digits are noise of the format
  if (out.find('e') == std::string::npos) return out;
  out = fmt::format("{:.15f}", *value);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

std::string iso_text(double serial, Shows shows, bool is_1904) {
  const bool is_leap_that_never_was = !is_1904 && serial >= 60 && serial < 61;
  if (!(serial >= 0 && serial < 2'958'466) || is_leap_that_never_was) return plain_number(fmt::format("{}", serial));
  constexpr std::int64_t kDayMs = 86'400'000;
  const auto ms = static_cast<std::int64_t>(std::llround(serial * static_cast<double>(kDayMs)));
  const std::int64_t epoch = is_1904       ? days_from_civil(1904, 1, 1)
                             : serial < 60 ? days_from_civil(1899, 12, 31)
                                           : days_from_civil(1899, 12, 30);
  const CivilTime c = to_civil_utc(Timestamp{(ms + epoch * kDayMs) * 1000});
  std::string clock = fmt::format("{:02}:{:02}:{:02}", c.hour, c.minute, c.second);
  if (c.microsecond != 0) clock += fmt::format(".{:03}", c.microsecond / 1000);
  if (shows == Shows::time && ms < kDayMs) return clock;
  const std::string day = fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
  return shows == Shows::date && ms % kDayMs == 0 ? day : day + "T" + clock;
}

struct Cell {
  std::uint32_t row = 0, column = 0;  // from 0
  std::string text;
};

// "BC12" to row 11, column 54.
bool read_place(std::string_view place, Cell& cell) {
  std::uint32_t column = 0;
  std::size_t i = 0;
  for (; i < place.size() && i < 3 && is_ascii_upper(place[i]); ++i)
    column = column * 26 + static_cast<std::uint32_t>(place[i] - 'A' + 1);
  const auto row = number<std::uint32_t>(place.substr(i));
  if (column == 0 || !row || *row == 0) return false;
  cell.row = *row - 1;
  cell.column = column - 1;
  return true;
}

struct Book {
  std::vector<std::string> strings;
  std::vector<Shows> styles;
  bool is_1904 = false;
  std::string sheet_part;
};

std::string cell_text(const Xml& c, const Book& book) {
  const std::string_view type = attribute(c, "t");
  if (type == "inlineStr") return rich_text(child(c, "is"));
  const std::string_view value = child(c, "v").text().get();
  if (type == "s") {
    const auto index = number<std::size_t>(value);
    return index && *index < book.strings.size() ? book.strings[*index] : std::string();
  }
  if (type == "b") return value == "1" ? "true" : value == "0" ? "false" : std::string(value);
  if (!type.empty() && type != "n") return std::string(value);  // str, e, d: as they stand
  const std::size_t style = number<std::size_t>(attribute(c, "s")).value_or(0);
  const Shows shows = style < book.styles.size() ? book.styles[style] : Shows::number;
  const auto serial = shows == Shows::number ? std::nullopt : number<double>(value);
  return serial ? iso_text(*serial, shows, book.is_1904) : plain_number(value);
}

// The filled cells, in the order of the sheet, which is that of rows and columns.
tl::expected<std::vector<Cell>, Refusal> read_cells(const Xml& root, const Book& book) {
  std::vector<Cell> cells;
  std::uint32_t row = 0, column = 0;
  std::optional<Refusal> refused;
  each_child(child(root, "sheetData"), "row", [&](const Xml& r) {
    row = number<std::uint32_t>(attribute(r, "r")).value_or(row + 1);
    column = 0;
    each_child(r, "c", [&](const Xml& c) {
      Cell cell{row == 0 ? 0 : row - 1, column, {}};
      const std::string_view place = attribute(c, "r");
      if (!place.empty() && !read_place(place, cell))
        refused = Refusal{"bad_xml", fmt::format("'{}' is not the place of a cell", place.substr(0, 20))};
      column = cell.column + 1;
      cell.text = cell_text(c, book);
      if (cell.column >= limits::kCsvColumns && !cell.text.empty())
        refused = Refusal{"sheet_too_large", fmt::format("cell {} lies beyond the limit of {} columns",
                                                         place.substr(0, 20), limits::kCsvColumns)};
      const bool is_behind = cells.empty() || cells.back().row < cell.row ||
                             (cells.back().row == cell.row && cells.back().column < cell.column);
      if (!is_behind) refused = Refusal{"bad_xml", "the cells of the sheet are not in order"};
      if (!cell.text.empty() && !refused) cells.push_back(std::move(cell));
    });
  });
  if (refused) return tl::unexpected(*refused);
  return cells;
}

void append_field(std::string_view text, char separator, std::string& out) {
  const char special[] = {separator, '"', '\n', '\r'};
  const bool needs_quotes = text.find_first_of(std::string_view(special, 4)) != std::string_view::npos ||
                            text.front() == ' ' || text.back() == ' ';
  if (!needs_quotes) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    out += c;
    if (c == '"') out += c;
  }
  out += '"';
}

Text write_csv(const std::vector<Cell>& cells, char separator) {
  std::string out = "\xEF\xBB\xBF";
  if (cells.empty()) return out;
  std::uint32_t width = 0;
  for (const Cell& cell : cells) width = std::max(width, cell.column + 1);
  if ((cells.back().row + std::uint64_t{1}) * width > limits::kSheetCells)
    return refuse("sheet_too_large", fmt::format("{} rows of {} fields are more than {} cells; export it as CSV",
                                                 cells.back().row + 1, width, limits::kSheetCells));
  std::size_t next = 0;
  for (std::uint32_t row = 0; next < cells.size(); ++row, out += '\n') {
    if (cells[next].row != row) continue;
    for (std::uint32_t column = 0; column < width; ++column) {
      if (column > 0) out += separator;
      if (next < cells.size() && cells[next].row == row && cells[next].column == column)
        append_field(cells[next++].text, separator, out);
    }
  }
  return out;
}

// --- the workbook --------------------------------------------------------------------------------------------------

std::string part_name(std::string_view target) {  // relative to xl/, or from the root
  return target.starts_with('/') ? std::string(target.substr(1)) : "xl/" + std::string(target);
}

std::optional<Refusal> find_sheet(const Xml& root, std::string_view wanted, const Xml& relations, Book& book) {
  std::vector<std::string_view> names;
  std::string_view id;
  each_child(child(root, "sheets"), "sheet", [&](const Xml& sheet) {
    const std::string_view name = attribute(sheet, "name");
    if (id.empty() && (wanted.empty() || name == wanted)) id = attribute(sheet, "id");
    names.push_back(name);
  });
  if (id.empty())
    return Refusal{"unknown_sheet", fmt::format("the workbook has no sheet '{}'; it has {}", wanted,
                                                names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")))};
  each_child(relations, "Relationship", [&](const Xml& r) {
    if (attribute(r, "Id") == id) book.sheet_part = part_name(attribute(r, "Target"));
  });
  if (book.sheet_part.empty()) return Refusal{"not_a_workbook", "the workbook does not say where its sheet stands"};
  return std::nullopt;
}

std::optional<Refusal> read_book(ZipArchive& archive, std::string_view sheet, Book& book) {
  Part workbook, relations;
  if (auto bad = load(archive, kWorkbook, workbook)) return bad;
  if (auto bad = load(archive, "xl/_rels/workbook.xml.rels", relations)) return bad;
  const std::string_view epoch = attribute(child(workbook.root(), "workbookPr"), "date1904");
  book.is_1904 = epoch == "1" || epoch == "true";
  if (auto bad = find_sheet(workbook.root(), sheet, relations.root(), book)) return bad;
  std::string strings, styles;
  each_child(relations.root(), "Relationship", [&](const Xml& r) {
    if (attribute(r, "Type").ends_with("/sharedStrings")) strings = part_name(attribute(r, "Target"));
    if (attribute(r, "Type").ends_with("/styles")) styles = part_name(attribute(r, "Target"));
  });
  if (!strings.empty()) {
    Part part;
    if (auto bad = load(archive, strings, part)) return bad;
    each_child(part.root(), "si", [&](const Xml& si) { book.strings.push_back(rich_text(si)); });
  }
  if (!styles.empty()) {
    Part part;
    if (auto bad = load(archive, styles, part)) return bad;
    book.styles = read_styles(part.root());
  }
  return std::nullopt;
}

}  // namespace

bool is_workbook(const ZipArchive& archive) {
  return archive.find(kWorkbook) != nullptr;
}

Text sheet_to_csv(ZipArchive& archive, std::string_view sheet, char separator) {
  Book book;
  if (auto bad = read_book(archive, sheet, book)) return tl::unexpected(std::move(*bad));
  Part part;
  if (auto bad = load(archive, book.sheet_part, part)) return tl::unexpected(std::move(*bad));
  const auto cells = read_cells(part.root(), book);
  if (!cells) return tl::unexpected(cells.error());
  return write_csv(*cells, separator);
}

}  // namespace quaywatch::codec
