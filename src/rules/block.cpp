#include "rules/block.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "rules/exception.h"
#include "rules/header.h"
#include "rules/let.h"
#include "rules/pattern.h"

namespace quaywatch::rules {
namespace {

constexpr std::array<std::string_view, 5> kDirections = {"inbound", "outbound", "transhipment", "transit", "passenger"};

// "I2" or "MO-5": a prefix and a number from 1 to `last`.
bool is_numbered(std::string_view text, std::string_view prefix, int last) {
  if (!text.starts_with(prefix) || text.size() == prefix.size() || text.size() > prefix.size() + 2) return false;
  int n = 0;
  for (const char c : text.substr(prefix.size())) {
    if (!is_ascii_digit(c)) return false;
    n = n * 10 + (c - '0');
  }
  return n >= 1 && n <= last && text[prefix.size()] != '0';
}

class BlockReader {
 public:
  BlockReader(Rule& rule, Scope& scope, Exonerates& exonerates, Problem& problem)
      : rule_(rule), scope_(scope), exonerates_(exonerates), problem_(problem) {}

  void read(const Node& block) {
    if (!block.is_map()) return problem_.say(block.line, "quaywatch must be a map of keys");
    for (const Entry& e : block.entries) {
      const auto it = std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& k) { return k.name == e.key; });
      if (it == kKeys.end()) return unknown_key(e, "quaywatch", names());
      (this->*it->read)(e);
      if (problem_.found()) return;
    }
    read_what_uses_params(block);
  }

  // Whatever the order of the keys.
  void read_what_uses_params(const Node& block) {
    if (const Node* lets = block.find("let")) read_lets(*lets);
    if (const Node* list = block.find("suppress"); list && !problem_.found())
      read_suppress(*list, rule_, scope_, problem_);
  }

 private:
  struct Key {
    std::string_view name;
    void (BlockReader::*read)(const Entry&);
  };

  static std::vector<std::string_view> names() {
    std::vector<std::string_view> out;
    for (const Key& k : kKeys) out.push_back(k.name);
    return out;
  }
  void unknown_key(const Entry& e, std::string_view where, std::span<const std::string_view> known) {
    problem_.say(e.line, fmt::format("{} has the unknown key '{}'{}", where, e.key, nearest_hint(e.key, known)));
  }
  void refuse(int line, std::string reason) { problem_.say(line, std::move(reason)); }

  std::string text(const Entry& e, std::string_view what) {
    if (!e.value.is_scalar() || trim(e.value.text).empty()) refuse(e.line, fmt::format("{} must be a text", what));
    return e.value.text;
  }

  void invariant(const Entry& e) {
    if (e.value.is_scalar() && e.value.text.empty()) return;  // a detector of DOMAIN 3.2 belongs to none
    rule_.invariant = text(e, "quaywatch.invariant");
    constexpr int kInvariants = 14;  // DOMAIN 3.1
    if (!is_numbered(rule_.invariant, "I", kInvariants))
      refuse(e.line, fmt::format("quaywatch.invariant '{}' is none of I1 to I{}", rule_.invariant, kInvariants));
  }
  void mo(const Entry& e) {
    rule_.mo = read_words(e.value, "quaywatch.mo", problem_);
    constexpr int kModiOperandi = 99;
    for (const std::string& word : rule_.mo)
      if (!is_numbered(word, "MO-", kModiOperandi))
        refuse(e.line, fmt::format("quaywatch.mo '{}' is not of the form MO-5", word));
  }
  void direction(const Entry& e) {
    rule_.direction = read_words(e.value, "quaywatch.direction", problem_);
    for (const std::string& word : rule_.direction)
      if (std::find(kDirections.begin(), kDirections.end(), word) == kDirections.end())
        refuse(e.line, fmt::format("quaywatch.direction '{}' is none of {}{}", word, joined(kDirections),
                                   nearest_hint(word, kDirections)));
  }
  void requires_types(const Entry& e) {
    for (const std::string& word : read_words(e.value, "quaywatch.requires", problem_)) {
      const auto type = find_event_type(word);
      if (!type)
        return refuse(e.line, fmt::format("quaywatch.requires names '{}', which is no event type{}", word,
                                          nearest_hint(nearest_event_type(word))));
      rule_.needs_types.push_back(*type);
    }
  }
  void exonerates(const Entry& e) { exonerates_ = {read_words(e.value, "quaywatch.exonerates", problem_), e.line}; }
  void group_by(const Entry& e) { rule_.group_by = read_fields(e.value, "quaywatch.group_by", problem_); }
  void timespan(const Entry& e) {
    const auto span = parse_timespan(text(e, "quaywatch.timespan"));
    if (!span || span->us <= 0)
      return refuse(e.line, fmt::format("quaywatch.timespan '{}' is no span such as 30m, 24h or 15d", e.value.text));
    rule_.timespan = *span;
  }
  void actions(const Entry& e) { rule_.actions = read_words(e.value, "quaywatch.actions", problem_); }
  void act_before(const Entry& e) {
    rule_.act_before = read_fields(e.value, "quaywatch.act_before", problem_);
    for (const FieldId field : rule_.act_before)
      if (info(field).kind != Kind::time)
        refuse(e.line, fmt::format("quaywatch.act_before names '{}', which is not a time", info(field).name));
  }

