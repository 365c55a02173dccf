#include "ingest/sampled_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "base/limits.h"
#include "base/text.h"
#include "codec/json_lines.h"
#include "model/identifiers.h"

namespace quaywatch::ingest {
namespace {

constexpr std::size_t kTitleLinesTried = 12;
constexpr std::size_t kRowsTried = 40;

bool has_letter(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) {
    return is_ascii_upper(ascii_upper(c)) || static_cast<unsigned char>(c) >= 0x80;
  });
}

// A header names its columns with words; a row of data holds numbers, times or boxes.
bool looks_like_header(std::span<const std::string_view> cells) {
  std::size_t named = 0;
  for (const std::string_view cell : cells) {
    if (check_container_number(squeeze(cell)) == IdentifierCheck::good) return false;
    if (!cell.empty() && is_ascii_digit(cell.front()) && cell.find_first_of(":.-/") != std::string_view::npos)
      return false;
    named += has_letter(cell) ? 1 : 0;
  }
  return named * 10 >= cells.size() * 7;
}

// How well the options fit: fields of rows that have as many as the header. A title line makes a poor header.
std::size_t fit(std::string_view bytes, const codec::CsvOptions& options) {
  codec::CsvReader reader(bytes, options);
  codec::CsvRow row;
  std::size_t width = 0, whole = 0, broken = 0;
  bool is_header = false;
  for (std::size_t seen = 0; seen < kRowsTried && reader.next(row);) {
    if (row.kind == codec::RowKind::title || row.kind == codec::RowKind::blank) continue;
    ++seen;
    if (row.kind == codec::RowKind::broken) {
      ++broken;
    } else if (width == 0) {
      width = row.cells.size();
      is_header = looks_like_header(row.cells);
    } else {
      ++whole;
    }
  }
  if (width < 2 || whole < broken) return 0;
  return (whole + 1) * std::min<std::size_t>(width, 64) * (is_header ? 4 : 1);
}

codec::CsvOptions best_options(std::string_view bytes, codec::Encoding encoding) {
  codec::CsvOptions best;
  std::size_t most = 0;
  for (std::size_t skip = 0; skip < kTitleLinesTried; ++skip)
    for (const char separator : {',', ';', '\t', '|'}) {
      codec::CsvOptions options;
      options.separator = separator;
      options.encoding = encoding;
      options.skip_lines = skip;
      const std::size_t score = fit(bytes, options);
      if (score <= most) continue;
      most = score;
      best = options;
    }
  if (most == 0) best.separator = 0;
  return best;
}

void name_columns(SampledTable& table, std::span<const std::string_view> header) {
  for (std::size_t i = 0; i < header.size(); ++i)
    table.columns.push_back({table.has_header ? std::string(header[i]) : fmt::format("c{}", i + 1), {}});
  for (SampledColumn& c : table.columns)
    c.is_repeated = std::count_if(table.columns.begin(), table.columns.end(),
                                  [&](const SampledColumn& other) { return other.name == c.name; }) > 1;
}

bool has_same_header(const SampledTable& table, std::span<const std::string_view> cells) {
  return std::equal(cells.begin(), cells.end(), table.columns.begin(), table.columns.end(),
                    [](std::string_view cell, const SampledColumn& c) { return cell == c.name; });
}

void read_csv(std::string_view bytes, SampledTable& table) {
  codec::CsvReader reader(bytes, table.csv);
  codec::CsvRow row;
  bool at_first = true;
  while (table.rows < limits::kGuessRows && reader.next(row)) {
    if (row.kind != codec::RowKind::data) continue;
    if (at_first) {
      at_first = false;
      if (table.columns.empty()) {
        table.has_header = looks_like_header(row.cells);
        name_columns(table, row.cells);
        if (table.has_header) continue;
      } else if (table.has_header && !has_same_header(table, row.cells)) {
        return;
      } else if (table.has_header) {
        continue;
      }
    }
    if (row.cells.size() != table.columns.size()) continue;
    for (std::size_t i = 0; i < row.cells.size(); ++i) table.columns[i].values.emplace_back(row.cells[i]);
    ++table.rows;
  }
}

void read_json(std::string_view bytes, SampledTable& table) {
  boost::unordered_flat_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < table.columns.size(); ++i) places.emplace(table.columns[i].name, i);
  codec::JsonLineReader reader;
  std::size_t at = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (auto line = codec::line_at(bytes, at); line && table.rows < limits::kGuessRows;
       line = codec::line_at(bytes, at)) {
    at = line->offset + line->size;
    if (trim(line->text).empty()) continue;
    const auto members = reader.read(bytes, line->offset, line->text.size());
    if (!members) continue;
    ++table.rows;
    for (const codec::JsonMember& m : *members) {
      const auto [place, is_new] = places.emplace(std::string(m.path), table.columns.size());
      if (is_new && table.columns.size() == limits::kCsvColumns) {
        places.erase(place);
        continue;
      }
      if (is_new) table.columns.push_back({std::string(m.path), {}});
      auto& values = table.columns[place->second].values;
      values.resize(table.rows);
      if (values.back().empty()) values.back() = m.text;
    }
  }
  for (SampledColumn& c : table.columns) c.values.resize(table.rows);
}

}  // namespace

Result<SampledTable> read_table(std::span<const Sample> samples) {
  SampledTable table;
  const std::string_view first = samples.front().bytes;
  if (first.starts_with("\xFF\xFE") || first.starts_with("\xFE\xFF"))
    return fail(ErrorCode::unsupported, "the file is UTF-16; export it as UTF-8 or Windows-1252",
                std::string(samples.front().name));
  const bool has_mark = first.starts_with("\xEF\xBB\xBF");
  table.is_json = trim(first.substr(has_mark ? 3 : 0, limits::kSniffBytes)).starts_with('{');
  if (!table.is_json) {
    const bool is_utf8 =
        std::all_of(samples.begin(), samples.end(), [](const Sample& s) { return is_valid_utf8(s.bytes); });
    table.csv = best_options(first, is_utf8 ? codec::Encoding::utf8 : codec::Encoding::windows_1252);
  }
  if (table.is_json || table.csv.separator != 0)
    for (const Sample& s : samples) table.is_json ? read_json(s.bytes, table) : read_csv(s.bytes, table);
  if (!table.columns.empty()) return table;
  return fail(ErrorCode::malformed,
              "the file holds neither rows of at least two columns (separated by comma, semicolon, tab or |) nor JSON "
              "objects, one per line",
              std::string(samples.front().name));
}

}  // namespace quaywatch::ingest
