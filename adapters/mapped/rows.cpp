#include "adapters/mapped/rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace quaywatch::adapters::mapped {

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

void RowSource::resolve_columns(std::span<const std::string_view> header) {
  for (const std::string& column : mapping_->columns) {
    const auto it = std::find(header.begin(), header.end(), column);
    if (it == header.end()) {
      const auto near = nearest(column, header);
      refusal_ = FileRefusal{
          "unknown_column", near.empty()
                                ? fmt::format("the file has no column '{}'; it has {}", column, fmt::join(header, ", "))
                                : fmt::format("the file has no column '{}'; the nearest is '{}'", column, near)};
      return;
    }
    if (std::find(it + 1, header.end(), column) != header.end()) {
      refusal_ = FileRefusal{"repeated_column", fmt::format("the file has two columns '{}'", column)};
      return;
    }
    cells_.push_back(static_cast<std::size_t>(it - header.begin()));
  }
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
  row.state = csv.kind == codec::RowKind::blank     ? RowState::blank
              : csv.kind == codec::RowKind::broken  ? RowState::broken
              : csv.kind == codec::RowKind::skipped ? RowState::title
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

bool RowSource::next_json(Row& row) {
  const auto line = codec::line_at(bytes_, offset_);
  if (!line) return false;
  const std::size_t mark = offset_ == 0 && line->text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  offset_ += line->size;
  row.offset = line->offset;
  row.size = line->size;
  row.state = RowState::blank;
  if (trim(line->text.substr(mark)).empty()) return true;
  const auto members = json_.read(bytes_, line->offset + mark, line->text.size() - mark);
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
  const auto line = codec::line_at(bytes_, offset_);
  if (!line) return false;
  const std::size_t mark = offset_ == 0 && line->text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  offset_ += line->size;
  row.offset = line->offset;
  row.size = line->size;
  row.state = RowState::blank;
  if (!trim(line->text.substr(mark)).empty()) logs_.read(bytes_, line->offset + mark, line->text.size() - mark, row);
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
