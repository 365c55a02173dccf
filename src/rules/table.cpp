#include "rules/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <tuple>

#include "base/text.h"
#include "codec/csv.h"
#include "rules/block.h"
#include "rules/header.h"
#include "rules/reference.h"

namespace quaywatch::rules {
namespace {

constexpr std::array<std::string_view, 3> kTableKeys = {"name", "numbers", "csv"};
constexpr std::string_view kFrom = "valid_from", kUntil = "valid_until";

// "2026-03-02" is the whole day (UTC).
std::optional<Timestamp> validity(std::string_view text, bool is_end) {
  if (const auto at = parse_rfc3339(text)) return *at;
  const auto day = parse_rfc3339(std::string(text) + "T00:00:00Z");
  if (!day) return std::nullopt;
  return is_end ? *day + days(1) - Duration{1} : *day;
}

}  // namespace

class TableReader {
 public:
  TableReader(const Document& document, Problem& problem) : document_(document), problem_(problem) {}

  Table read() {
    const Node& map = *document_.root.find("table");
    read_named(document_, "table", kTableKeys, table_.name, problem_);
    const Node* csv = problem_.found() ? nullptr : map.find("csv");
    if (!problem_.found() && (csv == nullptr || !csv->is_scalar()))
      problem_.say(map.line, "table.csv is missing: a text (csv: |) whose first line names the columns");
    if (problem_.found()) return {};
    table_.version = version_of(document_.text);
    line_ = csv->line;
    if (const Node* numbers = map.find("numbers")) numbers_ = read_words(*numbers, "table.numbers", problem_);
    read_rows(csv->text);
    std::stable_sort(table_.rows_.begin(), table_.rows_.end(),
                     [](const Table::Row& a, const Table::Row& b) { return a.first < b.first; });
    return std::move(table_);
  }

 private:
  void refuse(std::string why) { problem_.say(line_, fmt::format("table '{}': {}", table_.name, why)); }

  void read_rows(std::string_view text) {
    codec::CsvReader reader(text, {});
    codec::CsvRow row;
    while (!problem_.found() && reader.next(row)) {
      ++number_;
      if (row.kind == codec::RowKind::blank) continue;
      if (row.kind == codec::RowKind::title || (row.kind == codec::RowKind::broken && names_.empty()))
        return refuse("its first line must name the columns, and every row have as many cells");
      if (row.kind == codec::RowKind::broken) return refuse(fmt::format("row {}: {}", number_, row.message));
      if (names_.empty())
        read_header(row.cells);
      else
        add_row(row.cells);
    }
    if (names_.empty()) refuse("it is empty; its first line must name the columns");
  }

  void read_header(std::span<const std::string_view> cells) {
    for (const std::string_view cell : cells) {
      if (cell.empty() || std::find(names_.begin(), names_.end(), cell) != names_.end())
        return refuse(fmt::format("its columns need names of their own; '{}' is none", cell));
      names_.emplace_back(cell);
      if (cell == kFrom || cell == kUntil) continue;
      table_.columns.emplace_back(cell);
      table_.is_number.push_back(std::find(numbers_.begin(), numbers_.end(), cell) != numbers_.end());
    }
    const std::vector<std::string_view> known(table_.columns.begin(), table_.columns.end());
    if (known.empty()) refuse("it has no column to ask for");
    for (const std::string& name : numbers_)
      if (std::find(known.begin(), known.end(), name) == known.end())
        refuse(fmt::format("table.numbers names '{}', which is no column{}", name, nearest_hint(name, known)));
  }

  void add_row(std::span<const std::string_view> cells) {
    Table::Row row;
    row.number = number_;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (names_[i] == kFrom)
        read_validity(cells[i], false, row.from);
      else if (names_[i] == kUntil)
        read_validity(cells[i], true, row.until);
      else
        row.cells.push_back(cell(cells[i], row.cells.size()));
    }
    if (row.until < row.from) refuse(fmt::format("row {} ends before it begins", number_));
    row.first = to_lower(row.cells[0].text);
    if (row.first.empty())
      refuse(fmt::format("row {} has nothing in '{}', by which it is found", number_, table_.columns[0]));
    if (row.cells.size() > 1) row.second = to_lower(row.cells[1].text);
    table_.rows_.push_back(std::move(row));
  }

  void read_validity(std::string_view text, bool is_end, Timestamp& out) {
    if (text.empty()) return;
    const auto at = validity(text, is_end);
    if (!at)
      return refuse(fmt::format("row {}: '{}' is neither a day (2026-03-02) nor an instant (2026-03-02T06:00:00Z)",
                                number_, text));
    out = *at;
  }

  Table::Cell cell(std::string_view text, std::size_t column) {
    Table::Cell out{std::string(text), 0};
    if (table_.is_number[column] && !text.empty() && !parse_decimal(text, out.number))
      refuse(fmt::format("row {}: '{}' is not a number, as '{}' has by table.numbers", number_, text,
                         table_.columns[column]));
    return out;
  }

  const Document& document_;
  Problem& problem_;
  Table table_;
  std::vector<std::string> numbers_, names_;
  std::size_t number_ = 0;
  int line_ = 0;
};

Table Table::read(const Document& document, Problem& problem) {
  return TableReader(document, problem).read();
}

template <typename F>
void Table::each_of(std::string_view first, F&& fn) const {
  const std::string key = to_lower(first);
  auto at = std::lower_bound(rows_.begin(), rows_.end(), key, [](const Row& r, const auto& k) { return r.first < k; });
  for (; at != rows_.end() && at->first == key; ++at) fn(*at);
}

bool Table::has(Timestamp at, std::string_view first, const std::optional<std::string>& second) const {
  const std::optional<std::string> wanted = second ? std::optional(to_lower(*second)) : std::nullopt;
  bool found = false;
  each_of(first, [&](const Row& r) { found |= r.from <= at && at <= r.until && (!wanted || r.second == *wanted); });
  return found;
}

Value Table::find(Timestamp at, std::string_view key, std::size_t column) const {
  Value out;
  each_of(key, [&](const Row& r) {
    if (at < r.from || r.until < at || r.cells[column].text.empty()) return;
    out.kind = is_number[column] ? Kind::decimal : Kind::text;
    out.text = is_number[column] ? std::string_view() : std::string_view(r.cells[column].text);
    out.number = r.cells[column].number;
  });
  return out;
}

std::optional<std::pair<std::size_t, std::size_t>> Table::rival_rows() const {
  std::vector<const Row*> rows;
  for (const Row& r : rows_) rows.push_back(&r);
  std::stable_sort(rows.begin(), rows.end(), [](const Row* a, const Row* b) {
    return std::tie(a->first, a->from) < std::tie(b->first, b->from);
  });
  const auto at = std::adjacent_find(
      rows.begin(), rows.end(), [](const Row* a, const Row* b) { return a->first == b->first && b->from <= a->until; });
  if (at == rows.end()) return std::nullopt;
  return std::minmax((*at)->number, (*std::next(at))->number);
}

}  // namespace quaywatch::rules
