#include "ingest/reference_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/text.h"
#include "codec/csv.h"

namespace quaywatch::ingest {
namespace {

using Cells = std::span<const std::string_view>;

// Spellings of the header that lists in circulation use; compared without case.
constexpr std::string_view kLinerColumns[] = {"linerSMDGCode", "SMDG code", "SMDG liner code", "Liner code", "Code"};
constexpr std::string_view kHsColumns[] = {"hscode", "HS code", "Code"};
constexpr std::string_view kAlpha2Columns[] = {"code2", "alpha-2", "alpha-2 code", "ISO3166-1-Alpha-2"};
constexpr std::string_view kAlpha3Columns[] = {"code3", "alpha-3", "alpha-3 code", "ISO3166-1-Alpha-3"};

bool all_of(std::string_view s, bool (*is)(char)) {
  return std::all_of(s.begin(), s.end(), is);
}

// The published list holds codes with 0, which Recommendation 16 does not use in location codes.
bool is_unlocode(std::string_view s) {
  return s.size() == 5 && all_of(s.substr(0, 2), is_ascii_upper) &&
         all_of(s.substr(2), is_ascii_upper_or_digit);
}
bool is_liner_code(std::string_view s) {
  return s.size() == 3 && all_of(s, is_ascii_upper_or_digit);
}
bool is_hs_code(std::string_view s) {
  return (s.size() == 2 || s.size() == 4 || s.size() == 6) && all_of(s, is_ascii_digit);
}
bool is_alpha2(std::string_view s) {
  return s.size() == 2 && all_of(s, is_ascii_upper);
}
bool is_alpha3(std::string_view s) {
  return s.size() == 3 && all_of(s, is_ascii_upper);
}

struct CodeColumn {
  std::span<const std::string_view> names;
  bool (*is_code)(std::string_view);
  std::string_view form;  // for a person
};
constexpr CodeColumn kLiner[] = {{kLinerColumns, is_liner_code, "three capital letters or digits"}};
constexpr CodeColumn kHs[] = {{kHsColumns, is_hs_code, "2, 4 or 6 digits"}};
constexpr CodeColumn kCountry[] = {{kAlpha2Columns, is_alpha2, "two capital letters"},
                                   {kAlpha3Columns, is_alpha3, "three capital letters"}};

class ListReader {
 public:
  ListReader(const std::string& path, std::string_view bytes, ReferenceList& out)
      : path_(path), bytes_(bytes), out_(out) {}

  void read_unlocode() {
    each_row([&](Cells cells) { return unlocode_row(cells); });
  }

  void read_columns(std::span<const CodeColumn> columns) {
    std::vector<std::size_t> at;
    each_row([&](Cells cells) -> std::string {
      if (!at.empty()) return column_row(columns, at, cells);
      for (const CodeColumn& column : columns) at.push_back(find_column(column, cells));
      const auto absent = std::find(at.begin(), at.end(), cells.size());
      if (absent == at.end()) return {};
      const auto& names = columns[static_cast<std::size_t>(absent - at.begin())].names;
      return fmt::format("no column is named one of: {}", fmt::join(names, ", "));
    });
  }

  void read_liner_json() {
    const auto list = nlohmann::json::parse(bytes_, nullptr, false);
    if (!list.is_array()) return broken(1, "not a JSON array of liner codes");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto code = list[i].is_object() ? list[i].find("linerSMDGCode") : list[i].end();
      if (!list[i].is_object() || code == list[i].end() || !code->is_string())
        broken(i + 1, "the entry has no text 'linerSMDGCode'");
      else if (const auto& text = code->get_ref<const std::string&>(); !is_liner_code(text))
        broken(i + 1, fmt::format("'{}' is not {}", text.substr(0, 80), kLiner[0].form));
      else
        out_.rows.try_emplace(text);
    }
  }

 private:
  // Calls `take` with every row; what it answers, if anything, is what is wrong with the row.
  template <typename Fn>
  void each_row(Fn&& take) {
    const auto encoding = is_valid_utf8(bytes_) ? codec::Encoding::utf8 : codec::Encoding::windows_1252;
    codec::CsvReader reader(bytes_, {0, true, encoding});
    codec::CsvRow row;
    std::size_t line = 1;
    while (reader.next(row)) {
      std::string why = row.kind == codec::RowKind::broken ? row.message : std::string();
      if (row.kind == codec::RowKind::data) why = take(row.cells);
      if (!why.empty()) broken(line, std::move(why));
      const std::string_view text = bytes_.substr(row.offset, row.size);
      line += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
  }

  void broken(std::size_t line, std::string message) {
    if (++out_.broken_count <= limits::kReferenceBrokenLines) out_.broken.push_back({path_, line, std::move(message)});
  }

  // Columns of the UNECE files: change, country, location, name, name without diacritics, subdivision, function...
  std::string unlocode_row(Cells cells) {
    if (cells.size() < 7) return fmt::format("{} columns; a UN/LOCODE line has at least 7", cells.size());
    if (cells[2].empty()) {
      const bool is_country = cells[3].starts_with('.'), is_alias = cells[3].find(" = ") != std::string_view::npos;
      return is_country || is_alias ? "" : "no location code, and neither a country head (.NAME) nor an alias (A = B)";
    }
    const std::string code = fmt::format("{}{}", cells[1], cells[2]);
    if (!is_unlocode(code))
      return fmt::format("'{}' is not two capital letters and three capital letters or digits", code.substr(0, 80));
    std::string& functions = out_.rows[code];
    for (const char c : cells[6])
      if ((is_ascii_digit(c) || c == 'B') && functions.find(c) == std::string::npos) functions += c;
    std::sort(functions.begin(), functions.end());
    return {};
  }

  static std::size_t find_column(const CodeColumn& column, Cells header) {
    for (const std::string_view name : column.names)
      for (std::size_t i = 0; i < header.size(); ++i)
        if (equals_ignore_case(header[i], name)) return i;
    return header.size();
  }

  std::string column_row(std::span<const CodeColumn> columns, const std::vector<std::size_t>& at, Cells cells) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (at[i] >= cells.size()) return {};  // the header lacked it, and that was said
      const std::string_view code = cells[at[i]];
      if (code == "TOTAL") continue;  // the root of the HS tree
      if (!columns[i].is_code(code)) return fmt::format("'{}' is not {}", code.substr(0, 80), columns[i].form);
      out_.rows.try_emplace(std::string(code));
    }
    return {};
  }

  const std::string& path_;
  std::string_view bytes_;
  ReferenceList& out_;
};

}  // namespace

void read_reference_list(ReferenceId id, const std::string& path, std::string_view bytes, ReferenceList& out) {
  ListReader reader(path, bytes, out);
  switch (id) {
    case ReferenceId::unlocode:
      return reader.read_unlocode();
    case ReferenceId::smdg_liner:
      return trim(bytes).starts_with('[') ? reader.read_liner_json() : reader.read_columns(kLiner);
    case ReferenceId::hs:
      return reader.read_columns(kHs);
    case ReferenceId::iso3166:
      return reader.read_columns(kCountry);
  }
}

}  // namespace quaywatch::ingest
