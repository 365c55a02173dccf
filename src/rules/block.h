// The `quaywatch:` block of a port rule: what plain Sigma cannot say (DESIGN section 7; docs/reference/rules.md has
// every key). Fills the fields of Rule that come from it, and the params and lets of the scope that the detection is
// compiled in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/problem.h"
#include "rules/rule.h"
#include "rules/selection.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

struct Exonerates {
  std::vector<std::string> identifiers;
  int line = 0;
};

// Reads the block before the detection, because the detection may use its params and lets.
void read_block(const Node& block, Rule& rule, Scope& scope, Exonerates& exonerates, Problem& problem);

// Facilities where a param is not its default, each once.
std::vector<std::string> facilities_of(const Scope& scope);
// The scope of a rule whose block was read, with what the block's params, lets and exceptions are at one facility.
Scope scope_at(const std::string& facility, const Node& block, const Rule& rule, const Scope& scope, Problem& problem);

// Personal fields that the rule reads or shows must be named under legal.personal with a purpose. To be asked once the
// detection is compiled.
void check_legal(const Rule& rule, const Scope& scope, int line, Problem& problem);

// A name that an expression may use: a-z, 0-9 and _, no digit first.
bool is_plain_name(std::string_view name);
// A list of words; one bare word is a list of one. Nothing but scalars.
std::vector<std::string> read_words(const Node& node, std::string_view what, Problem& problem);
// Catalogue fields by name.
std::vector<FieldId> read_fields(const Node& node, std::string_view what, Problem& problem);

}  // namespace quaywatch::rules
