// Rows of a mapped file, whatever its layout: for each column that the mapping reads, the text of this row.
// Not thread-safe. Values live until the next call of next().
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/mapped/log_rows.h"
#include "adapters/mapped/mapped.h"
#include "codec/csv.h"
#include "codec/json_lines.h"

namespace quaywatch::adapters::mapped {

enum class RowState : std::uint8_t { title, header, data, blank, broken };

// A value inside an array of Mapping::arrays.
struct ElementValue {
  std::size_t array = 0, element = 0;  // index into Mapping::arrays; which element of it, from 0
  ColumnId column = 0;
  std::string_view text;
};

struct Row {
  RowState state = RowState::data;
  std::size_t offset = 0;
  std::size_t size = 0;
  std::string_view reason;  // of a broken row, or of a payload that cannot be read; static storage
  std::string message;
  std::vector<std::string_view> values;                     // by ColumnId; empty where the row has nothing
  std::vector<std::pair<ColumnId, std::string_view>> more;  // further elements of a JSON array
  std::vector<ElementValue> elements;                       // in file order
  std::size_t part = 0;  // 0: the row itself; n: its values are those of the n-th element of an array
};

// The row as seen from one element: columns inside the array have the values of that element only.
Row element_row(const Mapping& mapping, const Row& row, std::size_t array, std::size_t element);

// Why the whole file cannot be read with this mapping.
struct FileRefusal {
  std::string_view reason;
  std::string message;
};

class RowSource {
 public:
  // `received_at` dates the times of log lines that state no year.
  RowSource(std::string_view bytes, const Mapping& mapping, Timestamp received_at);
  const std::optional<FileRefusal>& refusal() const { return refusal_; }
  bool next(Row& row);
  RowSource fork() const;  // reads the rows that follow the present one, without moving this source

 private:
  void resolve_header();
  void resolve_columns(std::span<const std::string_view> header);
  std::optional<std::size_t> place_of(std::string_view column, std::span<const std::string> header);
  bool next_csv(Row& row);
  struct Line {  // without a byte-order mark
    std::size_t offset;
    std::string_view text;
  };
  std::optional<Line> next_line(Row& row);  // its place in `row`, which is blank so far
  bool next_json(Row& row);
  bool next_log(Row& row);

  std::string_view bytes_;
  const Mapping* mapping_;
  codec::CsvReader csv_;
  codec::JsonLineReader json_;
  Timestamp received_at_;
  LogRows logs_;
  std::size_t offset_ = 0;  // of the next JSON or log line
  bool header_pending_ = false;
  std::vector<std::size_t> cells_;  // cell of each column
  std::optional<FileRefusal> refusal_;
};

}  // namespace quaywatch::adapters::mapped
