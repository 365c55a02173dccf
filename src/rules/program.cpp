#include "rules/program.h"

#include <algorithm>

#include "base/truth.h"

namespace quaywatch::rules {
namespace {

Truth judge_type(const Program& program, TermIndex index, const Value& type_name);

Truth judge_type_predicate(const Program& program, const Predicate& p, const Value& type_name) {
  const Slot& slot = program.slots()[p.slot];
  if (slot.kind != Slot::Kind::field || slot.field != FieldId::event_type || other_slot(p.test)) return Truth::unknown;
  return truth(passes(p.test, type_name, {}) != p.negated);
}

Truth judge_type(const Program& program, TermIndex index, const Value& type_name) {
  const Term& term = program.terms()[index];
  if (term.kind == Term::Kind::predicate)
    return judge_type_predicate(program, program.predicates()[term.first], type_name);
  std::uint32_t yes = 0, open = 0;
  for (std::uint32_t i = 0; i < term.count; ++i) {
    const Truth t = judge_type(program, program.kids()[term.first + i], type_name);
    yes += t == Truth::yes;
    open += t == Truth::unknown;
  }
  switch (term.kind) {
    case Term::Kind::predicate:
      break;
    case Term::Kind::negation:
      return yes ? Truth::no : open ? Truth::unknown : Truth::yes;
    // Only an unknown kid is ever taken for something else, and then the type is not ruled out either.
    case Term::Kind::exonerating:
      return yes ? Truth::yes : open ? Truth::unknown : Truth::no;
    case Term::Kind::all:
    case Term::Kind::any:
    case Term::Kind::at_least:
      return yes >= term.threshold ? Truth::yes : yes + open >= term.threshold ? Truth::unknown : Truth::no;
  }
  return Truth::unknown;
}

}  // namespace

SlotIndex Program::add_slot(Slot slot) {
  slots_.push_back(slot);
  return static_cast<SlotIndex>(slots_.size() - 1);
}

SlotIndex Program::field_slot(FieldId field) {
  std::int32_t& known = slot_of_field_[static_cast<std::size_t>(field)];
  if (known < 0) known = static_cast<std::int32_t>(add_slot({Slot::Kind::field, field, 0}));
  return static_cast<SlotIndex>(known);
}

SlotIndex Program::log_slot(const std::string& name) {
  const auto it = slot_of_log_name_.find(name);
  if (it != slot_of_log_name_.end()) return it->second;
  return slot_of_log_name_[name] = add_slot({Slot::Kind::log_name, FieldId{}, 0});
}

SlotIndex Program::any_text_slot() {
  if (any_text_ < 0) any_text_ = static_cast<std::int32_t>(add_slot({Slot::Kind::any_text, FieldId{}, 0}));
  return static_cast<SlotIndex>(any_text_);
}

SlotIndex Program::add_let(Let let) {
  lets_.push_back(std::move(let));
  return add_slot({Slot::Kind::let, FieldId{}, static_cast<std::uint32_t>(lets_.size() - 1)});
}

TermIndex Program::predicate_term(Predicate predicate) {
  const std::string name = std::to_string(predicate.slot) + (predicate.negated ? "!" : "=") + key(predicate.test);
  const auto [it, is_new] = term_of_predicate_.try_emplace(name, static_cast<TermIndex>(terms_.size()));
  if (is_new) {
    terms_.push_back({Term::Kind::predicate, static_cast<std::uint32_t>(predicates_.size()), 0, 0});
    predicates_.push_back(std::move(predicate));
  }
  return it->second;
}

TermIndex Program::group(Term::Kind kind, const std::vector<TermIndex>& kids, std::uint32_t threshold) {
  const auto count = static_cast<std::uint32_t>(kids.size());
  if (count == 1 && (kind == Term::Kind::all || kind == Term::Kind::any)) return kids.front();
  if (kind == Term::Kind::all) threshold = count;
  if (kind == Term::Kind::any) threshold = 1;
  terms_.push_back({kind, static_cast<std::uint32_t>(kids_.size()), count, threshold});
  kids_.insert(kids_.end(), kids.begin(), kids.end());
  return static_cast<TermIndex>(terms_.size() - 1);
}

std::vector<SlotIndex> slots_read(const Program& program, TermIndex term) {
  std::vector<SlotIndex> slots;
  const auto add = [&](SlotIndex slot) {
    if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
  };
  const Term& t = program.terms()[term];
  if (t.kind == Term::Kind::predicate) {
    const Predicate& p = program.predicates()[t.first];
    add(p.slot);
    if (const SlotIndex* other = other_slot(p.test)) add(*other);
    return slots;
  }
  for (std::uint32_t i = 0; i < t.count; ++i)
    for (const SlotIndex slot : slots_read(program, program.kids()[t.first + i])) add(slot);
  return slots;
}

std::vector<EventType> possible_types(const Program& program, TermIndex term) {
  std::vector<EventType> types;
  for (std::uint16_t i = 0; i < kEventTypeCount; ++i) {
    Value type_name;
    type_name.kind = Kind::text;
    type_name.text = info(static_cast<EventType>(i)).name;
    if (judge_type(program, term, type_name) != Truth::no) types.push_back(static_cast<EventType>(i));
  }
  return types;
}

}  // namespace quaywatch::rules
