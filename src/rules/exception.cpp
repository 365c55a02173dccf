#include "rules/exception.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "rules/block.h"
#include "rules/condition.h"
#include "rules/header.h"

namespace quaywatch::rules {
namespace {

constexpr std::size_t kMostExceptions = 64;  // of one rule: more are a rule that should be written anew
constexpr Duration kLongest = days(366);     // then somebody has to say again that it is harmless

constexpr std::array<std::string_view, 4> kWords = {"owner", "reason", "from", "until"};

std::string text_of(const Node& map, std::string_view key, std::string_view what, Problem& problem) {
  const Node* node = map.find(key);
  if (node && node->is_scalar() && !trim(node->text).empty()) return node->text;
  problem.say(node ? node->line : map.line,
              fmt::format("{} needs '{}': who answers for it, why, and from when until when", what, key));
  return {};
}

Timestamp time_of(const Node& map, std::string_view key, std::string_view what, Problem& problem) {
  const std::string text = text_of(map, key, what, problem);
  if (problem.found()) return {};
  const auto at = parse_rfc3339(text);
  if (!at)
    problem.say(map.find(key)->line,
                fmt::format("{}.{} '{}' is no instant such as 2026-03-02T06:00:00Z", what, key, text));
  return at ? *at : Timestamp{};
}

Exception exception_of(const Node& map, std::string_view what, Problem& problem) {
  Exception e;
  e.owner = text_of(map, "owner", what, problem);
  e.reason = text_of(map, "reason", what, problem);
  e.from = time_of(map, "from", what, problem);
  e.until = time_of(map, "until", what, problem);
  if (problem.found()) return e;
  if (e.until < e.from) problem.say(map.line, fmt::format("{} ends before it begins", what));
  if (e.until - e.from > kLongest)
    problem.say(map.line, fmt::format("{} lasts longer than {}; state it anew when it has ended", what,
                                      format_timespan(kLongest)));
  return e;
}

bool is_about_lives(const Rule& rule) {
  return std::find(rule.mo.begin(), rule.mo.end(), "MO-26") != rule.mo.end();
}

// The condition of a filter over its search identifiers, as a term.
class FilterCompiler {
 public:
  FilterCompiler(const Document& document, Program& program, Problem& problem)
      : document_(document), filter_(*document.root.find("filter")), scope_{program, true, {}, {}, {}},
          problem_(problem) {}

  CompiledFilter compile() {
    if (!filter_.is_map())
      return say(filter_.line, "filter must be a map of rules, search identifiers and a condition");
    if (document_.root.find("detection"))
      return say(line_of(document_, "detection"), "one document is either a detection or a filter; write two");
    read_log_source();
    if (!problem_.found()) read_terms();
    if (problem_.found()) return {};
    const Node* block = document_.root.find("quaywatch");
    if (!block || !block->is_map())
      return say(document_.line, "a filter over port rules needs a quaywatch block with owner, reason, from and until");
    check_keys(*block, "quaywatch", kWords, problem_);
    out_.exception = exception_of(*block, "quaywatch", problem_);
    const Node* title = document_.root.find("title");
    if (!title || !title->is_scalar() || trim(title->text).empty()) return say(document_.line, "title is missing");
    out_.exception.by = title->text;
    out_.reads = std::move(scope_.reads);
    return std::move(out_);
  }

 private:
  CompiledFilter say(int line, std::string reason) {
    problem_.say(line, std::move(reason));
    return {};
  }

  void read_log_source() {
    const Node* source = document_.root.find("logsource");
    const Node* product = source && source->is_map() ? source->find("product") : nullptr;
    if (!product || product->text != "port")
      problem_.say(line_of(document_, "logsource"),
                   "only filters with logsource product: port are applied; leave it out");
  }

