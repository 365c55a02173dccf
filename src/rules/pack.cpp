// Judging of events by a loaded pack: the public face of the module. Loading is loader.cpp.
#include <algorithm>
#include <array>
#include <bitset>
#include <span>
#include <utility>

#include "rules/anchors.h"
#include "rules/loader.h"
#include "rules/matcher.h"
#include "rules/rule.h"

namespace quaywatch::rules {

namespace {

// Below this many rules of one event type to ask each costs less than to look up which may match.
constexpr std::size_t kFewRules = 24;

}  // namespace

struct Pack::State {
  LoadedRules loaded;
  Matcher matcher;
  std::array<std::vector<std::uint32_t>, kEventTypeCount> by_type;  // port rules that can match the type
  std::array<std::shared_ptr<Anchors>, kEventTypeCount> anchors;    // of these, where they are many
  std::array<std::bitset<kFieldCount>, kEventTypeCount> named;      // what these read, tell or group by
  Judged judged;
  std::vector<std::vector<FieldId>> spare;  // lists of open fields to use again

  void note_fields();
  void forget_judged();
  void judge(std::span<const std::uint32_t> rules);
};

void Pack::State::note_fields() {
  using Fields = std::bitset<kFieldCount>;
  const auto add = [](const std::vector<FieldId>& list, Fields& to) {
    for (const FieldId field : list) to.set(static_cast<std::size_t>(field));
  };
  const auto fields_of = [&](const Rule& r) {
    Fields out;
    for (const auto* list : r.fields_told()) add(*list, out);
    return out;
  };
  std::vector<Fields> of_rule;
  for (const Rule& rule : loaded.rules) of_rule.push_back(fields_of(rule));
  // What a correlation names, it reads from the events of the rules that it joins.
  Fields joined;
  for (const Correlation& c : loaded.correlations) {
    joined |= of_rule[c.rule];
    add(c.values, joined);
    for (const auto& list : c.group_by) add(list, joined);
  }
  for (std::size_t t = 0; t < kEventTypeCount; ++t) {
    named[t] = joined;
    for (const std::uint32_t rule : by_type[t]) named[t] |= of_rule[rule];
  }
}

Pack::Pack() : state_(std::make_unique<State>()) {
  state_->matcher.attach(state_->loaded.program);
}
Pack::~Pack() = default;
Pack::Pack(Pack&&) noexcept = default;
Pack& Pack::operator=(Pack&&) noexcept = default;

Pack::Loaded Pack::load(const std::vector<RuleFile>& files) {
  Loaded loaded;
  State& state = *loaded.pack.state_;
  load_rules(files, state.loaded, loaded.refused);
  for (std::size_t i = 0; i < state.loaded.rules.size(); ++i) {
    const Rule& rule = state.loaded.rules[i];
    if (!rule.is_port || rule.is_correlation) continue;
    for (std::size_t t = 0; t < kEventTypeCount; ++t) {
      const auto type = static_cast<EventType>(t);
      if (rule.types.empty() || std::find(rule.types.begin(), rule.types.end(), type) != rule.types.end())
        state.by_type[t].push_back(static_cast<std::uint32_t>(i));
    }
  }
  for (std::size_t t = 0; t < kEventTypeCount; ++t) {
    if (state.by_type[t].size() <= kFewRules) continue;
    // Most types have the same many rules: those that name no type.
    const auto same = std::find(state.by_type.begin(), state.by_type.begin() + static_cast<std::ptrdiff_t>(t),
                                state.by_type[t]);
    state.anchors[t] = state.anchors[static_cast<std::size_t>(same - state.by_type.begin())];
    if (state.anchors[t]) continue;
    state.anchors[t] = std::make_shared<Anchors>();
    state.anchors[t]->build(state.loaded.program, state.loaded.terms, state.by_type[t]);
  }
  state.note_fields();
  state.matcher.attach(state.loaded.program);
  return loaded;
}

const std::vector<Rule>& Pack::rules() const {
  return state_->loaded.rules;
}

std::size_t Pack::alerting() const {
  const auto& all = state_->loaded.rules;
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Rule& r) { return !r.is_part; }));
}

const std::vector<Correlation>& Pack::correlations() const {
  return state_->loaded.correlations;
}

bool Pack::wants(EventType type) const {
  return !state_->by_type[static_cast<std::size_t>(type)].empty();
}

