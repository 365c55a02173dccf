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
Compiled compile_document(const Document& document, const std::string& path, Program& program, Problem& problem);

// Title or id where they can be read, also of a broken document.
std::string rule_label(const Document& document);

}  // namespace quaywatch::rules