  void read_terms() {
    for (const Entry& e : filter_.entries) {
      if (e.key == "condition" || problem_.found()) continue;
      if (e.key == "rules") {
        out_.rules = read_words(e.value, "filter.rules", problem_);
        out_.line = e.line;
        continue;
      }
      names_.push_back(e.key);
      terms_.push_back(compile_selection(e.key, e.value, e.line, scope_, problem_));
    }
    if (problem_.found()) return;
    if (out_.rules.empty()) return problem_.say(filter_.line, "filter.rules must list the ids or names of rules");
    const Node* node = filter_.find("condition");
    if (!node || !node->is_scalar()) return problem_.say(filter_.line, "filter.condition is missing");
    const Condition condition = parse_condition(node->text, node->line, names_, problem_);
    if (problem_.found()) return;
    // The rule alerts where the condition holds too, so it has to hold on what the filter does not know.
    if (!holds_on_nothing(condition, {}))
      return problem_.say(node->line,
                          "filter.condition must hold where no search identifier matches, as 'not selection' does: the "
                          "filter takes matches away");
    for (const std::string& name : names_)
      if (!uses(condition, name))
        problem_.say(node->line, fmt::format("the condition never uses the search identifier '{}'", name));
    out_.term = scope_.program.group(Term::Kind::negation, {compile_condition(condition, terms_, scope_.program)});
  }

  const Document& document_;
  const Node& filter_;
  Scope scope_;
  Problem& problem_;
  CompiledFilter out_;
  std::vector<std::string> names_;
  std::vector<TermIndex> terms_;
};

void check_rule(const Rule& rule, int line, Problem& problem) {
  if (rule.level == Level::critical || is_about_lives(rule))
    problem.say(line,
                fmt::format("'{}' takes no exception: what may cost a life or a port is always shown", rule.title));
  if (rule.exceptions.size() >= kMostExceptions)
    problem.say(line, fmt::format("'{}' has {} exceptions already; write the innocent cause into its condition",
                                  rule.title, kMostExceptions));
}

}  // namespace

void read_suppress(const Node& list, Rule& rule, Scope& scope, Problem& problem) {
  constexpr std::array<std::string_view, 5> kKeys = {"when", "owner", "reason", "from", "until"};
  const auto asked = scope.asked.size();
  if (!list.is_list() || list.items.empty())
    return problem.say(list.line, "quaywatch.suppress must be a list of exceptions, each with when, owner, reason, "
                                  "from and until");
  if (rule.is_part)
    return problem.say(list.line, "quaywatch.suppress has no place in a rule that raises no alerts of its own; state "
                                  "it in the correlation that joins it");
  for (const Node& item : list.items) {
    if (!item.is_map()) return problem.say(item.line, "quaywatch.suppress has an item that is no map");
    check_keys(item, "quaywatch.suppress", kKeys, problem);
    check_rule(rule, item.line, problem);
    const Node* when = item.find("when");
    if (!when) return problem.say(item.line, "quaywatch.suppress needs 'when': the fields that tell the harmless case");
    if (problem.found()) return;
    scope.exceptions.push_back(compile_selection("quaywatch.suppress.when", *when, when->line, scope, problem));
    rule.exceptions.push_back(exception_of(item, "quaywatch.suppress", problem));
    if (problem.found()) return;
  }
  scope.asked.resize(asked);  // the questions of the detection are asked by its own identifiers
}

CompiledFilter compile_filter(const Document& document, Program& program, Problem& problem) {
  return FilterCompiler(document, program, problem).compile();
}

void check_filter(const CompiledFilter& filter, const Rule& rule, Problem& problem) {
  if (rule.is_part)
    return problem.say(filter.line, fmt::format("filter.rules names '{}', which raises no alerts of its own; name the "
                                                "correlation that joins it",
                                                rule.name));
  if (!rule.is_port)
    return problem.say(filter.line, fmt::format("filter.rules names '{}', which is no port rule", rule.title));
  check_rule(rule, filter.line, problem);
  for (const FieldId field : filter.reads)
    if (info(field).personal != PersonalClass::none &&
        std::find(rule.legal_reads.begin(), rule.legal_reads.end(), info(field).name) == rule.legal_reads.end())
      problem.say(filter.line, fmt::format("the filter reads the personal field '{}', which quaywatch.legal.personal "
                                           "of '{}' does not name",
                                           info(field).name, rule.title));
}

}  // namespace quaywatch::rules
