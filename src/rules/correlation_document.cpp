#include "rules/correlation_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/text.h"
#include "rules/header.h"

namespace quaywatch::rules {
namespace {

using Type = CorrelationType;

constexpr std::array<std::string_view, 7> kTypes = {"event_count", "value_count", "value_sum",       "value_avg",
                                                    "temporal",    "temporal_ordered", "value_percentile"};
constexpr std::array<std::string_view, 6> kOperators = {"gt", "gte", "lt", "lte", "eq", "neq"};
constexpr std::array<std::string_view, 7> kSectionKeys = {"type",     "rules",     "group-by", "timespan",
                                                   "aliases", "condition", "generate"};

bool is_true(const Node* node) {
  return node != nullptr && equals_ignore_case(node->text, "true");
}

bool is_over_values(Type type) {
  return type == Type::value_count || type == Type::value_sum || type == Type::value_avg;
}
bool is_temporal(Type type) {
  return type == Type::temporal || type == Type::temporal_ordered;
}

bool holds(const Criterion& c, std::int64_t number) {
  switch (c.comparison) {
    case Operator::gt:
      return number > c.millionths;
    case Operator::gte:
      return number >= c.millionths;
    case Operator::lt:
      return number < c.millionths;
    case Operator::lte:
      return number <= c.millionths;
    case Operator::eq:
      return number == c.millionths;
    case Operator::neq:
      return number != c.millionths;
  }
  return false;
}

// Identifiers under `not`, and the others.
void split_by_sign(const Condition& c, bool is_negated, RuleSet& wanted, RuleSet& searched) {
  if (c.kind == Condition::Kind::identifier) (is_negated ? searched : wanted) |= RuleSet{1} << c.index;
  for (const Condition& part : c.parts)
    split_by_sign(part, is_negated != (c.kind == Condition::Kind::negation), wanted, searched);
}

bool is_conjunction(const Condition& c) {
  if (c.kind == Condition::Kind::identifier) return true;
  if (c.kind == Condition::Kind::negation) return c.parts.front().kind == Condition::Kind::identifier;
  return c.kind == Condition::Kind::all && std::all_of(c.parts.begin(), c.parts.end(), is_conjunction);
}

class CorrelationCompiler {
 public:
  CorrelationCompiler(const Document& document, const std::vector<Rule>& rules, const Resolve& resolve,
                      Program& program, Problem& problem)
      : document_(document),
        root_(document.root),
        section_(*document.root.find("correlation")),
        rules_(rules),
        resolve_(resolve),
        problem_(problem),
        scope_{program, false, {}, {}, {}} {}

  CompiledCorrelation compile(const std::string& path, bool is_part) {
    rule_.path = path;
    rule_.is_correlation = true;
    if (root_.find("detection"))
      refuse(line_of(document_, "detection"), "one document is either a detection or a correlation; write two");
    if (!section_.is_map()) refuse(line_of(document_, "correlation"), "correlation must be a map of keys");
    if (!problem_.found()) read_header(document_, is_part, rule_, problem_);
    step(&CorrelationCompiler::check_keys);
    step(&CorrelationCompiler::read_type);
    step(&CorrelationCompiler::read_rules);
    step(&CorrelationCompiler::read_block_and_source);
    step(&CorrelationCompiler::read_timespan);
    step(&CorrelationCompiler::read_aliases);
    step(&CorrelationCompiler::read_group_by);
    step(&CorrelationCompiler::read_condition);
    step(&CorrelationCompiler::read_exonerates);
    if (rule_.is_port) step(&CorrelationCompiler::finish);
    return {std::move(rule_), std::move(out_), std::move(scope_.exceptions)};
  }

 private:
  struct Alias {
    std::string name;
    std::vector<std::string> fields;  // by joined rule
    int line = 0;
    bool is_used = false;
  };

  void step(void (CorrelationCompiler::*part)()) {
    if (!problem_.found()) (this->*part)();
  }
  void refuse(int line, std::string reason) { problem_.say(line, std::move(reason)); }
  int line(std::string_view key) const {
    const Node* node = section_.find(key);
    return node ? node->line : section_.line;
  }
  const Rule& joined(std::size_t i) const { return rules_[out_.joins[i]]; }

