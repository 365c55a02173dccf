#include "rules/let.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::rules {
namespace {

using Op = LetStep::Op;

__extension__ typedef __int128 Wide;

// --- evaluation ----------------------------------------------------------------------------------------------------

Value known(Wide number) {
  constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
  Value v;
  if (number > kMost || number < -kMost) return v;
  v.kind = Kind::decimal;
  v.number = static_cast<std::int64_t>(number);
  return v;
}

// Times and decimals share their representation here; the let knows which one comes out.
Value operand(const Value& v) {
  switch (v.kind) {
    case Kind::integer:
      return known(static_cast<Wide>(v.number) * kDecimalOne);
    case Kind::decimal:
    case Kind::time:
      return known(v.number);
    case Kind::unknown:
      return v;
    case Kind::absent:
    case Kind::text:
    case Kind::boolean:
      return {};
  }
  return {};
}

// An absent operand decides before an unknown one: the result is absent whatever the unknown value is.
Value apply(Op op, const Value& a, const Value& b) {
  if (a.is_absent() || b.is_absent()) return {};
  if (a.is_unknown() && (a.cause == UnknownCause::pending || !b.is_unknown())) return a;
  if (b.is_unknown()) return b;
  const Wide x = a.number, y = b.number;
  switch (op) {
    case Op::add:
      return known(x + y);
    case Op::subtract:
      return known(x - y);
    case Op::multiply:
      return known(x * y / kDecimalOne);
    case Op::divide:
      return y == 0 ? Value{} : known(x * kDecimalOne / y);
    case Op::min:
      return known(std::min(x, y));
    case Op::max:
      return known(std::max(x, y));
    case Op::negate:
      return known(-x);
    case Op::abs:
      return known(x < 0 ? -x : x);
    case Op::number:
    case Op::slot:
      break;
  }
  return {};
}

// --- parsing -------------------------------------------------------------------------------------------------------

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || is_ascii_upper(c) || c == '_';
}
bool is_name_char(char c) {
  return is_name_start(c) || is_ascii_digit(c) || c == '.';
}

constexpr std::array<std::string_view, 4> kNeedTables = {"in_table", "lookup", "distance_m", "in_zone"};
constexpr std::array<std::string_view, 3> kFunctions = {"abs", "min", "max"};

class LetParser {
 public:
  LetParser(std::string_view name, std::string_view text, int line, const LetScope& scope, Problem& problem)
      : name_(name), text_(text), line_(line), scope_(scope), problem_(problem) {}

  Let parse() {
    const Kind kind = sum(0);
    skip_blanks();
    if (!problem_.found() && at_ < text_.size())
      refuse(fmt::format("'{}' is not expected at column {}", text_[at_], at_ + 1));
    if (steps_.size() > limits::kLetNodes)
      refuse(fmt::format("it has {} numbers, names and operators; at most {} are allowed", steps_.size(),
                         limits::kLetNodes));
    return {std::move(steps_), {}, kind};
  }