  // "20 per day", or "none": everything is shown.
  void budget(const Entry& e) {
    const std::string words = text(e, "quaywatch.budget");
    constexpr std::string_view kPerDay = " per day";
    std::int64_t n = 0;
    if (words == "none") return rule_.budget = 0, void();
    if (!words.ends_with(kPerDay) ||
        !parse_decimal(std::string_view(words).substr(0, words.size() - kPerDay.size()), n) || n % kDecimalOne != 0 ||
        n < kDecimalOne || n / kDecimalOne > limits::kBudgetMost)
      return refuse(e.line, fmt::format("quaywatch.budget '{}' is neither 'none' nor 'N per day' with N from 1 to {}",
                                        words, limits::kBudgetMost));
    rule_.budget = static_cast<std::uint32_t>(n / kDecimalOne);
    if (rule_.level == Level::critical) refuse(e.line, "a critical rule takes no budget: its alerts are never held");
    if (rule_.level == Level::high && *rule_.budget < limits::kHighBudgetLeast)
      refuse(e.line, fmt::format("quaywatch.budget of a high rule must be at least {} per day",
                                 limits::kHighBudgetLeast));
  }

  void subjects(const Entry& e) {
    if (!e.value.is_map()) return refuse(e.line, "quaywatch.subjects must be a map of about, acted and mentioned");
    constexpr std::array<std::string_view, 3> kRoles = {"about", "acted", "mentioned"};
    for (const Entry& role : e.value.entries) {
      if (role.key == kRoles[0])
        rule_.about = read_fields(role.value, "quaywatch.subjects.about", problem_);
      else if (role.key == kRoles[1])
        rule_.acted = read_fields(role.value, "quaywatch.subjects.acted", problem_);
      else if (role.key == kRoles[2])
        rule_.mentioned = read_fields(role.value, "quaywatch.subjects.mentioned", problem_);
      else
        return unknown_key(role, "quaywatch.subjects", kRoles);
    }
  }

  void legal(const Entry& e) {
    if (!e.value.is_map()) return refuse(e.line, "quaywatch.legal must be a map of personal, purpose and not_for");
    constexpr std::array<std::string_view, 3> kNames = {"personal", "purpose", "not_for"};
    for (const Entry& part : e.value.entries) {
      if (part.key == kNames[0]) {
        if (part.value.is_list() && part.value.items.empty()) continue;  // "reads none", said aloud
        for (const FieldId field : read_fields(part.value, "quaywatch.legal.personal", problem_)) {
          if (info(field).personal == PersonalClass::none)
            refuse(part.line,
                   fmt::format("quaywatch.legal.personal names '{}', which the catalogue does not mark personal",
                               info(field).name));
          rule_.legal_reads.emplace_back(info(field).name);
        }
      } else if (part.key == kNames[1]) {
        rule_.legal_purpose = text(part, "quaywatch.legal.purpose");
      } else if (part.key == kNames[2]) {
        rule_.legal_not_for = text(part, "quaywatch.legal.not_for");
      } else {
        return unknown_key(part, "quaywatch.legal", kNames);
      }
    }
  }

  void params(const Entry& e) {
    if (!e.value.is_map()) return refuse(e.line, "quaywatch.params must be a map of names");
    for (const Entry& p : e.value.entries) {
      if (!is_plain_name(p.key))
        refuse(p.line, fmt::format("param '{}' is not a lower-case name (a-z, 0-9, _)", p.key));
      param(p);
      if (problem_.found()) return;
    }
  }

  void param(const Entry& e) {
    if (!e.value.is_map()) return refuse(e.line, fmt::format("param '{}' must be a map with a default", e.key));
    constexpr std::array<std::string_view, 5> kNames = {"default", "unit", "min", "max", "facility"};
    for (const Entry& part : e.value.entries)
      if (std::find(kNames.begin(), kNames.end(), part.key) == kNames.end())
        return unknown_key(part, fmt::format("param '{}'", e.key), kNames);
    const Node* value = e.value.find("default");
    if (!value) return refuse(e.line, fmt::format("param '{}' has no default", e.key));
    Param param;
    param.values = read_words(*value, fmt::format("default of param '{}'", e.key), problem_);
    if (problem_.found()) return;
    param.is_number = param.values.size() == 1 && parse_decimal(param.values[0], param.number);
    if (const Node* facility = e.value.find("facility")) read_facilities(e.key, *facility, param);
    for (const std::string_view bound : {"min", "max"})
      if (const Node* node = e.value.find(bound)) check_bound(e, bound, *node, param);
    scope_.params[e.key] = std::move(param);
  }