  void check_keys() {
    for (const Entry& e : section_.entries)
      if (std::find(kSectionKeys.begin(), kSectionKeys.end(), e.key) == kSectionKeys.end())
        return refuse(e.line,
                      fmt::format("correlation has the unknown key '{}'{}", e.key, nearest_hint(e.key, kSectionKeys)));
    for (const Node* node : {section_.find("generate"), root_.find("generate")})
      if (node && !is_true(node) && !equals_ignore_case(node->text, "false"))
        refuse(node->line, "generate must be true or false");
  }

  void read_type() {
    const Node* node = section_.find("type");
    const std::string_view word = node ? std::string_view(node->text) : std::string_view();
    const auto at = std::find(kTypes.begin(), kTypes.end(), word);
    if (at == kTypes.end())
      return refuse(line("type"), fmt::format("correlation type '{}' is none of {}{}", word, rules::joined(kTypes),
                                              nearest_hint(word, kTypes)));
    if (word == "value_percentile")
      return refuse(node->line,
                    "value_percentile is not compiled: the specification describes two things by it, a rank among "
                    "numbers and the share of one value, and has no key for the rank; use value_avg or value_count");
    out_.type = static_cast<Type>(at - kTypes.begin());
  }

  void read_rules() {
    words_ = joined_words(document_);
    if (words_.empty()) return refuse(line("rules"), "correlation.rules must list the ids or names of rules");
    if (words_.size() > limits::kCorrelationRules)
      return refuse(line("rules"), fmt::format("correlation.rules names {} rules; at most {} can be joined",
                                               words_.size(), limits::kCorrelationRules));
    for (const std::string& word : words_) {
      const std::size_t at = resolve_(word, line("rules"), problem_);
      if (problem_.found()) return;
      if (std::find(out_.joins.begin(), out_.joins.end(), at) != out_.joins.end())
        return refuse(line("rules"), fmt::format("correlation.rules names the rule '{}' twice", word));
      out_.joins.push_back(at);
    }
    rule_.is_port = scope_.is_port = joined(0).is_port;
    for (std::size_t i = 1; i < words_.size(); ++i)
      if (joined(i).is_port != rule_.is_port)
        return refuse(line("rules"), fmt::format("'{}' and '{}' cannot be joined: one is about port events, the other "
                                                 "about records of an IT log",
                                                 words_[0], words_[i]));
    if (is_temporal(out_.type) && words_.size() < 2)
      refuse(line("rules"), fmt::format("{} needs at least two rules", kTypes[static_cast<std::size_t>(out_.type)]));
  }

  void read_block_and_source() {
    const Node* block = root_.find("quaywatch");
    if (!rule_.is_port) {
      if (block) refuse(block->line, "a quaywatch block needs rules with logsource product: port");
      return;
    }
    read_port_parts(document_, rule_, scope_, exonerates_, problem_);
    if (problem_.found() || !block) return;
    // What it joins may lie at several facilities.
    if (!facilities_of(scope_).empty())
      refuse(block->line, "quaywatch.params of a correlation take no value per facility; give it to a rule that the "
                          "correlation joins");
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kElsewhere = {{
        {"group_by", "the group of a correlation is correlation.group-by"},
        {"timespan", "an episode of a correlation ends after correlation.timespan"},
        {"let", "a named value belongs to a detection; define it in the rule that is joined"},
    }};
    for (const auto& [key, reason] : kElsewhere)
      if (const Node* node = block->find(key))
        refuse(node->line, fmt::format("quaywatch.{} has no place in a correlation: {}", key, reason));
  }

  void read_timespan() {
    const Node* node = section_.find("timespan");
    if (!node) return refuse(section_.line, "correlation.timespan is missing");
    const auto span = parse_timespan(node->text);
    if (!node->is_scalar() || !span || span->us <= 0)
      return refuse(node->line,
                    fmt::format("correlation.timespan '{}' is no span such as 30s, 15m, 24h or 7d", node->text));
    if (*span > limits::kSubjectHistorySpan)
      return refuse(node->line, fmt::format("correlation.timespan {} is longer than the history that is kept, {}",
                                            node->text, format_timespan(limits::kSubjectHistorySpan)));
    rule_.timespan = out_.timespan = *span;
  }

