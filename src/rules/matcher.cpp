#include "rules/matcher.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "rules/let.h"

namespace quaywatch::rules {

void Matcher::attach(const Program& program) {
  program_ = &program;
  chains_.assign(program.slots().size(), {});
  answers_.assign(program.predicates().size(), {});
  cells_.reserve(2 * limits::kEventCells + program.slots().size());
  epoch_ = 0;
}

void Matcher::start() {
  ++epoch_;
  cells_.clear();
  layer_ = 0;
}

void Matcher::put(SlotIndex slot, const Value& value) {
  Chain& chain = chains_[slot];
  const auto index = static_cast<std::int32_t>(cells_.size());
  if (chain.epoch != epoch_) {
    chain = {epoch_, index, index};
  } else {
    if (chain.first < layer_) return;
    cells_[static_cast<std::size_t>(chain.last)].next = index;
    chain.last = index;
  }
  cells_.push_back({value, -1});
}

void Matcher::put_text(FieldId field, std::string_view text) {
  const std::int32_t slot = program_->slot_of_field()[static_cast<std::size_t>(field)];
  if (slot < 0 || text.empty()) return;
  Value value;
  value.kind = Kind::text;
  value.text = text;
  put(static_cast<SlotIndex>(slot), value);
}

// Header first, then what the record says, then facts: a later layer never adds to a field that an earlier one has.
void Matcher::begin(const View& view) {
  start();
  const Event& event = *view.event;
  at_ = event.event_time;
  put_text(FieldId::event_type, info(event.type).name);
  put_text(FieldId::event_facility, event.facility);
  put_text(FieldId::event_feed, event.feed);
  put_text(FieldId::event_classifier, name(event.classifier));
  const auto& slot_of = program_->slot_of_field();
  const auto add = [&](FieldId field, const Value& value) {
    const std::int32_t slot = slot_of[static_cast<std::size_t>(field)];
    if (slot >= 0) put(static_cast<SlotIndex>(slot), value);
  };
  begin_layer();
  event.fields.each(add);
  begin_layer();
  if (view.facts) view.facts->each(add);
}

void Matcher::begin(std::span<const LogField> record) {
  start();
  for (const LogField& field : record) {
    Value value;
    value.kind = Kind::text;
    value.text = field.value;
    if (program_->any_text() >= 0) put(static_cast<SlotIndex>(program_->any_text()), value);
    const auto it = program_->slot_of_log_name().find(std::string(field.name));
    if (it != program_->slot_of_log_name().end()) put(it->second, value);
  }
}

std::int32_t Matcher::first_cell(SlotIndex slot) {
  if (chains_[slot].epoch == epoch_) return chains_[slot].first;
  const Slot& s = program_->slots()[slot];
  if (s.kind != Slot::Kind::let) return -1;
  put(slot, run(program_->lets()[s.let]));  // also when absent, so that it runs once
  return chains_[slot].first;
}

Truth Matcher::evaluate(TermIndex index) {
  const Term& term = program_->terms()[index];
  switch (term.kind) {
    case Term::Kind::predicate:
      return predicate(term.first);
    case Term::Kind::negation:
      return !evaluate(program_->kids()[term.first]);
    case Term::Kind::exonerating: {
      const Truth t = evaluate(program_->kids()[term.first]);
      return t == Truth::unknown && assume_not_exonerated_ ? truth(term.threshold != 0) : t;
    }
    case Term::Kind::all: {
      Truth t = Truth::yes;
      for (std::uint32_t i = 0; i < term.count && t != Truth::no; ++i)
        t = both(t, evaluate(program_->kids()[term.first + i]));
      return t;
    }
    case Term::Kind::any: {
      Truth t = Truth::no;
      for (std::uint32_t i = 0; i < term.count && t != Truth::yes; ++i)
        t = either(t, evaluate(program_->kids()[term.first + i]));
      return t;
    }
    case Term::Kind::at_least:
      return count_kids(term);
  }
  return Truth::no;
}

Truth Matcher::count_kids(const Term& term) {
  std::uint32_t yes = 0, open = 0;
  for (std::uint32_t i = 0; i < term.count; ++i) {
    const Truth t = evaluate(program_->kids()[term.first + i]);
    yes += t == Truth::yes;
    open += t == Truth::unknown;
  }
  return yes >= term.threshold ? Truth::yes : yes + open >= term.threshold ? Truth::unknown : Truth::no;
}

Truth Matcher::predicate(PredicateIndex index) {
  Answer& answer = answers_[index];
  if (answer.epoch != epoch_) {
    // Judging may run a let and with it touch cells, but never answers_, so the reference stays good.
    answer.truth = judge_predicate(program_->predicates()[index]);
    answer.epoch = epoch_;
  }
  return answer.truth;
}

// A list field passes when one of its values does. An absent field is Sigma's null and passes nothing else.
Truth Matcher::judge_predicate(const Predicate& p) {
  std::int32_t at = first_cell(p.slot);
  Truth result = Truth::no;
  bool present = false;
  while (at >= 0 && result != Truth::yes) {
    const Cell cell = cells_[static_cast<std::size_t>(at)];
    at = cell.next;
    if (cell.value.is_absent()) continue;
    present = true;
    result = either(result, cell.value.is_unknown() ? Truth::unknown : judge_cell(p, cell.value));
  }
  if (present) return p.negated ? !result : result;
  if (std::holds_alternative<NullTest>(p.test)) return truth(!p.negated);
  const auto* exists = std::get_if<ExistsTest>(&p.test);
  return truth(exists && !exists->wanted);
}

Truth Matcher::judge_cell(const Predicate& p, const Value& value) {
  const SlotIndex* other = other_slot(p.test);
  if (!other) return truth(passes(p.test, value, {}));
  Truth result = Truth::no;
  for (std::int32_t at = first_cell(*other); at >= 0 && result != Truth::yes;
       at = cells_[static_cast<std::size_t>(at)].next) {
    const Value with = cells_[static_cast<std::size_t>(at)].value;
    if (with.is_absent()) continue;
    result = either(result, with.is_unknown() ? Truth::unknown : truth(passes(p.test, value, with)));
  }
  return result;
}

Verdict Matcher::judge(TermIndex term, std::vector<FieldId> open) {
  open.clear();
  Verdict verdict;
  verdict.open = std::move(open);
  verdict.truth = evaluate(term);
  if (verdict.truth != Truth::unknown) return verdict;
  explain(term, verdict);
  assume_not_exonerated_ = true;
  verdict.provisional = evaluate(term) == Truth::yes;
  assume_not_exonerated_ = false;
  if (verdict.provisional) verdict.truth = Truth::yes;
  return verdict;
}

// Under an unknown term every unknown part matters: a part that decided would have made the whole known.
void Matcher::explain(TermIndex index, Verdict& verdict) {
  if (evaluate(index) != Truth::unknown) return;
  const Term& term = program_->terms()[index];
  if (term.kind != Term::Kind::predicate) {
    for (std::uint32_t i = 0; i < term.count; ++i) explain(program_->kids()[term.first + i], verdict);
    return;
  }
  const Predicate& p = program_->predicates()[term.first];
  explain_slot(p.slot, verdict);
  if (const SlotIndex* other = other_slot(p.test)) explain_slot(*other, verdict);
}

void Matcher::explain_slot(SlotIndex slot, Verdict& verdict) {
  const Slot& s = program_->slots()[slot];
  if (s.kind == Slot::Kind::let) {
    for (const SlotIndex read : program_->lets()[s.let].reads) explain_slot(read, verdict);
    return;
  }
  for (std::int32_t at = first_cell(slot); at >= 0; at = cells_[static_cast<std::size_t>(at)].next) {
    const Value& value = cells_[static_cast<std::size_t>(at)].value;
    if (!value.is_unknown()) continue;
    // Pending resolves by waiting, so it is what an operator should hear first.
    if (verdict.cause == UnknownCause::none || value.cause == UnknownCause::pending) verdict.cause = value.cause;
    if (std::find(verdict.open.begin(), verdict.open.end(), s.field) == verdict.open.end())
      verdict.open.push_back(s.field);
  }
}

std::vector<Value> Matcher::values(SlotIndex slot) {
  std::vector<Value> out;
  each(slot, [&](const Value& value) { out.push_back(value); });
  return out;
}

// Operand values in the order of the let's steps that read one.
Value Matcher::run(const Let& let) {
  std::array<Value, limits::kLetNodes> operands;
  std::size_t n = 0;
  for (const LetStep& step : let.steps) {
    if (!reads_slot(step)) continue;
    const std::int32_t at = first_cell(step.slot);
    operands[n++] = at < 0 ? Value{} : cells_[static_cast<std::size_t>(at)].value;
  }
  return run_let(let, std::span(operands.data(), n), program_->references(), at_);
}

}  // namespace quaywatch::rules