  void read_facilities(const std::string& name, const Node& node, Param& param) {
    if (!node.is_map())
      return refuse(node.line, fmt::format("facility of param '{}' must be a map of facility to value", name));
    for (const Entry& f : node.entries) {
      if (f.key.empty() || Pattern::parse(f.key).has_wildcards())
        return refuse(f.line, fmt::format("param '{}': '{}' does not name one facility", name, f.key));
      std::vector<std::string> values =
          read_words(f.value, fmt::format("the value of param '{}' for '{}'", name, f.key), problem_);
      std::int64_t number = 0;
      if (param.is_number && (values.size() != 1 || !parse_decimal(values[0], number)))
        refuse(f.line, fmt::format("param '{}': the value for '{}' is not a number", name, f.key));
      if (problem_.found()) return;
      param.at[f.key] = std::move(values);
    }
  }

  // Bounds hold for the default and for every facility's value.
  void check_bound(const Entry& e, std::string_view bound, const Node& node, const Param& param) {
    std::int64_t limit = 0;
    if (!param.is_number || !node.is_scalar() || !parse_decimal(node.text, limit))
      return refuse(node.line, fmt::format("{} of param '{}' needs numbers", bound, e.key));
    const auto check = [&](std::string_view whose, const std::string& text) {
      std::int64_t n = 0;
      if (parse_decimal(text, n) && (bound == "min" ? n < limit : n > limit))
        refuse(e.line, fmt::format("param '{}': the {} {} is {} its {} {}", e.key, whose, format_decimal(n),
                                   bound == "min" ? "below" : "above", bound, node.text));
    };
    check("default", param.values[0]);
    for (const auto& [facility, values] : param.at) check(fmt::format("value for '{}'", facility), values[0]);
  }

  void let(const Entry&) {}       // read last
  void suppress(const Entry&) {}  // likewise

  void read_lets(const Node& lets) {
    if (!lets.is_map()) return refuse(lets.line, "quaywatch.let must be a map of names to expressions");
    if (lets.entries.size() > limits::kRuleLets)
      return refuse(lets.line, fmt::format("quaywatch.let defines {} values; at most {} are allowed",
                                           lets.entries.size(), limits::kRuleLets));
    for (const Entry& e : lets.entries) {
      if (!is_plain_name(e.key)) refuse(e.line, fmt::format("let '{}' is not a lower-case name (a-z, 0-9, _)", e.key));
      read_let(e, text(e, fmt::format("let '{}'", e.key)));
      if (problem_.found()) return;
    }
  }

  void read_let(const Entry& e, const std::string& expression) {
    std::vector<FieldId> reads;
    const LetScope scope{[&](std::string_view name) { return let_name(name, e.line, reads); },
                         scope_.program.references()};
    Let let = parse_let(e.key, expression, e.line, scope, problem_);
    if (problem_.found()) return;
    for (const FieldId field : reads) let.reads.push_back(scope_.program.field_slot(field));
    for (const LetStep& step : let.steps) note_reference(step);
    let.name = e.key;
    let.expression = expression;
    const Kind kind = let.kind;
    scope_.lets[e.key] = {scope_.program.add_let(std::move(let)), kind, std::move(reads)};
  }

  // What a rule says depends on the rows that it asks: with them it is another version of the rule.
  void note_reference(const LetStep& step) {
    const References& all = scope_.program.references();
    std::string_view version;
    if (step.op == LetStep::Op::in_table || step.op == LetStep::Op::lookup) version = all.tables[step.of].version;
    if (step.op == LetStep::Op::in_zone) version = all.zones[step.of].version;
    if (!version.empty()) rule_.version = version_of(fmt::format("{} {}", rule_.version, version));
  }

  std::optional<LetName> let_name(std::string_view name, int line, std::vector<FieldId>& reads) {
    if (const auto param = scope_.params.find(name); param != scope_.params.end()) {
      if (!param->second.is_number)
        refuse(line, fmt::format("param '{}' is not a number and cannot be reckoned with", name));
      return LetName{std::nullopt, Kind::decimal, false, param->second.number};
    }
    constexpr std::string_view kLet = "let.";
    if (name.starts_with(kLet)) {
      const auto let = scope_.lets.find(name.substr(kLet.size()));
      if (let == scope_.lets.end()) return std::nullopt;
      for (const FieldId field : let->second.reads) note_read(reads, field);
      return LetName{let->second.slot, let->second.kind, false, 0};
    }
    const auto field = find_field(name);
    if (!field) {
      if (name.find('.') != std::string_view::npos)
        refuse(line, fmt::format("the field '{}' is not in the catalogue{}", name, nearest_hint(nearest_field(name))));
      return std::nullopt;
    }
    note_read(reads, *field);
    return LetName{scope_.program.field_slot(*field), info(*field).kind, info(*field).is_list, 0};
  }

