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
    case Op::value:
    case Op::in_table:
    case Op::lookup:
    case Op::in_zone:
    case Op::distance_m:
      break;
  }
  return {};
}

Value yes_or_no(bool yes) {
  Value v;
  v.kind = Kind::boolean;
  v.number = yes ? 1 : 0;
  return v;
}

// As apply() has it: an absent one decides before an unknown one, and what waits goes before what stays unknown.
const Value* open_among(std::span<const Value> values) {
  const Value* open = nullptr;
  for (const Value& v : values) {
    if (v.is_absent()) return &v;
    if (v.is_unknown() && (open == nullptr || v.cause == UnknownCause::pending)) open = &v;
  }
  return open;
}

Value ask(const LetStep& step, std::span<const Value> values, const References& references, Timestamp at) {
  if (const Value* open = open_among(values)) return *open;
  const auto position = [&](std::size_t i) { return Position{values[i].number, values[i + 1].number}; };
  switch (step.op) {
    case Op::in_table:
      return yes_or_no(references.tables[step.of].has(
          at, to_text(values[0]), values.size() > 1 ? std::optional(to_text(values[1])) : std::nullopt));
    case Op::lookup:
      return references.tables[step.of].find(at, to_text(values[0]), step.with);
    case Op::in_zone:
      return is_on_earth(position(0)) ? yes_or_no(references.zones[step.of].contains(position(0))) : Value{};
    case Op::distance_m:
      return is_on_earth(position(0)) && is_on_earth(position(2))
                 ? known(static_cast<Wide>(distance_m(position(0), position(2))) * kDecimalOne)
                 : Value{};
    default:
      return {};
  }
}

// How many values the step takes, of those that ask().
std::size_t taken_by(const LetStep& step) {
  switch (step.op) {
    case Op::in_table:
      return step.with;
    case Op::lookup:
      return 1;
    case Op::in_zone:
      return 2;
    case Op::distance_m:
      return 4;
    default:
      return 0;
  }
}

