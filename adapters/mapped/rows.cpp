#include "adapters/mapped/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace quaywatch::adapters::mapped {

namespace {

// Without blanks at the ends, no-break ones included; blanks and line breaks inside become one blank.
std::string clean_name(std::string_view cell) {
  std::string out;
  bool gap = false;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const bool is_no_break = cell.substr(i).starts_with("\u00A0");
    if (is_no_break || cell[i] == ' ' || cell[i] == '\t' || cell[i] == '\n' || cell[i] == '\r') {
      gap = true;
      i += is_no_break ? 1 : 0;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    out += cell[i];
  }
  return out;
}

}  // namespace

RowSource::RowSource(std::string_view bytes, const Mapping& mapping, Timestamp received_at)
    : bytes_(bytes),
      mapping_(&mapping),
      csv_(bytes, mapping.csv),
      received_at_(received_at),
      logs_(mapping, received_at) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    refusal_ = FileRefusal{"utf16", "the file is UTF-16; export it as UTF-8 or Windows-1252"};
  } else if (mapping.layout == Layout::csv) {
    resolve_header();
  }
}

void RowSource::resolve_header() {
  codec::CsvReader peek = csv_;
  codec::CsvRow row;
  do {
    if (!peek.next(row)) return;  // nothing but blank and broken lines
  } while (row.kind != codec::RowKind::data);
  if (mapping_->header.empty()) {
    header_pending_ = true;
    resolve_columns(row.cells);
    return;
  }
  const std::vector<std::string_view> header(mapping_->header.begin(), mapping_->header.end());
  if (header.size() == row.cells.size()) {
    resolve_columns(header);
  } else {
    refusal_ = FileRefusal{"column_count", fmt::format("the first row has {} fields and the mapping names {} columns",
                                                       row.cells.size(), header.size())};
  }
}

// Header cells are compared without stray blanks and line breaks.
void RowSource::resolve_columns(std::span<const std::string_view> header) {
  std::vector<std::string> names;
  names.reserve(header.size());
  for (const std::string_view cell : header) names.push_back(clean_name(cell));
  for (const std::string& column : mapping_->columns) {
    const auto place = place_of(column, names);
    if (!place) return;
    cells_.push_back(*place);
  }
}

// The cell of a column; "name#2" is the second of several with that name. Sets the refusal when there is none.
std::optional<std::size_t> RowSource::place_of(std::string_view column, std::span<const std::string> header) {
  const auto nth = [&](std::string_view name, std::size_t n) {
    std::size_t at = 0;
    while (at < header.size() && (header[at] != name || --n > 0)) ++at;
    return at;
  };
  if (const std::size_t at = nth(column, 1); at < header.size()) {
    if (nth(column, 2) == header.size()) return at;
    refusal_ = FileRefusal{"repeated_column", fmt::format("the file has several columns '{}'; write '{}#1' or '{}#2'",
                                                          column, column, column)};
    return std::nullopt;
  }
  const std::size_t mark = column.rfind('#');
  std::size_t n = 0;
  if (mark != std::string_view::npos) {
    const char* const end = column.data() + column.size();
    const auto parsed = std::from_chars(column.data() + mark + 1, end, n);
    if (parsed.ptr == end && n > 0)
      if (const std::size_t at = nth(column.substr(0, mark), n); at < header.size()) return at;
  }
  const std::vector<std::string_view> candidates(header.begin(), header.end());
  const auto near = nearest(column, candidates);
  refusal_ = FileRefusal{
      "unknown_column", near.empty()
                            ? fmt::format("the file has no column '{}'; it has {}", column, fmt::join(header, ", "))
                            : fmt::format("the file has no column '{}'; the nearest is '{}'", column, near)};
  return std::nullopt;
}

bool RowSource::next(Row& row) {
  row.values.assign(mapping_->columns.size(), {});
  row.more.clear();
  row.elements.clear();
  row.reason = {};
  row.message.clear();
  if (mapping_->layout == Layout::csv) return next_csv(row);
  return mapping_->layout == Layout::json_lines ? next_json(row) : next_log(row);
}

