// One Sigma correlation document compiled, once the rules that it joins are.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/correlation.h"
#include "rules/problem.h"
#include "rules/program.h"
#include "rules/rule.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

// What `correlation: rules:` names, as written; empty where it cannot be read.
std::vector<std::string> joined_words(const Document& document);
// `generate: true`: the joined rules raise alerts of their own too. It stands in the document (JSON schema 2.1) or in
// its correlation section, where public tools read it.
bool generates(const Document& document);

struct CompiledCorrelation {
  Rule rule;
  Correlation correlation;            // to be kept when rule.is_port
  std::vector<TermIndex> exceptions;  // as Rule::exceptions
};

// `resolve` says at which place of `rules` a joined rule is, or notes the problem.
using Resolve = std::function<std::size_t(const std::string& word, int line, Problem& problem)>;

CompiledCorrelation compile_correlation(const Document& document, const std::string& path, bool is_part,
                                        const std::vector<Rule>& rules, const Resolve& resolve, Program& program,
                                        Problem& problem);

}  // namespace quaywatch::rules
