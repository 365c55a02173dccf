// What each column of a table is for, told from its values first and its header second: a container number is one by
// its check digit whatever the header says, a plate or a name only by a header. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/sampled_table.h"
#include "ingest/time_column.h"

namespace quaywatch::ingest {

struct ColumnUse {
  std::string field;  // catalogue name; empty: none
  std::string role;   // @time and its kin (header_words.h); empty: none
  std::string why;    // evidence, or why the column is left out
  bool is_whole = false;
};
std::vector<ColumnUse> column_uses(const SampledTable& table);

// One time of a row: a column, or a date and an hour.
struct TimeUse {
  std::vector<std::size_t> columns;
  TimeShape shape;
  std::string role;   // of the header; a field of kind time; empty
  std::string type;   // event type that the header names; empty
  bool is_utc = false;
};
std::vector<TimeUse> time_uses(const SampledTable& table, const std::vector<ColumnUse>& uses);

// Values with their number of rows; at most `most` different ones, else empty.
std::map<std::string, std::size_t> distinct_values(const SampledColumn& column, std::size_t most);

}  // namespace quaywatch::ingest
