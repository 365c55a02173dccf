// One Sigma document compiled: header, log source, detection and condition into a Rule and a term of the Program.
#pragma once

#include <string>

#include "rules/problem.h"
#include "rules/program.h"
#include "rules/rule.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

struct Compiled {
  Rule rule;
  TermIndex term = 0;
};

// With a problem the result is unusable. What a refused document left in the program is never judged.
// `is_part`: see Rule.
Compiled compile_document(const Document& document, const std::string& path, bool is_part, Program& program,
                          Problem& problem);

}  // namespace quaywatch::rules