bool Pack::wants(EventType type, FieldId field) const {
  return state_->named[static_cast<std::size_t>(type)].test(static_cast<std::size_t>(field));
}

// Of the record that the matcher has begun.
void Pack::State::judge(std::span<const std::uint32_t> rules) {
  for (const std::uint32_t index : rules) {
    std::vector<FieldId> open;
    if (!spare.empty()) {
      open = std::move(spare.back());
      spare.pop_back();
    }
    Verdict verdict = matcher.judge(loaded.terms[index], std::move(open));
    if (verdict.truth != Truth::no)
      judged.emplace_back(index, std::move(verdict));
    else if (verdict.open.capacity() > 0)
      spare.push_back(std::move(verdict.open));
  }
}

void Pack::State::forget_judged() {
  for (auto& [index, verdict] : judged)
    if (verdict.open.capacity() > 0) spare.push_back(std::move(verdict.open));
  judged.clear();
}

void Pack::judge(const View& view) {
  State& s = *state_;
  s.forget_judged();
  const auto type = static_cast<std::size_t>(view.event->type);
  const auto& wanted = s.by_type[type];
  if (wanted.empty()) return;
  s.matcher.begin(view);
  s.judge(s.anchors[type] ? s.anchors[type]->candidates(s.matcher) : wanted);
}

void Pack::judge(const View& view, std::span<const std::uint32_t> rules) {
  State& s = *state_;
  s.forget_judged();
  s.matcher.begin(view);
  s.judge(rules);
}

const Pack::Judged& Pack::judged() const {
  return state_->judged;
}

std::vector<IdentifierAnswer> Pack::derive(std::size_t rule, const View& view) {
  State& s = *state_;
  s.matcher.begin(view);
  const auto asked_of = [&](SlotIndex slot) {
    const Slot& from = s.loaded.program.slots()[slot];
    AskedOf of;
    if (from.kind == Slot::Kind::let) {
      const Let& let = s.loaded.program.lets()[from.let];
      of.name = "let." + let.name;
      of.expression = let.expression;
      if (!let.reads.empty()) of.field = s.loaded.program.slots()[let.reads.front()].field;
    } else {
      of.name = info(from.field).name;
      of.field = from.field;
    }
    for (const Value& value : s.matcher.values(slot)) of.values.push_back(to_text(value));
    return of;
  };
  std::vector<IdentifierAnswer> out;
  for (const Identifier& i : s.loaded.identifiers[rule]) {
    if (i.where && s.matcher.answer(*i.where) != Truth::yes) continue;
    IdentifierAnswer answer{i.name, i.part, i.is_wanted, s.matcher.answer(i.term), {}};
    for (const AskedTerm& asked : i.asked) {
      Answer& a = answer.answers.emplace_back(Answer{asked.question, s.matcher.answer(asked.term), {}});
      for (const SlotIndex slot : slots_read(s.loaded.program, asked.term)) {
        a.of.push_back(asked_of(slot));
        const Slot& from = s.loaded.program.slots()[slot];
        if (from.kind == Slot::Kind::let)
          for (const SlotIndex read : s.loaded.program.lets()[from.let].reads) a.of.push_back(asked_of(read));
      }
    }
    out.push_back(std::move(answer));
  }
  return out;
}

std::optional<std::size_t> Pack::exception(std::size_t rule, const View& view) {
  State& s = *state_;
  const auto& exceptions = s.loaded.rules[rule].exceptions;
  bool is_begun = false;
  for (std::size_t i = 0; i < exceptions.size(); ++i) {
    const Timestamp at = view.event->event_time;
    if (at < exceptions[i].from || exceptions[i].until < at) continue;
    if (!std::exchange(is_begun, true)) s.matcher.begin(view);
    if (s.matcher.answer(s.loaded.exceptions[rule][i]) == Truth::yes) return i;
  }
  return std::nullopt;
}

Verdict Pack::match_log(std::size_t rule, std::span<const LogField> record) {
  State& s = *state_;
  const auto& rules = s.loaded.rules;
  if (rule >= rules.size() || rules[rule].is_port || rules[rule].is_correlation) return {};
  s.matcher.begin(record);
  return s.matcher.judge(s.loaded.terms[rule]);
}

}  // namespace quaywatch::rules