bool RowSource::next_csv(Row& row) {
  codec::CsvRow csv;
  if (!csv_.next(csv)) return false;
  row.offset = csv.offset;
  row.size = csv.size;
  row.reason = csv.reason;
  row.message = std::move(csv.message);
  row.state = csv.kind == codec::RowKind::blank    ? RowState::blank
              : csv.kind == codec::RowKind::title  ? RowState::title
              : csv.kind == codec::RowKind::broken ? RowState::broken
                                                   : RowState::data;
  if (row.state != RowState::data) return true;
  if (header_pending_) {
    header_pending_ = false;
    row.state = RowState::header;
    return true;
  }
  for (std::size_t i = 0; i < cells_.size(); ++i) row.values[i] = csv.cells[cells_[i]];
  return true;
}

std::optional<RowSource::Line> RowSource::next_line(Row& row) {
  const auto line = codec::line_at(bytes_, offset_);
  if (!line) return std::nullopt;
  const std::size_t mark = offset_ == 0 && line->text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  offset_ += line->size;
  row.offset = line->offset;
  row.size = line->size;
  row.state = RowState::blank;
  return Line{line->offset + mark, line->text.substr(mark)};
}

bool RowSource::next_json(Row& row) {
  const auto line = next_line(row);
  if (!line) return false;
  if (trim(line->text).empty()) return true;
  const auto members = json_.read(bytes_, line->offset, line->text.size());
  row.state = members ? RowState::data : RowState::broken;
  if (!members) {
    row.reason = members.error().reason;
    row.message = members.error().message;
    return true;
  }
  for (const codec::JsonMember& m : *members) {
    const auto it = std::find(mapping_->columns.begin(), mapping_->columns.end(), m.path);
    if (it == mapping_->columns.end() || m.text.empty()) continue;
    const auto column = static_cast<ColumnId>(it - mapping_->columns.begin());
    const auto array = std::find(mapping_->arrays.begin(), mapping_->arrays.end(), m.array);
    if (m.in_array && array != mapping_->arrays.end())
      row.elements.push_back(
          {static_cast<std::size_t>(array - mapping_->arrays.begin()), m.element, column, m.text});
    if (row.values[column].empty()) {
      row.values[column] = m.text;
    } else {
      row.more.emplace_back(column, m.text);
    }
  }
  return true;
}

Row element_row(const Mapping& mapping, const Row& row, std::size_t array, std::size_t element) {
  const std::string& path = mapping.arrays[array];
  const auto is_inside = [&](ColumnId c) {
    const std::string& name = mapping.columns[c];
    return name.starts_with(path) && (name.size() == path.size() || name[path.size()] == '.');
  };
  Row out;
  out.offset = row.offset;
  out.size = row.size;
  out.part = element + 1;
  out.values = row.values;
  for (std::size_t c = 0; c < out.values.size(); ++c)
    if (is_inside(static_cast<ColumnId>(c))) out.values[c] = {};
  for (const auto& further : row.more)
    if (!is_inside(further.first)) out.more.push_back(further);
  for (const ElementValue& v : row.elements) {
    if (v.array != array || v.element != element) continue;
    if (out.values[v.column].empty())
      out.values[v.column] = v.text;
    else
      out.more.emplace_back(v.column, v.text);
  }
  return out;
}

bool RowSource::next_log(Row& row) {
  const auto line = next_line(row);
  if (!line) return false;
  if (!trim(line->text).empty()) logs_.read(bytes_, line->offset, line->text.size(), row);
  return true;
}

RowSource RowSource::fork() const {
  RowSource other({}, *mapping_, received_at_);
  other.bytes_ = bytes_;
  other.csv_ = csv_;
  other.offset_ = offset_;
  other.header_pending_ = header_pending_;
  other.cells_ = cells_;
  other.refusal_.reset();
  return other;
}

}  // namespace quaywatch::adapters::mapped
