// The rows of a feed's files as columns of text, whatever their layout: what a mapping is guessed from. At most
// limits::kGuessRows rows are kept. Pure; views live as long as the table.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/csv.h"

namespace quaywatch::ingest {

struct Sample {
  std::string_view name;  // of the file, without folders
  std::string_view bytes;
};

struct SampledColumn {
  std::string name;                 // as in the header; a key path of JSON lines
  std::vector<std::string> values;  // one per row, empty where the row has nothing
  bool is_repeated = false;         // another column of the file has the name: a mapping cannot tell them apart
};

struct SampledTable {
  bool is_json = false;
  codec::CsvOptions csv;
  bool has_header = true;  // false: the columns are called c1, c2 and so on
  std::vector<SampledColumn> columns;
  std::size_t rows = 0;
};

// Files of one feed: the layout is that of the first, and rows of a file with other columns are left out.
// Errors: UTF-16; neither rows of at least two columns nor JSON objects.
Result<SampledTable> read_table(std::span<const Sample> samples);

}  // namespace quaywatch::ingest
