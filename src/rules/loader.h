// Loading of a pack: the documents of all files into one program. Detections first, then correlations, each after those
// that it joins; a correlation may join rules of any file.
#pragma once

#include <vector>

#include "rules/correlation.h"
#include "rules/document.h"
#include "rules/program.h"
#include "rules/rule.h"

namespace quaywatch::rules {

struct LoadedRules {
  std::vector<Rule> rules;
  std::vector<TermIndex> terms;           // by rule; of a correlation without meaning
  std::vector<std::vector<Identifier>> identifiers;  // by rule; of a correlation none
  std::vector<std::vector<TermIndex>> exceptions;    // by rule, as Rule::exceptions
  std::vector<Correlation> correlations;  // of port rules, each after those that it joins
  Program program;
};

// What fails becomes a refusal, in the order of files and lines.
void load_rules(const std::vector<RuleFile>& files, LoadedRules& loaded, std::vector<Refusal>& refused);

}  // namespace quaywatch::rules
