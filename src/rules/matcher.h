// Matcher: judges terms of a Program on one record at a time. Values are collected once per record; each predicate and
// let is judged at most once per record, on first demand (an epoch stamp tells this record's answers from old ones).
// After the first records nothing is allocated, except for the list of open fields of an unknown verdict.
// One thread; the Program must outlive it and not change.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/truth.h"
#include "rules/program.h"
#include "rules/rule.h"

namespace quaywatch::rules {

class Matcher {
 public:
  // To be called once the program is complete.
  void attach(const Program& program);

  void begin(const View& view);
  void begin(std::span<const LogField> record);
  // `open` lends its capacity to the verdict.
  Verdict judge(TermIndex term, std::vector<FieldId> open = {});
  // Of the record last begun: one term by itself, and the values of one slot, absent ones left out.
  Truth answer(TermIndex term) { return evaluate(term); }
  std::vector<Value> values(SlotIndex slot);
  // The same, one by one: fn(Value).
  template <typename F>
  void each(SlotIndex slot, F&& fn) {
    for (std::int32_t at = first_cell(slot); at >= 0; at = cells_[static_cast<std::size_t>(at)].next)
      if (const Value value = cells_[static_cast<std::size_t>(at)].value; !value.is_absent()) fn(value);
  }

 private:
  struct Cell {
    Value value;
    std::int32_t next = -1;
  };
  struct Chain {
    std::uint64_t epoch = 0;
    std::int32_t first = -1, last = -1;
  };
  struct Answer {
    std::uint64_t epoch = 0;
    Truth truth = Truth::no;
  };

  void start();
  void begin_layer() { layer_ = static_cast<std::int32_t>(cells_.size()); }
  void put(SlotIndex slot, const Value& value);
  void put_text(FieldId field, std::string_view text);
  std::int32_t first_cell(SlotIndex slot);
  Value run(const Let& let);

  Truth evaluate(TermIndex term);
  Truth count_kids(const Term& term);
  Truth predicate(PredicateIndex index);
  Truth judge_predicate(const Predicate& p);
  Truth judge_cell(const Predicate& p, const Value& value);
  void explain(TermIndex term, Verdict& verdict);
  void explain_slot(SlotIndex slot, Verdict& verdict);

  const Program* program_ = nullptr;
  std::uint64_t epoch_ = 0;
  Timestamp at_;            // of the event
  std::int32_t layer_ = 0;  // cells before it belong to a layer that goes first
  bool assume_not_exonerated_ = false;
  std::vector<Cell> cells_;
  std::vector<Chain> chains_;    // by slot
  std::vector<Answer> answers_;  // by predicate
};

}  // namespace quaywatch::rules
