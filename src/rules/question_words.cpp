#include "rules/question_words.h"

#include <fmt/format.h>

#include <array>

namespace quaywatch::rules {
namespace {

std::string_view verb(Comparison c) {
  constexpr std::array<std::string_view, 5> kVerbs = {"is", "is above", "is at least", "is below", "is at most"};
  return kVerbs[static_cast<std::size_t>(c)];
}
std::string_view verb(TextRelation r) {
  constexpr std::array<std::string_view, 4> kVerbs = {"is", "begins with", "ends with", "contains"};
  return kVerbs[static_cast<std::size_t>(r)];
}
std::string_view name(TimePart p) {
  constexpr std::array<std::string_view, 6> kNames = {"minute", "hour", "day", "week", "month", "year"};
  return kNames[static_cast<std::size_t>(p)];
}

std::string verb_of(const Question& q) {
  if (q.is_regex) return q.negated ? "does not match" : "matches";
  if (q.is_network) return q.negated ? "is not in the network" : "is in the network";
  std::string out(q.comparison ? verb(*q.comparison) : q.relation ? verb(*q.relation) : "is");
  if (q.negated) out = out == "is" ? "is not" : "not: " + out;
  return out;
}

// `%name%` with what the param stands for.
std::string text_of(const Question& q, const std::string& text, const Scope& scope) {
  if (!q.expand || text.size() < 3 || text.front() != '%' || text.back() != '%') return text;
  const std::string_view inner = std::string_view(text).substr(1, text.size() - 2);
  const auto param = scope.params.find(inner);
  if (param == scope.params.end()) return text;
  std::string out;
  for (const std::string& value : param->second.values) out += (out.empty() ? "" : " or ") + value;
  return fmt::format("{} ({})", out, inner);
}

std::string values_of(const Question& q, const Node& value, const Scope& scope) {
  if (!value.is_list()) return text_of(q, value.text, scope);
  std::string out;
  for (const Node& item : value.items)
    out += (out.empty() ? "" : q.all ? " and " : " or ") + text_of(q, item.text, scope);
  return out;
}

}  // namespace

std::string words_of(const Question& q, const Node& value, const Scope& scope) {
  const std::string subject = q.time_part ? fmt::format("{} of {}", name(*q.time_part), q.field) : q.field;
  if (value.is_null()) return fmt::format("{} is {}", subject, q.negated ? "there" : "absent");
  if (q.exists) return fmt::format("{} is {}", subject, value.text == "true" ? "there" : "absent");
  return fmt::format("{} {} {}{}", subject, verb_of(q), q.fieldref ? "that of " : "", values_of(q, value, scope));
}

}  // namespace quaywatch::rules
