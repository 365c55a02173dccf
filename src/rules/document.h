// One Sigma document compiled: header, log source, detection and condition into a Rule and a term of the Program.
#pragma once

#include <optional>
#include <string>

#include "rules/problem.h"
#include "rules/program.h"
#include "rules/rule.h"
#include "rules/selection.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

// A search identifier and its entries, kept for Pack::derive. One for each facility where its params are not the
// default, and one for all others.
struct Identifier {
  std::string name;
  Part part{};
  bool is_wanted = true;
  TermIndex term = 0;
  std::vector<AskedTerm> asked;
  std::optional<TermIndex> where = {};  // true at its facility; none: it is the same everywhere
};

struct Compiled {
  Rule rule;
  TermIndex term = 0;
  std::vector<Identifier> identifiers;  // of a port rule
  std::vector<TermIndex> exceptions;    // as Rule::exceptions
};

// With a problem the result is unusable. What a refused document left in the program is never judged.
// `is_part`: see Rule.
Compiled compile_document(const Document& document, const std::string& path, bool is_part, Program& program,
                          Problem& problem);

}  // namespace quaywatch::rules