 private:
  void refuse(std::string_view why) { problem_.say(line_, fmt::format("let '{}': {}", name_, why)); }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse(fmt::format("'{}' is missing at column {}", c, at_ + 1));
  }
  void emit(Op op, std::int64_t number = 0, SlotIndex slot = 0) {
    steps_.push_back({op, number, slot});
    if (steps_.size() > 16 * limits::kLetNodes)
      refuse(fmt::format("it is far longer than {} nodes", limits::kLetNodes));
  }

  Kind sum(std::size_t depth) {
    Kind left = product(depth);
    while (!problem_.found()) {
      const Op op = take('+') ? Op::add : take('-') ? Op::subtract : Op::number;
      if (op == Op::number) break;
      const Kind right = product(depth);
      emit(op);
      left = combine(op, left, right);
    }
    return left;
  }

  Kind combine(Op op, Kind left, Kind right) {
    const bool times = left == Kind::time && right == Kind::time;
    if (op == Op::subtract && times) return Kind::decimal;
    if (op == Op::add && times) refuse("two times cannot be added; subtract them to get seconds");
    if (right == Kind::time && op == Op::subtract) refuse("a time cannot be taken from a number");
    return left == Kind::time || right == Kind::time ? Kind::time : Kind::decimal;
  }

  Kind product(std::size_t depth) {
    const Kind left = factor(depth);
    while (!problem_.found()) {
      const Op op = take('*') ? Op::multiply : take('/') ? Op::divide : Op::number;
      if (op == Op::number) break;
      const Kind right = factor(depth);
      emit(op);
      if (left == Kind::time || right == Kind::time)
        refuse("a time cannot be multiplied or divided; subtract two times first");
    }
    return left;
  }

  Kind factor(std::size_t depth) {
    if (depth > limits::kRuleDepth) refuse(fmt::format("it is nested deeper than {} levels", limits::kRuleDepth));
    skip_blanks();
    if (problem_.found()) return Kind::decimal;
    if (at_ >= text_.size()) {
      refuse("a number or name is missing at the end");
      return Kind::decimal;
    }
    if (take('(')) {
      const Kind kind = sum(depth + 1);
      expect(')');
      return kind;
    }
    if (take('-')) {
      if (factor(depth + 1) == Kind::time) refuse("a time has no negative");
      emit(Op::negate);
      return Kind::decimal;
    }
    if (is_ascii_digit(text_[at_])) return number();
    if (is_name_start(text_[at_])) return name(depth);
    refuse(fmt::format("'{}' is not expected at column {}", text_[at_], at_ + 1));
    return Kind::decimal;
  }

  Kind number() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_ascii_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    std::int64_t value = 0;
    const std::string_view digits = text_.substr(start, at_ - start);
    if (!parse_decimal(digits, value)) refuse(fmt::format("'{}' is not a number", digits));
    emit(Op::number, value);
    return Kind::decimal;
  }

  Kind name(std::size_t depth) {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    if (take('(')) return function(word, depth);
    const auto resolved = scope_(word);
    if (!resolved) {
      refuse(fmt::format("'{}' is not a field, a param or an earlier let", word));
      return Kind::decimal;
    }
    if (!resolved->slot) {
      emit(Op::number, resolved->constant);
      return Kind::decimal;
    }
    if (resolved->is_list) refuse(fmt::format("'{}' is a list; sums need single values", word));
    if (resolved->kind == Kind::text || resolved->kind == Kind::boolean)
      refuse(fmt::format("'{}' is {}; sums need numbers or times", word,
                         resolved->kind == Kind::text ? "text" : "true or false"));
    emit(Op::slot, 0, *resolved->slot);
    return resolved->kind == Kind::time ? Kind::time : Kind::decimal;
  }

  Kind function(std::string_view word, std::size_t depth) {
    if (std::find(kNeedTables.begin(), kNeedTables.end(), word) != kNeedTables.end())
      refuse(fmt::format("'{}' needs tables or zones, which this version does not load", word));
    if (std::find(kFunctions.begin(), kFunctions.end(), word) == kFunctions.end())
      refuse(
          fmt::format("'{}' is not a function; known: {}{}", word, joined(kFunctions), nearest_hint(word, kFunctions)));
    Kind kind = sum(depth + 1);
    if (word == "abs") {
      if (kind == Kind::time) refuse("abs needs a number, not a time");
      expect(')');
      emit(Op::abs);
      return kind;
    }
    std::size_t arguments = 1;
    while (!problem_.found() && take(',')) {
      if (sum(depth + 1) != kind) refuse(fmt::format("{} mixes a time with a number", word));
      emit(word == "min" ? Op::min : Op::max);
      ++arguments;
    }
    if (arguments < 2) refuse(fmt::format("{} needs at least two values", word));
    expect(')');
    return kind;
  }

  std::string_view name_;
  std::string_view text_;
  int line_;
  const LetScope& scope_;
  Problem& problem_;
  std::vector<LetStep> steps_;
  std::size_t at_ = 0;
};

}  // namespace

Let parse_let(std::string_view name, std::string_view expression, int line, const LetScope& scope, Problem& problem) {
  return LetParser(name, expression, line, scope, problem).parse();
}

Value run_let(const Let& let, std::span<const Value> operands) {
  std::array<Value, limits::kLetNodes> stack;
  std::size_t n = 0, next = 0;
  for (const LetStep& step : let.steps) {
    switch (step.op) {
      case Op::number:
        stack[n++] = known(step.number);
        break;
      case Op::slot:
        stack[n++] = operand(operands[next++]);
        break;
      case Op::negate:
      case Op::abs:
        stack[n - 1] = apply(step.op, stack[n - 1], stack[n - 1]);
        break;
      case Op::add:
      case Op::subtract:
      case Op::multiply:
      case Op::divide:
      case Op::min:
      case Op::max:
        --n;
        stack[n - 1] = apply(step.op, stack[n - 1], stack[n]);
        break;
    }
  }
  Value result = stack[0];
  if (result.kind == Kind::decimal) result.kind = let.kind;
  return result;
}

}  // namespace quaywatch::rules
