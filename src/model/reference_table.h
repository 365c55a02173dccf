// A code list of the trade in reduced form: its codes, one mark each, and where they came from. The same text form is
// built in (data/reference/*.csv) and kept in a site's folder:
//
//   # table: unlocode            # title, # edition, # date (YYYY-MM-DD), # origin, # rows, # source (SHA-256 and name
//   # rows: 107441               # of an official file; once per file)
//   ADALV,346                    code, then what the table notes of it; ASCII, ascending, each code once
//
// Invariants: cells are sorted; a text whose rows are not as many as it states is malformed, so that a cut file is
// never taken for a shorter list. Immutable; thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quaywatch {

struct ReferenceTable {
  std::string_view name;     // unlocode
  std::string_view title;    // UN/LOCODE
  std::string_view edition;  // as its publisher names it
  std::string_view date;     // the day its official files were taken
  std::string_view origin;   // who publishes it, where
  std::string_view sources;  // a line per official file: SHA-256, blank, file name
  std::size_t code_bytes;    // of the longest code
  std::string_view cells;    // sorted; each the code padded with blanks to code_bytes, and its mark

  std::size_t rows() const { return cells.size() / (code_bytes + 1); }
  std::string_view code(std::size_t row) const;
  // First character of the code's note, '-' without one; '\0' when the code is not listed.
  char mark(std::string_view code) const;
};

using ReferenceRows = std::map<std::string, std::string>;  // code, note

// A table that owns its text. Views of `table` point into it: it is not copied or moved.
struct StoredReference {
  StoredReference() = default;
  StoredReference(const StoredReference&) = delete;
  StoredReference& operator=(const StoredReference&) = delete;

  std::string text, sources, cells;
  ReferenceTable table{};
};

// The text form of `rows` under the head of `head`; its cells are not looked at.
std::string write_reference(const ReferenceTable& head, const ReferenceRows& rows);

// `like` names the table that the text must be of; codes may not be longer than its own. `malformed` names the line.
Result<std::unique_ptr<const StoredReference>> read_reference(std::string text, const ReferenceTable& like);

}  // namespace quaywatch