// --- parsing -------------------------------------------------------------------------------------------------------

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || is_ascii_upper(c) || c == '_';
}
bool is_name_char(char c) {
  return is_name_start(c) || is_ascii_digit(c) || c == '.';
}

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
    steps_.push_back({op, number, slot, 0, 0});
    check_length();
  }
  void emit(LetStep step) {
    steps_.push_back(step);
    check_length();
  }
  void check_length() {
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

  // What a table or zone says is compared, not reckoned with, but for a number.
  void need_number(Kind kind) {
    if (kind == Kind::text) refuse("a text cannot be reckoned with");
    if (kind == Kind::boolean) refuse("a yes or no cannot be reckoned with");
  }

  Kind combine(Op op, Kind left, Kind right) {
    need_number(left);
    need_number(right);
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
      need_number(left);
      need_number(right);
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
      const Kind kind = factor(depth + 1);
      need_number(kind);
      if (kind == Kind::time) refuse("a time has no negative");
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
    const std::string_view word = read_word();
    if (take('(')) return function(word, depth);
    const auto resolved = resolve(word);
    if (!resolved) return Kind::decimal;
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

  std::string_view read_word() {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }
  std::optional<LetName> resolve(std::string_view word) {
    const auto resolved = scope_.resolve(word);
    if (!resolved) refuse(fmt::format("'{}' is not a field, a param or an earlier let", word));
    return resolved;
  }

  struct Function {
    std::string_view name;
    Kind (LetParser::*parse)(std::string_view name, std::size_t depth);
  };
  static const std::array<Function, 7> kFunctions;

  Kind function(std::string_view word, std::size_t depth) {
    const auto known = std::find_if(kFunctions.begin(), kFunctions.end(),
                                    [&](const Function& f) { return f.name == word; });
    if (known != kFunctions.end()) {
      const Kind kind = (this->*known->parse)(word, depth + 1);
      expect(')');
      return kind;
    }
    std::vector<std::string_view> names;
    for (const Function& f : kFunctions) names.push_back(f.name);
    refuse(fmt::format("'{}' is not a function; known: {}{}", word, joined(names), nearest_hint(word, names)));
    return Kind::decimal;
  }

  Kind absolute(std::string_view, std::size_t depth) {
    const Kind kind = sum(depth);
    need_number(kind);
    if (kind == Kind::time) refuse("abs needs a number, not a time");
    emit(Op::abs);
    return kind;
  }

  Kind extreme(std::string_view word, std::size_t depth) {
    const Kind kind = sum(depth);
    need_number(kind);
    std::size_t arguments = 1;
    while (!problem_.found() && take(',')) {
      const Kind other = sum(depth);
      need_number(other);
      if (other != kind) refuse(fmt::format("{} mixes a time with a number", word));
      emit(word == "min" ? Op::min : Op::max);
      ++arguments;
    }
    if (arguments < 2) refuse(fmt::format("{} needs at least two values", word));
    return kind;
  }

  Kind in_table(std::string_view, std::size_t) {
    LetStep step{Op::in_table, 0, 0, table(), 0};
    while (!problem_.found() && take(',')) value(), ++step.with;
    if (problem_.found()) return Kind::boolean;
    const Table& asked = scope_.references.tables[step.of];
    if (step.with < 1 || step.with > 2) refuse("in_table needs a table and one or two values to be looked for in it");
    if (step.with > asked.columns.size())
      refuse(fmt::format("in_table looks for two values, and the table '{}' has one column", asked.name));
    emit(step);
    return Kind::boolean;
  }

  Kind lookup(std::string_view, std::size_t) {
    LetStep step{Op::lookup, 0, 0, table(), 0};
    expect(',');
    if (!problem_.found()) value();
    expect(',');
    if (problem_.found()) return Kind::text;
    const Table& asked = scope_.references.tables[step.of];
    const std::string_view column = read_word();
    const std::vector<std::string_view> known(asked.columns.begin(), asked.columns.end());
    const auto at = std::find(known.begin(), known.end(), column);
    if (at == known.end()) {
      refuse(fmt::format("the table '{}' has no column '{}'{}", asked.name, column, nearest_hint(column, known)));
      return Kind::text;
    }
    if (const auto rivals = asked.rival_rows())
      refuse(fmt::format("lookup needs one row, and rows {} and {} of the table '{}' hold for one '{}' at one time",
                         rivals->first, rivals->second, asked.name, asked.columns[0]));
    step.with = static_cast<std::uint32_t>(at - known.begin());
    emit(step);
    return asked.is_number[step.with] ? Kind::decimal : Kind::text;
  }

  Kind in_zone(std::string_view word, std::size_t depth) {
    const std::uint32_t of = zone();
    expect(',');
    numbers(word, 2, depth);
    emit({Op::in_zone, 0, 0, of, 0});
    return Kind::boolean;
  }

  Kind distance(std::string_view word, std::size_t depth) {
    numbers(word, 4, depth);
    emit({Op::distance_m, 0, 0, 0, 0});
    return Kind::decimal;
  }

  void numbers(std::string_view word, std::size_t n, std::size_t depth) {
    for (std::size_t i = 0; i < n && !problem_.found(); ++i) {
      if (i > 0) expect(',');
      if (!problem_.found() && sum(depth) != Kind::decimal)
        refuse(fmt::format("{} needs degrees, latitude before longitude", word));
    }
  }

  // Of those that the pack has; `refusal` of the word and its nearest.
  template <typename T, typename F>
  std::uint32_t named(const std::vector<T>& all, F&& refusal) {
    const std::string_view word = read_word();
    std::vector<std::string_view> names;
    for (const T& known : all) names.push_back(known.name);
    const auto at = std::find(names.begin(), names.end(), word);
    if (at == names.end()) refuse(refusal(word, nearest_hint(word, names)));
    return static_cast<std::uint32_t>(at - names.begin());
  }
  std::uint32_t table() {
    return named(scope_.references.tables, [](std::string_view word, const std::string& hint) {
      return fmt::format("no table of these rules has the name '{}'{}", word, hint);
    });
  }
  std::uint32_t zone() {
    return named(scope_.references.zones, [](std::string_view word, const std::string& hint) {
      return fmt::format("no zone of these rules has the name '{}'{}", word, hint);
    });
  }

  // What a table is asked of: text as well as numbers.
  void value() {
    const std::string_view word = read_word();
    const auto resolved = resolve(word);
    if (!resolved) return;
    if (resolved->is_list) refuse(fmt::format("'{}' is a list; a table is asked of single values", word));
    if (resolved->slot)
      emit(Op::value, 0, *resolved->slot);
    else
      emit(Op::number, resolved->constant);
  }

  std::string_view name_;
  std::string_view text_;
  int line_;
  const LetScope& scope_;
  Problem& problem_;
  std::vector<LetStep> steps_;
  std::size_t at_ = 0;
};

const std::array<LetParser::Function, 7> LetParser::kFunctions = {{
    {"abs", &LetParser::absolute},
    {"min", &LetParser::extreme},
    {"max", &LetParser::extreme},
    {"in_table", &LetParser::in_table},
    {"lookup", &LetParser::lookup},
    {"in_zone", &LetParser::in_zone},
    {"distance_m", &LetParser::distance},
}};

}  // namespace

Let parse_let(std::string_view name, std::string_view expression, int line, const LetScope& scope, Problem& problem) {
  return LetParser(name, expression, line, scope, problem).parse();
}

bool reads_slot(const LetStep& step) {
  return step.op == Op::slot || step.op == Op::value;
}

Value run_let(const Let& let, std::span<const Value> operands, const References& references, Timestamp at) {
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
      case Op::value:
        stack[n++] = operands[next++];
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
      case Op::in_table:
      case Op::lookup:
      case Op::in_zone:
      case Op::distance_m:
        n -= taken_by(step);
        stack[n] = ask(step, std::span(stack).subspan(n, taken_by(step)), references, at);
        ++n;
        break;
    }
  }
  Value result = stack[0];
  if (result.kind == Kind::decimal) result.kind = let.kind;
  return result;
}

}  // namespace quaywatch::rules
