// Search identifiers of a Sigma detection compiled to terms: a map is an AND of its entries, a list an OR of its items,
// a bare value a keyword (rules specification 2.1, "Search-Identifier"). In a port rule every field is of the
// catalogue and its kind decides what can be asked; in other rules every field is text of any name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/condition.h"
#include "rules/problem.h"
#include "rules/program.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

// A named threshold or list of a rule (`quaywatch: params:`), used through |expand: '%name%' and in lets.
struct Param {
  std::vector<std::string> values;  // one text, or several that are or-ed
  bool is_number = false;
  std::int64_t number = 0;  // millionths
  std::map<std::string, std::vector<std::string>> at;  // by facility: what stands there instead of the default
};

struct NamedLet {
  SlotIndex slot = 0;
  Kind kind = Kind::decimal;
  std::vector<FieldId> reads;
};

// One entry of a search identifier, as a question in words, and the term that answers it.
struct AskedTerm {
  std::string question;
  TermIndex term = 0;
};

// What the names in one rule's detection mean. `reads` collects the catalogue fields read, without duplicates; `asked`
// the entries compiled, `exceptions` the terms of Rule::exceptions.
struct Scope {
  Program& program;
  bool is_port = false;
  std::map<std::string, Param, std::less<>> params;
  std::map<std::string, NamedLet, std::less<>> lets;
  std::vector<FieldId> reads;
  std::vector<AskedTerm> asked = {};
  std::vector<TermIndex> exceptions = {};
};

void note_read(std::vector<FieldId>& reads, FieldId field);

TermIndex compile_selection(const std::string& name, const Node& node, int line, Scope& scope, Problem& problem);

// `terms`: of the search identifiers, in the order in which parse_condition() was given them.
TermIndex compile_condition(const Condition& condition, const std::vector<TermIndex>& terms, Program& program);

}  // namespace quaywatch::rules
