#include "rules/condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/text.h"
#include "rules/pattern.h"

namespace quaywatch::rules {
namespace {

std::vector<std::string_view> tokenize(std::string_view text) {
  std::vector<std::string_view> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    std::size_t end = at + 1;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      at = end;
      continue;
    }
    if (c != '(' && c != ')' && c != '|') end = std::min(text.find_first_of(" \t\r\n()|", at), text.size());
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

class Parser {
  using Kind = Condition::Kind;

 public:
  Parser(std::string_view text, int line, std::span<const std::string> identifiers, Problem& problem)
      : tokens_(tokenize(text)), line_(line), identifiers_(identifiers), problem_(problem) {}

  Condition parse() {
    if (tokens_.empty()) refuse("is empty");
    Condition condition = disjunction(0);
    if (!problem_.found() && at_ < tokens_.size()) refuse_token();
    return condition;
  }

 private:
  void refuse(std::string_view why) { problem_.say(line_, fmt::format("the condition {}", why)); }
  void refuse_token() {
    if (tokens_[at_] == "|") {
      return refuse("uses an aggregation ('|'); Sigma 2 replaced it by correlation rules");
    }
    refuse(fmt::format("has '{}' where 'and', 'or' or the end is expected", tokens_[at_]));
  }
  bool next_is(std::string_view word) const { return at_ < tokens_.size() && equals_ignore_case(tokens_[at_], word); }
  bool take(std::string_view word) {
    if (!next_is(word)) return false;
    ++at_;
    return true;
  }

  Condition disjunction(std::size_t depth) { return chain(depth, Kind::any, "or", &Parser::conjunction); }
  Condition conjunction(std::size_t depth) { return chain(depth, Kind::all, "and", &Parser::negation); }

  Condition chain(std::size_t depth, Kind kind, std::string_view word, Condition (Parser::*part)(std::size_t)) {
    Condition first = (this->*part)(depth);
    if (problem_.found() || !next_is(word)) return first;
    Condition group{kind, {}, 0, 0, {}};
    group.parts.push_back(std::move(first));
    while (!problem_.found() && take(word)) group.parts.push_back((this->*part)(depth));
    return group;
  }

  Condition negation(std::size_t depth) {
    if (depth > limits::kRuleDepth) refuse(fmt::format("is nested deeper than {} levels", limits::kRuleDepth));
    if (problem_.found()) return {};
    if (!take("not")) return primary(depth);
    Condition group{Kind::negation, {}, 0, 0, {}};
    group.parts.push_back(negation(depth + 1));
    return group;
  }

  Condition primary(std::size_t depth) {
    if (at_ >= tokens_.size()) {
      refuse("ends where a search identifier is expected");
      return {};
    }
    if (take("(")) {
      Condition inner = disjunction(depth + 1);
      if (!problem_.found() && !take(")")) refuse("has a '(' without its ')'");
      return inner;
    }
    const std::string_view word = tokens_[at_++];
    if (next_is("of")) return quantified(word);
    const auto at = std::find(identifiers_.begin(), identifiers_.end(), word);
    if (at == identifiers_.end()) refuse_identifier(word);
    return {Kind::identifier, std::string(word), static_cast<std::size_t>(at - identifiers_.begin()), 0, {}};
  }

  void refuse_identifier(std::string_view word) {
    const std::vector<std::string_view> names(identifiers_.begin(), identifiers_.end());
    const std::string_view what = word.find('*') == std::string_view::npos
                                      ? "which nothing defines"
                                      : "a pattern without '1 of' or 'all of' before it";
    refuse(fmt::format("names '{}', {}{}", word, what, nearest_hint(word, names)));
  }

  // WORD `of` TARGET
  Condition quantified(std::string_view word) {
    ++at_;
    std::size_t threshold = 0;
    const bool all = equals_ignore_case(word, "all");
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), threshold);
    const bool is_number = error == std::errc() && end == word.data() + word.size() && threshold > 0;
    if (equals_ignore_case(word, "any"))
      threshold = 1;
    else if (!all && !is_number)
      refuse(fmt::format("has '{} of'; use '1 of', 'all of' or a number from 1", word));
    if (at_ >= tokens_.size())
      refuse(fmt::format("ends after '{} of'; 'them' or a pattern such as selection* is expected", word));
    if (problem_.found()) return {};
    const std::string_view target = tokens_[at_++];
    Condition group{Kind::at_least, {}, 0, threshold, {}};
    for (std::size_t i = 0; i < identifiers_.size(); ++i)
      if (is_meant(target, identifiers_[i])) group.parts.push_back({Kind::identifier, identifiers_[i], i, 0, {}});
    if (group.parts.empty()) refuse(fmt::format("has '{} of {}', which fits no search identifier", word, target));
    if (all) group.threshold = group.parts.size();
    if (group.threshold > group.parts.size())
      refuse(fmt::format("has '{} of {}', but only {} search identifiers fit", word, target, group.parts.size()));
    if (group.threshold == group.parts.size())
      group.kind = Kind::all;
    else if (group.threshold == 1)
      group.kind = Kind::any;
    return group;
  }

  // Identifiers that begin with an underscore are outside `them` by convention.
  static bool is_meant(std::string_view target, const std::string& name) {
    if (equals_ignore_case(target, "them")) return !name.starts_with('_');
    Pattern pattern = Pattern::parse(target);
    pattern.fold(true);
    return pattern.matches(name);
  }

  std::vector<std::string_view> tokens_;
  int line_;
  std::span<const std::string> identifiers_;
  Problem& problem_;
  std::size_t at_ = 0;
};

bool uses_with(const Condition& c, std::string_view identifier, bool positive) {
  if (c.kind == Condition::Kind::identifier) return positive && c.name == identifier;
  const bool inside = c.kind == Condition::Kind::negation ? !positive : positive;
  return std::any_of(c.parts.begin(), c.parts.end(),
                     [&](const Condition& part) { return uses_with(part, identifier, inside); });
}

}  // namespace

Condition parse_condition(std::string_view text, int line, std::span<const std::string> identifiers, Problem& problem) {
  return Parser(text, line, identifiers, problem).parse();
}

bool holds_on_nothing(const Condition& c, std::span<const std::string> assumed) {
  const auto holds = [&](const Condition& part) { return holds_on_nothing(part, assumed); };
  const auto holding = static_cast<std::size_t>(std::count_if(c.parts.begin(), c.parts.end(), holds));
  switch (c.kind) {
    case Condition::Kind::identifier:
      return std::find(assumed.begin(), assumed.end(), c.name) != assumed.end();
    case Condition::Kind::negation:
      return holding == 0;
    case Condition::Kind::all:
      return holding == c.parts.size();
    case Condition::Kind::any:
      return holding > 0;
    case Condition::Kind::at_least:
      return holding >= c.threshold;
  }
  return false;
}

bool uses(const Condition& c, std::string_view identifier) {
  return uses_positively(c, identifier) || uses_negatively(c, identifier);
}

bool uses_positively(const Condition& c, std::string_view identifier) {
  return uses_with(c, identifier, true);
}

bool uses_negatively(const Condition& c, std::string_view identifier) {
  return uses_with(c, identifier, false);
}

}  // namespace quaywatch::rules
