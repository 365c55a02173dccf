// Program: what all rules of a pack compile to. Slots (what a value is read from), predicates (one question about one
// slot), terms (and, or, not over predicates), lets (named values over slots) and the tables and zones that lets ask.
// Equal predicates are one predicate, whichever rules ask them. Built at load, constant afterwards; indices are stable
// and never leave the module.
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "model/catalogue.h"
#include "model/value.h"
#include "rules/network.h"
#include "rules/pattern.h"
#include "rules/reference.h"

namespace quaywatch::rules {

using SlotIndex = std::uint32_t;
using PredicateIndex = std::uint32_t;
using TermIndex = std::uint32_t;

struct Slot {
  enum class Kind : std::uint8_t { field, log_name, any_text, let };
  Kind kind = Kind::field;
  FieldId field{};
  std::uint32_t let = 0;
};

enum class Comparison : std::uint8_t { equal, greater, greater_or_equal, less, less_or_equal };
enum class TextRelation : std::uint8_t { equals, starts_with, ends_with, contains };
enum class TimePart : std::uint8_t { minute, hour, day, week, month, year };

struct NullTest {};
struct ExistsTest {
  bool wanted = true;
};
struct TextTest {
  Pattern pattern;
};
struct RegexTest {
  std::shared_ptr<const re2::RE2> regex;
};
struct NetworkTest {
  Network network;
};
struct NumberTest {
  Comparison comparison{};
  std::int64_t millionths = 0;
};
struct TimeTest {
  Comparison comparison{};
  Timestamp instant;
};
struct BooleanTest {
  bool wanted = true;
};
struct TimePartTest {
  TimePart part{};
  Comparison comparison{};
  std::int64_t number = 0;
};
struct TextRefTest {
  SlotIndex other = 0;
  TextRelation relation{};
  bool cased = false;
};
struct NumberRefTest {  // numbers with numbers, times with times
  SlotIndex other = 0;
  Comparison comparison{};
};

using Test = std::variant<NullTest, ExistsTest, TextTest, RegexTest, NetworkTest, NumberTest, TimeTest, BooleanTest,
                          TimePartTest, TextRefTest, NumberRefTest>;

struct Predicate {
  SlotIndex slot = 0;
  bool negated = false;  // neq: the field is there and no value of it passes
  Test test;
};

// The other slot of a fieldref test; nullptr for every other test.
const SlotIndex* other_slot(const Test& test);
// Does one known value pass? For a fieldref test `other` is the value of the other slot, known and present.
bool passes(const Test& test, const Value& value, const Value& other);
// Equal for equal tests.
std::string key(const Test& test);

struct Term {
  enum class Kind : std::uint8_t { predicate, negation, all, any, at_least, exonerating };
  Kind kind = Kind::predicate;
  std::uint32_t first = 0;      // predicate index, or first of `kids`
  std::uint32_t count = 0;      // kids
  std::uint32_t threshold = 0;  // at_least; for exonerating: what its unknown kid is taken for in a provisional verdict
};

// One step of a let in postfix order. Numbers are millionths; a time is microseconds, a difference of times therefore
// seconds in millionths, and sums of both need no conversion.
struct LetStep {
  enum class Op : std::uint8_t {
    number, slot, negate, add, subtract, multiply, divide, abs, min, max,
    value,  // a slot as it is, text too
    in_table, lookup, in_zone, distance_m
  };
  Op op = Op::number;
  std::int64_t number = 0;
  SlotIndex slot = 0;
  std::uint32_t of = 0;    // table or zone
  std::uint32_t with = 0;  // in_table: how many values are asked for; lookup: the column
};

struct Let {
  std::vector<LetStep> steps;
  std::vector<SlotIndex> reads;  // fields read, also through other lets; no duplicates
  Kind kind = Kind::decimal;     // decimal, time, boolean or text
  std::string name, expression;  // as the rule writes them
};

class Program {
 public:
  SlotIndex field_slot(FieldId field);
  SlotIndex log_slot(const std::string& name);
  SlotIndex any_text_slot();
  SlotIndex add_let(Let let);

  TermIndex predicate_term(Predicate predicate);
  TermIndex group(Term::Kind kind, const std::vector<TermIndex>& kids, std::uint32_t threshold = 0);

  const std::vector<Slot>& slots() const { return slots_; }
  const std::vector<Predicate>& predicates() const { return predicates_; }
  const std::vector<Term>& terms() const { return terms_; }
  const std::vector<TermIndex>& kids() const { return kids_; }
  const std::vector<Let>& lets() const { return lets_; }
  const References& references() const { return references_; }
  References& references() { return references_; }
  // -1: no rule reads the field.
  const std::vector<std::int32_t>& slot_of_field() const { return slot_of_field_; }
  const std::unordered_map<std::string, SlotIndex>& slot_of_log_name() const { return slot_of_log_name_; }
  std::int32_t any_text() const { return any_text_; }

 private:
  SlotIndex add_slot(Slot slot);

  std::vector<Slot> slots_;
  std::vector<Predicate> predicates_;
  std::vector<Term> terms_;
  std::vector<TermIndex> kids_;
  std::vector<Let> lets_;
  References references_;
  std::vector<std::int32_t> slot_of_field_ = std::vector<std::int32_t>(kFieldCount, -1);
  std::unordered_map<std::string, SlotIndex> slot_of_log_name_;
  std::unordered_map<std::string, TermIndex> term_of_predicate_;
  std::int32_t any_text_ = -1;
};

// The slots that the term's predicates read, each once, in order.
std::vector<SlotIndex> slots_read(const Program& program, TermIndex term);

// The event types for which the term can be true, judged with every other predicate open: exact for what the condition
// says about event.type, and never too small.
std::vector<EventType> possible_types(const Program& program, TermIndex term);

}  // namespace quaywatch::rules
