// What a field name of a rule stands for, and the tests that one value of a detection entry asks of it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rules/question.h"
#include "rules/selection.h"

namespace quaywatch::rules {

struct Operand {
  SlotIndex slot = 0;
  std::optional<Kind> kind;    // of the catalogue or the let; none: text of a log, of which nothing is known
  bool is_event_type = false;  // values must be types that exist
  bool is_keyword = false;     // plain text is searched for, not compared
};

// A catalogue field, `let.name`, or any name in a rule of another log source. Notes the fields read in the scope.
std::optional<Operand> resolve_operand(std::string_view name, int line, Scope& scope, Problem& problem);

// Alternatives; empty only with a problem.
std::vector<Test> tests_of(const Question& q, const Operand& subject, const Node& value, Scope& scope,
                           Problem& problem);

}  // namespace quaywatch::rules
