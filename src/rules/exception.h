// Exceptions: matches that somebody who answers for it declared harmless, for a stated time. A rule states its own
// under `quaywatch: suppress:`, an operator in a filter document (Sigma filters specification 2.1) of its own, without
// touching the rule. Neither changes a verdict: what an exception covers is counted and listed, but not shown.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/problem.h"
#include "rules/rule.h"
#include "rules/selection.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

// `quaywatch.suppress` of a rule. Fills Rule::exceptions and the scope's terms of them. After params and lets.
void read_suppress(const Node& list, Rule& rule, Scope& scope, Problem& problem);

// A filter document compiled.
struct CompiledFilter {
  Exception exception;
  TermIndex term = 0;                  // yes: covered
  std::vector<FieldId> reads;          // without duplicates
  std::vector<std::string> rules;      // ids or names, as written
  int line = 0;                        // of filter.rules
};

CompiledFilter compile_filter(const Document& document, Program& program, Problem& problem);
// May the filter be laid over the rule? Safety and law of the rule go first.
void check_filter(const CompiledFilter& filter, const Rule& rule, Problem& problem);

}  // namespace quaywatch::rules
