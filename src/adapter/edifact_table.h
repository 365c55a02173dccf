// Which rows, anchors and kinds hold for one message: the adapter's table for its edition, and what the sender's
// profile adds or replaces. Used by edifact_rows.cpp alone. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "adapter/edifact_rows.h"

namespace quaywatch::adapter {

// `word` among `words`, blank between.
bool lists(std::string_view words, std::string_view word);

// Three letters in one comparison: each segment is held against each row.
std::uint32_t tag_key(std::string_view tag);

struct Candidate {
  std::uint32_t tag;
  const EdifactRow* row;
};

struct MessageTable {
  std::vector<Candidate> rows;
  std::vector<const Anchor*> anchors;
  std::vector<const EventKind*> kinds;
};

MessageTable table_for(const EdifactAdapter& adapter, const codec::Message& message, const EdifactProfile* profile);

}  // namespace quaywatch::adapter