  // A field of a port event; 0 and a problem when there is none.
  FieldId field(std::string_view what, const std::string& word, int line) {
    const auto found = find_field(word);
    if (!found)
      refuse(line, fmt::format("{} names '{}', which is not in the catalogue{}", what, word,
                               nearest_hint(nearest_field(word))));
    return found.value_or(FieldId{});
  }

  void read_aliases() {
    const Node* aliases = section_.find("aliases");
    if (!aliases) return;
    if (!aliases->is_map()) return refuse(aliases->line, "correlation.aliases must be a map of names");
    for (const Entry& e : aliases->entries) {
      if (!e.value.is_map())
        return refuse(e.line, fmt::format("alias '{}' must be a map of rules to fields", e.key));
      if (rule_.is_port && find_field(e.key))
        return refuse(e.line, fmt::format("alias '{}' has the name of a field; give it one of its own", e.key));
      Alias alias{e.key, std::vector<std::string>(words_.size()), e.line, false};
      for (const Entry& part : e.value.entries) {
        const std::vector<std::string_view> known(words_.begin(), words_.end());
        const auto at = std::find_if(words_.begin(), words_.end(), [&](const std::string& word) {
          const Rule& r = joined(static_cast<std::size_t>(&word - words_.data()));
          return part.key == word || part.key == r.name || to_lower(part.key) == r.id;
        });
        if (at == words_.end())
          return refuse(part.line, fmt::format("alias '{}' is about '{}', which correlation.rules does not name{}",
                                               e.key, part.key, nearest_hint(part.key, known)));
        if (!part.value.is_scalar())
          return refuse(part.line, fmt::format("alias '{}' must name one field of '{}'", e.key, part.key));
        alias.fields[static_cast<std::size_t>(at - words_.begin())] = part.value.text;
      }
      aliases_.push_back(std::move(alias));
    }
  }

  void read_group_by() {
    const Node* node = section_.find("group-by");
    if (!node) return refuse(section_.line, "correlation.group-by is missing: the fields whose values make a group");
    const auto names = read_words(*node, "correlation.group-by", problem_);
    out_.group_by.resize(words_.size());
    for (const std::string& name : names) {
      const auto alias = std::find_if(aliases_.begin(), aliases_.end(), [&](const Alias& a) { return a.name == name; });
      if (alias != aliases_.end()) alias->is_used = true;
      for (std::size_t i = 0; i < words_.size() && !problem_.found(); ++i) {
        if (alias != aliases_.end() && alias->fields[i].empty())
          return refuse(alias->line, fmt::format("alias '{}' names no field of the rule '{}'", name, words_[i]));
        if (!rule_.is_port) continue;
        const bool is_alias = alias != aliases_.end();
        const FieldId f = field(is_alias ? fmt::format("alias '{}'", name) : "correlation.group-by",
                                is_alias ? alias->fields[i] : name, is_alias ? alias->line : node->line);
        out_.group_by[i].push_back(f);
        note_read(scope_.reads, f);
      }
    }
    for (const Alias& a : aliases_)
      if (!a.is_used) refuse(a.line, fmt::format("correlation.group-by never uses the alias '{}'", a.name));
    rule_.group_by = out_.group_by.front();
  }

  void read_condition() {
    const Node* node = section_.find("condition");
    if (node && node->is_map()) return read_criteria(*node);
    if (node && is_temporal(out_.type)) return read_rule_condition(*node);
    if (node) return refuse(node->line, "correlation.condition must be a map such as 'gte: 10'");
    if (!is_temporal(out_.type))
      return refuse(section_.line, fmt::format("{} needs a condition such as 'gte: 10'",
                                               kTypes[static_cast<std::size_t>(out_.type)]));
    if (out_.type == Type::temporal)
      out_.criteria.push_back({Operator::gte, static_cast<std::int64_t>(words_.size()) * kDecimalOne});
  }