  static const std::array<Key, 15> kKeys;

  Rule& rule_;
  Scope& scope_;
  Exonerates& exonerates_;
  Problem& problem_;
};

const std::array<BlockReader::Key, 15> BlockReader::kKeys = {{
    {"invariant", &BlockReader::invariant},
    {"mo", &BlockReader::mo},
    {"direction", &BlockReader::direction},
    {"requires", &BlockReader::requires_types},
    {"exonerates", &BlockReader::exonerates},
    {"group_by", &BlockReader::group_by},
    {"timespan", &BlockReader::timespan},
    {"subjects", &BlockReader::subjects},
    {"actions", &BlockReader::actions},
    {"act_before", &BlockReader::act_before},
    {"params", &BlockReader::params},
    {"let", &BlockReader::let},
    {"suppress", &BlockReader::suppress},
    {"legal", &BlockReader::legal},
    {"budget", &BlockReader::budget},
}};

}  // namespace

bool is_plain_name(std::string_view name) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || is_ascii_digit(c) || c == '_'; };
  return !name.empty() && !is_ascii_digit(name.front()) && std::all_of(name.begin(), name.end(), good);
}

void read_block(const Node& block, Rule& rule, Scope& scope, Exonerates& exonerates, Problem& problem) {
  BlockReader(rule, scope, exonerates, problem).read(block);
}

std::vector<std::string> facilities_of(const Scope& scope) {
  std::set<std::string> out;
  for (const auto& [name, param] : scope.params)
    for (const auto& [facility, values] : param.at) out.insert(facility);
  return {out.begin(), out.end()};
}

Scope scope_at(const std::string& facility, const Node& block, const Rule& rule, const Scope& scope, Problem& problem) {
  Scope out{scope.program, scope.is_port, scope.params, {}, scope.reads};
  for (auto& [name, param] : out.params) {
    const auto there = param.at.find(facility);
    if (there == param.at.end()) continue;
    param.values = there->second;
    if (param.is_number) parse_decimal(param.values[0], param.number);
  }
  Rule again = rule;  // has its exceptions already
  again.exceptions.clear();
  Exonerates unused;
  BlockReader(again, out, unused, problem).read_what_uses_params(block);
  return out;
}

void check_legal(const Rule& rule, const Scope& scope, int line, Problem& problem) {
  std::vector<FieldId> used = scope.reads;
  for (const auto* more : {&rule.fields, &rule.group_by, &rule.about, &rule.acted, &rule.mentioned, &rule.act_before})
    for (const FieldId field : *more) note_read(used, field);
  bool any = false;
  for (const FieldId field : used) {
    if (info(field).personal == PersonalClass::none) continue;
    any = true;
    if (std::find(rule.legal_reads.begin(), rule.legal_reads.end(), info(field).name) == rule.legal_reads.end())
      problem.say(line,
                  fmt::format("the rule uses the personal field '{}', which quaywatch.legal.personal does not name",
                              info(field).name));
  }
  if (any && (rule.legal_purpose.empty() || rule.legal_not_for.empty()))
    problem.say(line, "the rule uses personal fields, so quaywatch.legal must state purpose and not_for");
}

std::vector<std::string> read_words(const Node& node, std::string_view what, Problem& problem) {
  if (node.is_scalar()) return {node.text};
  std::vector<std::string> words;
  if (!node.is_list() || node.items.empty())
    problem.say(node.line, fmt::format("{} must be a text or a list of texts", what));
  for (const Node& item : node.items) {
    if (!item.is_scalar() || trim(item.text).empty())
      problem.say(item.line, fmt::format("{} has an item that is no text", what));
    words.push_back(item.text);
  }
  return words;
}

std::vector<FieldId> read_fields(const Node& node, std::string_view what, Problem& problem) {
  std::vector<FieldId> fields;
  for (const std::string& word : read_words(node, what, problem)) {
    const auto field = find_field(word);
    if (!field) {
      problem.say(node.line, fmt::format("{} names '{}', which is not in the catalogue{}", what, word,
                                         nearest_hint(nearest_field(word))));
      break;
    }
    note_read(fields, *field);
  }
  return fields;
}

}  // namespace quaywatch::rules
