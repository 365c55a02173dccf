// The `condition` of a Sigma detection (rules specification 2.1, "Condition"): and, or, not, parentheses, `1 of x*`,
// `all of x*`, `1 of them`, `all of them`, and `N of x*` for at least N. Parsed to a tree over search identifiers. The
// condition of a temporal correlation is the same over the rules that it joins.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/problem.h"

namespace quaywatch::rules {

struct Condition {
  enum class Kind : std::uint8_t { identifier, negation, all, any, at_least };
  Kind kind = Kind::all;
  std::string name;           // identifier
  std::size_t index = 0;      // identifier: its place among those given
  std::size_t threshold = 0;  // at_least
  std::vector<Condition> parts;
};

// Every identifier in the result is one of `identifiers`.
Condition parse_condition(std::string_view text, int line, std::span<const std::string> identifiers, Problem& problem);

// Would the condition be true with every identifier false, but those in `assumed` true? Then nothing has to match.
bool holds_on_nothing(const Condition& condition, std::span<const std::string> assumed);
bool uses(const Condition& condition, std::string_view identifier);
// Is the identifier used anywhere outside a `not` (or under an even number of them)? And under one?
bool uses_positively(const Condition& condition, std::string_view identifier);
bool uses_negatively(const Condition& condition, std::string_view identifier);

}  // namespace quaywatch::rules