  void read_criteria(const Node& node) {
    for (const Entry& e : node.entries) {
      const auto at = std::find(kOperators.begin(), kOperators.end(), e.key);
      if (at == kOperators.end() && e.key != "field") {
        constexpr std::array<std::string_view, 7> kNames = {"gt", "gte", "lt", "lte", "eq", "neq", "field"};
        return refuse(e.line, fmt::format("correlation.condition has the unknown key '{}'; allowed are {}", e.key,
                                          rules::joined(kNames)));
      }
      if (at != kOperators.end()) {
        const auto comparison = static_cast<Operator>(at - kOperators.begin());
        out_.criteria.push_back({comparison, number(e)});
        out_.at_close |= comparison != Operator::gt && comparison != Operator::gte;
      }
    }
    if (out_.criteria.empty()) refuse(node.line, "correlation.condition compares with no number");
    const Node* values = node.find("field");
    if (is_over_values(out_.type) != (values != nullptr))
      return refuse(node.line, fmt::format("correlation.condition {} a field for {}", values ? "has" : "needs",
                                           kTypes[static_cast<std::size_t>(out_.type)]));
    if (values) read_values(*values);
    if (!problem_.found()) check_can_hold(node.line);
  }

  // A number, or a param of the block.
  std::int64_t number(const Entry& e) {
    std::int64_t n = 0;
    const std::string_view text = e.value.text;
    if (e.value.is_scalar() && parse_decimal(text, n)) return n;
    if (text.size() > 2 && text.front() == '%' && text.back() == '%') {
      const auto param = scope_.params.find(text.substr(1, text.size() - 2));
      if (param != scope_.params.end() && param->second.is_number) return param->second.number;
      std::vector<std::string_view> known;
      for (const auto& [name, p] : scope_.params) known.push_back(name);
      refuse(e.line, fmt::format("correlation.condition uses {}, which is no param with a number{}", text,
                                 nearest_hint(text.substr(1, text.size() - 2), known)));
    }
    refuse(e.line, fmt::format("correlation.condition compares with '{}', which is no number", text));
    return n;
  }

  void read_values(const Node& node) {
    const auto names = read_words(node, "correlation.condition.field", problem_);
    const bool is_numeric = out_.type != Type::value_count;
    if (is_numeric && names.size() != 1)
      return refuse(node.line, fmt::format("{} works on one field", kTypes[static_cast<std::size_t>(out_.type)]));
    for (const std::string& name : names) {
      if (!rule_.is_port || problem_.found()) return;
      const FieldId f = field("correlation.condition.field", name, node.line);
      if (problem_.found()) return;
      if (is_numeric && info(f).kind != Kind::integer && info(f).kind != Kind::decimal)
        return refuse(node.line, fmt::format("{} works on numbers, and '{}' is none",
                                             kTypes[static_cast<std::size_t>(out_.type)], name));
      out_.values.push_back(f);
      note_read(scope_.reads, f);
    }
  }

  // A window has at least the event that opens or ends it, and at most what is kept of a group.
  void check_can_hold(int line) {
    if (out_.type == Type::value_sum || out_.type == Type::value_avg) return;
    const auto most = static_cast<std::int64_t>(is_temporal(out_.type) ? words_.size() : limits::kGroupHits);
    if (out_.type == Type::temporal_ordered &&
        (out_.criteria.size() != 1 || !holds(out_.criteria[0], most * kDecimalOne) ||
         holds(out_.criteria[0], (most - 1) * kDecimalOne)))
      return refuse(line, fmt::format("temporal_ordered takes all of its rules; leave the condition out or write "
                                      "'gte: {}'",
                                      most));
    if (out_.type == Type::temporal_ordered) return out_.criteria.clear(), void(out_.at_close = false);
    for (std::int64_t n = 1; n <= most; ++n)
      if (std::all_of(out_.criteria.begin(), out_.criteria.end(),
                      [&](const Criterion& c) { return holds(c, n * kDecimalOne); }))
        return;
    refuse(line, fmt::format("correlation.condition can never hold: a window has from 1 to {}", most));
  }

