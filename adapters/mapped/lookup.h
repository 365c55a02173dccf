// Reference tables of a mapping: CSV files beside it that say, by a key and at an instant, what a row does not: the
// haulier of a plate, whether a plate is on a list of stolen ones, the shift of a person.
//
// Of the rows with a key that are valid at the instant, the last of the file counts; where the table has an `id`, only
// the last row of each id is there at all, so that a correction takes the place of what it corrects. The status is
// judged on the row that counts: a later row "cancelled" hides an earlier one. Rows that cannot be read are left out
// and counted. Bounded by limits::kLookupTableBytes and kLookupTableRows. Immutable once read, thread-safe.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/mapped/time_format.h"
#include "base/result.h"
#include "codec/csv.h"

namespace quaywatch::adapters::mapped {

enum class Form : std::uint8_t { as_is, squeeze, upper, lower };
std::string apply_form(Form form, std::string_view value);

struct TableStatus {  // the column equals one of `any_of` (when there are any) and none of `none_of`
  std::string column;
  std::vector<std::string> any_of, none_of;
};

struct LookupTable {
  // As the mapping states it.
  std::string name, file, key, id, valid_from, valid_until;
  Form form = Form::squeeze;  // of keys, on both sides
  TimeFormat format;          // of valid_from and valid_until; a bare date is that whole day, the last one included
  std::string zone;
  codec::CsvOptions csv;
  std::vector<TableStatus> status;  // all must hold

  // As the file has it.
  struct Row {
    std::vector<std::string> cells;
    std::optional<Timestamp> from, until;  // until: no longer
    bool has_status = true;
  };
  std::vector<std::string> header;
  std::vector<Row> rows;
  boost::unordered_flat_map<std::string, std::vector<std::uint32_t>> by_key;  // places in `rows`, in file order
  std::size_t bad_rows = 0;
  std::string first_bad;  // why, with its line
};

// Fills the table from its file. Error: a column that the mapping names is missing, a limit.
Result<void> read_table(LookupTable& table, std::string_view bytes);

enum class LookUp : std::uint8_t { found, absent, not_valid, other_status };
struct Answer {
  LookUp state = LookUp::absent;
  std::string_view value;  // of `column`, when found
};
Answer look_up(const LookupTable& table, std::string_view key, std::size_t column, Timestamp at);

}  // namespace quaywatch::adapters::mapped
