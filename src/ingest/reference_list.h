// Official code lists as their publishers give them, reduced to the rows of a ReferenceTable:
//
//   unlocode    UNECE code list parts, CSV without header, Latin-1 or UTF-8: change mark, country, location, names,
//               subdivision, function classifiers...
//   smdg_liner  SMDG liner code list, JSON as in github.com/smdg-org/code-lists or CSV with a header
//   hs          CSV with a header and a column hscode (2, 4 and 6 digits)
//   iso3166     CSV with a header and columns of alpha-2 and alpha-3 codes
//
// A line that cannot be read is named and left out; the caller decides whether the rest may be used. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/reference.h"

namespace quaywatch::ingest {

struct BrokenLine {
  std::string path;
  std::size_t line = 0;  // from 1; of a JSON list, the entry
  std::string message;
};

struct ReferenceList {
  ReferenceRows rows;
  std::vector<BrokenLine> broken;  // the first limits::kReferenceBrokenLines
  std::size_t broken_count = 0;
};

// Adds what `bytes` lists to `out`; a code that is listed twice keeps the union of its notes.
void read_reference_list(ReferenceId id, const std::string& path, std::string_view bytes, ReferenceList& out);

}  // namespace quaywatch::ingest