  void read_rule_condition(const Node& node) {
    if (!node.is_scalar()) return refuse(node.line, "correlation.condition must be a map or a text");
    const Condition condition = parse_condition(node.text, node.line, words_, problem_);
    if (problem_.found()) return;
    if (holds_on_nothing(condition, {}))
      return refuse(node.line, "the condition is true when no rule matches; at least one positive term is mandatory");
    RuleSet wanted = 0;
    split_by_sign(condition, false, wanted, out_.searched);
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const RuleSet bit = RuleSet{1} << i;
      if (!((wanted | out_.searched) & bit))
        return refuse(node.line, fmt::format("the condition never uses the rule '{}'", words_[i]));
      if (wanted & out_.searched & bit)
        return refuse(node.line, fmt::format("the condition uses '{}' both with and without 'not'", words_[i]));
    }
    out_.condition = condition;
    if (out_.type == Type::temporal_ordered) check_ordered(condition, wanted, node.line);
  }

  // An order over alternatives has no meaning, and with several events before the search there would be several
  // intervals to choose from: what must be there in order first is a correlation of its own.
  void check_ordered(const Condition& condition, RuleSet wanted, int line) {
    if (!is_conjunction(condition))
      return refuse(line, "temporal_ordered joins its rules by 'and' and 'and not' only");
    if (out_.searched == 0) return out_.condition.reset();
    if ((wanted & (wanted - 1)) != 0)
      refuse(line,
             "temporal_ordered with 'not' has one rule without 'not'; join the others in a correlation of their own "
             "and name that here");
  }

  void read_exonerates() {
    for (const std::string& word : exonerates_.identifiers) {
      const auto at = std::find(words_.begin(), words_.end(), word);
      const std::vector<std::string_view> known(words_.begin(), words_.end());
      if (at == words_.end())
        return refuse(exonerates_.line,
                      fmt::format("quaywatch.exonerates names '{}', which correlation.rules does not{}", word,
                                  nearest_hint(word, known)));
      const RuleSet bit = RuleSet{1} << (at - words_.begin());
      if (!(out_.searched & bit))
        return refuse(exonerates_.line, fmt::format("quaywatch.exonerates names '{}', which the condition does not use "
                                                    "with 'not'",
                                                    word));
      out_.exonerating |= bit;
    }
  }

  void finish() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const bool is_searched = out_.searched & (RuleSet{1} << i);
      // Empty means every type, and no feed answers for all.
      if ((is_searched || out_.at_close) && joined(i).types.empty())
        return refuse(line("rules"),
                      fmt::format("'{}' can match events of any type, so that no feed could ever answer for its "
                                  "absence; name the event type in it",
                                  words_[i]));
      for (const FieldId f : joined(i).reads) note_read(scope_.reads, f);
      for (const EventType t : joined(i).types)
        if (std::find(rule_.types.begin(), rule_.types.end(), t) == rule_.types.end()) rule_.types.push_back(t);
    }
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (joined(i).types.empty()) rule_.types.clear();
    std::sort(rule_.types.begin(), rule_.types.end());
    rule_.reads = scope_.reads;
    if (!rule_.is_part) check_legal(rule_, scope_, line_of(document_, "quaywatch"), problem_);
  }

  const Document& document_;
  const Node& root_;
  const Node& section_;
  const std::vector<Rule>& rules_;
  const Resolve& resolve_;
  Problem& problem_;
  Scope scope_;
  Rule rule_;
  Correlation out_;
  Exonerates exonerates_;
  std::vector<std::string> words_;  // the joined rules as written
  std::vector<Alias> aliases_;
};

}  // namespace

std::vector<std::string> joined_words(const Document& document) {
  const Node* section = document.root.find("correlation");
  const Node* rules = section ? section->find("rules") : nullptr;
  Problem unreadable;
  return rules ? read_words(*rules, "correlation.rules", unreadable) : std::vector<std::string>{};
}

bool generates(const Document& document) {
  const Node* section = document.root.find("correlation");
  return is_true(document.root.find("generate")) || (section && is_true(section->find("generate")));
}

CompiledCorrelation compile_correlation(const Document& document, const std::string& path, bool is_part,
                                        const std::vector<Rule>& rules, const Resolve& resolve, Program& program,
                                        Problem& problem) {
  return CorrelationCompiler(document, rules, resolve, program, problem).compile(path, is_part);
}

}  // namespace quaywatch::rules
