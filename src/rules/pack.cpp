// Loading of a pack and judging of events: the public face of the module.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/limits.h"
#include "base/text.h"
#include "rules/document.h"
#include "rules/matcher.h"
#include "rules/program.h"
#include "rules/rule.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

struct Pack::State {
  std::vector<Rule> rules;
  std::vector<TermIndex> terms;  // by rule
  Program program;
  Matcher matcher;
  std::array<std::vector<std::uint32_t>, kEventTypeCount> by_type;  // port rules that can match the type
  Judged judged;
  std::vector<std::vector<FieldId>> spare;  // lists of open fields to use again
};

namespace {

// Compiles the documents of all files into one program; what fails becomes a refusal.
class Loader {
 public:
  Loader(Program& program, std::vector<Refusal>& refused) : program_(program), refused_(refused) {}

  void load(const RuleFile& file, std::vector<Rule>& rules, std::vector<TermIndex>& terms) {
    if (file.text.size() > limits::kRuleFileBytes) {
      return refuse(
          file, 0, {},
          fmt::format("the file has {} bytes; at most {} are read", file.text.size(), limits::kRuleFileBytes));
    }
    if (!is_valid_utf8(file.text)) return refuse(file, 0, {}, "the file is not valid UTF-8");
    for (Document& document : read_documents(file.text)) {
      Problem problem = document.problem;
      Compiled compiled;
      if (!problem.found()) compiled = compile_document(document, file.path, program_, problem);
      if (!problem.found()) check_id(compiled.rule, document, problem);
      if (problem.found()) {
        refuse(file, problem.line(), rule_label(document), problem.reason());
        continue;
      }
      if (!compiled.rule.id.empty()) path_of_id_[compiled.rule.id] = file.path;
      rules.push_back(std::move(compiled.rule));
      terms.push_back(compiled.term);
    }
  }

 private:
  void refuse(const RuleFile& file, int line, std::string label, std::string reason) {
    refused_.push_back({file.path, line, std::move(label), std::move(reason)});
  }

  void check_id(const Rule& rule, const Document& document, Problem& problem) {
    const auto known = path_of_id_.find(rule.id);
    if (known == path_of_id_.end()) return;
    const Node* node = document.root.find("id");
    problem.say(node ? node->line : document.line,
                fmt::format("the id {} of {} is already used by a rule in {}; give this rule an id of its own", rule.id,
                            rule.path, known->second));
  }

  Program& program_;
  std::vector<Refusal>& refused_;
  std::unordered_map<std::string, std::string> path_of_id_;
};

}  // namespace

Pack::Pack() : state_(std::make_unique<State>()) {
  state_->matcher.attach(state_->program);
}
Pack::~Pack() = default;
Pack::Pack(Pack&&) noexcept = default;
Pack& Pack::operator=(Pack&&) noexcept = default;

Pack::Loaded Pack::load(const std::vector<RuleFile>& files) {
  Loaded loaded;
  State& state = *loaded.pack.state_;
  Loader loader(state.program, loaded.refused);
  for (const RuleFile& file : files) loader.load(file, state.rules, state.terms);
  for (std::size_t i = 0; i < state.rules.size(); ++i) {
    const Rule& rule = state.rules[i];
    if (!rule.is_port) continue;
    for (std::size_t t = 0; t < kEventTypeCount; ++t) {
      const auto type = static_cast<EventType>(t);
      if (rule.types.empty() || std::find(rule.types.begin(), rule.types.end(), type) != rule.types.end())
        state.by_type[t].push_back(static_cast<std::uint32_t>(i));
    }
  }
  state.matcher.attach(state.program);
  return loaded;
}

const std::vector<Rule>& Pack::rules() const {
  return state_->rules;
}

bool Pack::wants(EventType type) const {
  return !state_->by_type[static_cast<std::size_t>(type)].empty();
}

bool Pack::wants(EventType type, FieldId field) const {
  const auto& asking = state_->by_type[static_cast<std::size_t>(type)];
  return std::any_of(asking.begin(), asking.end(), [&](std::uint32_t index) {
    const Rule& r = state_->rules[index];
    const std::vector<FieldId>* const lists[] = {&r.reads, &r.fields,    &r.group_by,  &r.about,
                                                 &r.acted, &r.mentioned, &r.act_before};
    return std::any_of(std::begin(lists), std::end(lists), [&](const auto* list) {
      return std::find(list->begin(), list->end(), field) != list->end();
    });
  });
}

void Pack::judge(const View& view) {
  State& s = *state_;
  for (auto& [index, verdict] : s.judged)
    if (verdict.open.capacity() > 0) s.spare.push_back(std::move(verdict.open));
  s.judged.clear();
  const auto& wanted = s.by_type[static_cast<std::size_t>(view.event->type)];
  if (wanted.empty()) return;
  s.matcher.begin(view);
  for (const std::uint32_t index : wanted) {
    std::vector<FieldId> open;
    if (!s.spare.empty()) {
      open = std::move(s.spare.back());
      s.spare.pop_back();
    }
    Verdict verdict = s.matcher.judge(s.terms[index], std::move(open));
    if (verdict.truth != Truth::no)
      s.judged.emplace_back(index, std::move(verdict));
    else if (verdict.open.capacity() > 0)
      s.spare.push_back(std::move(verdict.open));
  }
}

const Pack::Judged& Pack::judged() const {
  return state_->judged;
}

Verdict Pack::match_log(std::size_t rule, std::span<const LogField> record) {
  State& s = *state_;
  if (rule >= s.rules.size() || s.rules[rule].is_port) return {};
  s.matcher.begin(record);
  return s.matcher.judge(s.terms[rule]);
}

}  // namespace quaywatch::rules
