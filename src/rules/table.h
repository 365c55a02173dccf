// Table: what a port knows beside its feeds (which haulier drives for which line, which duties do not go together), as
// a document of its rule files: it is proposed, approved, deployed and rolled back with the rules that ask it
// (docs/reference/rules.md, "Tables and zones"). CSV with a header; `valid_from` and `valid_until` say when a row
// holds, both ends included. Values, immutable after loading; may be shared by threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/value.h"
#include "rules/problem.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

class Table {
 public:
  std::string name;
  std::string version;               // version_of the document's text
  std::vector<std::string> columns;  // but the two of validity
  std::vector<bool> is_number;       // by column

  // With a problem the result is unusable.
  static Table read(const Document& document, Problem& problem);

  // Is there a row that holds at the instant and begins with these one or two values? As texts of rules are compared:
  // without regard to case.
  bool has(Timestamp at, std::string_view first, const std::optional<std::string>& second) const;
  // What the row of the key has in a column; absent where there is none, or nothing in it. The text lives as long as
  // the table.
  Value find(Timestamp at, std::string_view key, std::size_t column) const;
  // Rows of the CSV, from 1 for the header, that have one first value at one instant: `find` would have to choose.
  std::optional<std::pair<std::size_t, std::size_t>> rival_rows() const;

 private:
  friend class TableReader;
  struct Cell {
    std::string text;
    std::int64_t number = 0;  // millionths, of a column of numbers
  };
  struct Row {
    std::string first, second;  // in lower case
    std::vector<Cell> cells;
    Timestamp from = Timestamp::min(), until = Timestamp::max();
    std::size_t number = 0;
  };
  template <typename F>
  void each_of(std::string_view first, F&& fn) const;

  std::vector<Row> rows_;  // by `first`, those of one value in the order of the file
};

}  // namespace quaywatch::rules
