// Which event types the rows of a table are: by a column of few words (IN, OUT; GRANTED, DENIED; RELEASE_VIEW), else
// by the fields that were recognised and the words of the feed's name. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/column_use.h"

namespace quaywatch::ingest {

struct CodeColumn {
  std::size_t column = 0;
  std::map<std::string, std::vector<std::string>> values_of_type;
  std::map<std::string, std::size_t> without_type;  // values that no type is known for, with their rows
};

// The column whose words say the event type of most rows.
std::optional<CodeColumn> code_column(const SampledTable& table, const std::vector<ColumnUse>& uses,
                                      const std::set<std::string>& fields);

struct TypeGuess {
  std::string type;
  bool by_name = false;  // a word of the feed's name agrees
};
std::optional<TypeGuess> type_by_fields(std::string_view feed, const std::set<std::string>& fields);

// What it is when the system refused it: pickup.announced becomes pickup.denied. Empty: nothing happened.
std::string_view refused_type(std::string_view type);

// Where a field means something else, or something more, in events of one type: `from` and `to` of a release are
// parties. Pairs of what the column was recognised as and what it becomes.
struct Refinement {
  std::string_view type_prefix, recognised, becomes;
  bool is_added = false;  // the recognised field stays too
};
std::vector<Refinement> refinements(std::string_view type);

}  // namespace quaywatch::ingest
