// Named values of a rule (`quaywatch: let:`): + - * / abs min max and parentheses over numbers, fields, facts, params
// and earlier lets, and what tables, zones and distances say of them. Total: unknown stays unknown; an absent operand,
// a division by zero, a place that is not on earth and a result beyond 9.2e12 give an absent value, to which every
// comparison says no. Times subtract to seconds; a time plus or minus seconds is a time. Pure functions; no loops, at
// most limits::kLetNodes steps.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "rules/problem.h"
#include "rules/program.h"

namespace quaywatch::rules {

// What a name in an expression stands for: a slot of a kind, or a constant.
struct LetName {
  std::optional<SlotIndex> slot;
  Kind kind = Kind::decimal;  // of a slot, by the catalogue
  bool is_list = false;
  std::int64_t constant = 0;  // millionths, when there is no slot
};

struct LetScope {
  // Resolves a name or notes on the problem why it cannot.
  std::function<std::optional<LetName>(std::string_view name)> resolve;
  const References& references;
};

// The steps and kind of `expression`; `reads` is left to the caller, who knows what the slots are.
Let parse_let(std::string_view name, std::string_view expression, int line, const LetScope& scope, Problem& problem);

// `operands` are the values of the steps that reads_slot(), in their order; `at` is when the event happened. A text
// lives as long as the operands and references.
Value run_let(const Let& let, std::span<const Value> operands, const References& references, Timestamp at);
bool reads_slot(const LetStep& step);

}  // namespace quaywatch::rules
