#include "rules/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "rules/operand.h"
#include "rules/question.h"
#include "rules/question_words.h"

namespace quaywatch::rules {
namespace {

class Compiler {
 public:
  Compiler(const std::string& name, Scope& scope, Problem& problem) : name_(name), scope_(scope), problem_(problem) {}

  TermIndex selection(const Node& node, int line) {
    if (node.is_map()) return map(node, line);
    if (node.is_list()) return list(node, line);
    if (node.is_null()) return refuse(line, "is empty; give it a map of fields, a list of maps or a list of keywords");
    return entry({{}, line, node});
  }

 private:
  TermIndex refuse(int line, std::string_view why) {
    problem_.say(line, fmt::format("search identifier '{}' {}", name_, why));
    return 0;
  }

  TermIndex map(const Node& node, int line) {
    if (node.entries.empty()) return refuse(line, "is an empty map, which would match everything");
    std::vector<TermIndex> terms;
    for (const Entry& e : node.entries) {
      terms.push_back(entry(e));
      if (problem_.found()) return 0;
    }
    return scope_.program.group(Term::Kind::all, terms);
  }

  TermIndex list(const Node& node, int line) {
    if (node.items.empty()) return refuse(line, "is an empty list, which can match nothing");
    std::vector<TermIndex> terms;
    for (const Node& item : node.items) {
      if (item.is_list()) return refuse(item.line, "has a list inside a list");
      if (item.is_null()) return refuse(item.line, "has an empty item");
      terms.push_back(item.is_map() ? map(item, item.line) : entry({{}, item.line, item}));
      if (problem_.found()) return 0;
    }
    return scope_.program.group(Term::Kind::any, terms);
  }

  // `field|modifiers: value or list of values`; an empty key means keywords.
  TermIndex entry(const Entry& e) {
    const Question q = parse_question(e.key, e.line, problem_);
    if (problem_.found()) return 0;
    const TermIndex term = entry(q, e);
    if (scope_.is_port && !problem_.found()) scope_.asked.push_back({words_of(q, e.value, scope_), term});
    return term;
  }

  TermIndex entry(const Question& q, const Entry& e) {
    const auto subject = resolve_field(q, e.key);
    if (!subject) return 0;
    if (e.value.is_map())
      return refuse(e.line, fmt::format("gives '{}' a map; give it a value or a list of values", e.key));
    if (!e.value.is_list()) return single(q, *subject, e);
    if (e.value.items.empty())
      return refuse(e.line, fmt::format("gives '{}' an empty list, which can match nothing", e.key));
    std::vector<TermIndex> terms;
    for (const Node& item : e.value.items) {
      if (!item.is_scalar()) {
        return refuse(item.line,
                      item.is_null()
                          ? fmt::format("has null in the list of '{}'; null is a type of its own: write a second "
                                        "search identifier and join both with 'or'",
                                        e.key)
                          : fmt::format("has a list or map among the values of '{}'", e.key));
      }
      append(q, *subject, item, terms);
      if (problem_.found()) return 0;
    }
    return join(q, terms);
  }

  TermIndex single(const Question& q, const Operand& subject, const Entry& e) {
    if (q.all) return refuse(e.line, fmt::format("uses 'all' on the single value of '{}'; it is for lists", e.key));
    std::vector<TermIndex> terms;
    append(q, subject, e.value, terms);
    return problem_.found() ? 0 : join(q, terms);
  }

  // One value may become several tests (base64offset, expand to a list); they are alternatives of that value.
  void append(const Question& q, const Operand& subject, const Node& value, std::vector<TermIndex>& terms) {
    std::vector<TermIndex> alternatives;
    for (Test& test : tests_of(q, subject, value, scope_, problem_)) {
      if (problem_.found()) return;
      alternatives.push_back(scope_.program.predicate_term({subject.slot, q.negated, std::move(test)}));
    }
    if (problem_.found()) return;
    terms.push_back(scope_.program.group(q.negated ? Term::Kind::all : Term::Kind::any, alternatives));
  }

  TermIndex join(const Question& q, const std::vector<TermIndex>& terms) {
    return scope_.program.group(q.all || q.negated ? Term::Kind::all : Term::Kind::any, terms);
  }

  std::optional<Operand> resolve_field(const Question& q, std::string_view key) {
    if (!q.field.empty()) return resolve_operand(q.field, q.line, scope_, problem_);
    if (scope_.is_port) {
      refuse(q.line, "has keywords; a port rule names the fields that it reads");
      return std::nullopt;
    }
    if (q.exists || q.fieldref || q.comparison || q.time_part || q.negated) {
      refuse(q.line, fmt::format("has '{}' without a field", key));
      return std::nullopt;
    }
    return Operand{scope_.program.any_text_slot(), std::nullopt, false, true};
  }

  const std::string& name_;
  Scope& scope_;
  Problem& problem_;
};

}  // namespace

void note_read(std::vector<FieldId>& reads, FieldId field) {
  if (std::find(reads.begin(), reads.end(), field) == reads.end()) reads.push_back(field);
}

TermIndex compile_selection(const std::string& name, const Node& node, int line, Scope& scope, Problem& problem) {
  return Compiler(name, scope, problem).selection(node, line);
}

TermIndex compile_condition(const Condition& c, const std::vector<TermIndex>& terms, Program& program) {
  std::vector<TermIndex> parts;
  for (const Condition& part : c.parts) parts.push_back(compile_condition(part, terms, program));
  switch (c.kind) {
    case Condition::Kind::identifier:
      return terms[c.index];
    case Condition::Kind::negation:
      return program.group(Term::Kind::negation, parts);
    case Condition::Kind::all:
      return program.group(Term::Kind::all, parts);
    case Condition::Kind::any:
      return program.group(Term::Kind::any, parts);
    case Condition::Kind::at_least:
      return program.group(Term::Kind::at_least, parts, static_cast<std::uint32_t>(c.threshold));
  }
  return 0;
}

}  // namespace quaywatch::rules
