#include "rules/anchors.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"

namespace quaywatch::rules {
namespace {

using How = Anchor::How;
using Alternatives = std::set<Anchor>;  // one of them holds wherever the rule may match

std::optional<Anchor> of_text(SlotIndex slot, const Pattern& pattern) {
  const std::string text = to_lower(pattern.literal_part());
  switch (pattern.shape()) {
    case Pattern::Shape::equals:
      return Anchor{How::equals, slot, text};
    case Pattern::Shape::prefix:
      return Anchor{How::begins, slot, text};
    case Pattern::Shape::suffix:
      return Anchor{How::ends, slot, text};
    case Pattern::Shape::contains:
    case Pattern::Shape::general:
      break;
  }
  return std::nullopt;
}

std::optional<Anchor> of_number(SlotIndex slot, const NumberTest& test) {
  switch (test.comparison) {
    case Comparison::greater:
    case Comparison::greater_or_equal:
      return Anchor{How::at_least, slot, {}, test.millionths};
    case Comparison::less:
    case Comparison::less_or_equal:
      return Anchor{How::at_most, slot, {}, test.millionths};
    case Comparison::equal:
      break;
  }
  return std::nullopt;
}

// What the predicate demands of a field; none where it may hold without a value. Rules are filed by the type of the
// event already.
std::optional<Anchor> of_predicate(const Program& program, TermIndex term) {
  const Predicate& p = program.predicates()[program.terms()[term].first];
  const Slot& slot = program.slots()[p.slot];
  if (slot.kind != Slot::Kind::field || slot.field == FieldId::event_type) return std::nullopt;
  if (std::holds_alternative<NullTest>(p.test) || std::holds_alternative<ExistsTest>(p.test)) return std::nullopt;
  const auto* text = std::get_if<TextTest>(&p.test);
  const auto* number = std::get_if<NumberTest>(&p.test);
  std::optional<Anchor> out;
  if (text != nullptr && !p.negated) out = of_text(p.slot, text->pattern);
  if (number != nullptr && !p.negated) out = of_number(p.slot, *number);
  if (out) return out;
  const bool is_like = !p.negated && (text != nullptr || std::holds_alternative<RegexTest>(p.test));
  return Anchor{is_like ? How::is_like : How::holds, p.slot, {}, 0, term};
}

// Every set of which the term demands one.
void collect(const Program& program, TermIndex index, std::vector<Alternatives>& out) {
  const Term& term = program.terms()[index];
  const auto kid = [&](std::uint32_t i) { return program.kids()[term.first + i]; };
  switch (term.kind) {
    case Term::Kind::predicate:
      if (auto one = of_predicate(program, index)) out.push_back({std::move(*one)});
      return;
    case Term::Kind::all:
      for (std::uint32_t i = 0; i < term.count; ++i) collect(program, kid(i), out);
      return;
    case Term::Kind::any: {
      Alternatives together;
      for (std::uint32_t i = 0; i < term.count; ++i) {
        std::vector<Alternatives> of_kid;
        collect(program, kid(i), of_kid);
        if (of_kid.empty()) return;
        together.insert(of_kid.front().begin(), of_kid.front().end());
      }
      out.push_back(std::move(together));
      return;
    }
    case Term::Kind::negation:
    case Term::Kind::at_least:
    case Term::Kind::exonerating:
      return;
  }
}

// How often an anchor is likely to hold, as far as the rules tell: what few rules demand is rare, a text is rarer than
// its beginning, that rarer than a part of it, and that rarer than a bound or whatever else is asked of a field.
std::size_t weight(How how) {
  switch (how) {
    case How::equals:
      return 1;
    case How::begins:
    case How::ends:
      return 8;
    case How::is_like:
      return 16;
    case How::at_least:
    case How::at_most:
      return 64;
    case How::holds:
      return 4096;
  }
  return 4096;
}

}  // namespace

Anchors::Field& Anchors::field(SlotIndex slot) {
  const auto at = std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.slot == slot; });
  return at != fields_.end() ? *at : fields_.emplace_back(Field{slot, {}, {}, {}, {}, {}});
}

void Anchors::file(const Anchor& a, std::uint32_t rule) {
  Field& f = field(a.slot);
  if (f.all.empty() || f.all.back() != rule) f.all.push_back(rule);
  if (a.how == How::is_like || a.how == How::holds) {
    auto at = std::find_if(f.asked.begin(), f.asked.end(), [&](const auto& one) { return one.first == a.predicate; });
    if (at == f.asked.end()) at = f.asked.insert(at, {a.predicate, {}});
    return at->second.push_back(rule);
  }
  if (a.how == How::at_least) return f.at_least.emplace_back(a.millionths, rule), void();
  if (a.how == How::at_most) return f.at_most.emplace_back(a.millionths, rule), void();
  const std::size_t length = a.how == How::equals ? 0 : a.text.size();
  auto at = std::find_if(f.texts.begin(), f.texts.end(),
                         [&](const Texts& t) { return t.how == a.how && t.length == length; });
  if (at == f.texts.end()) at = f.texts.insert(at, {a.how, length, {}});
  at->rules[a.text].push_back(rule);
}

void Anchors::build(const Program& program, const std::vector<TermIndex>& terms,
                    std::span<const std::uint32_t> rules) {
  std::map<std::uint32_t, std::vector<Alternatives>> of_rule;
  std::map<Anchor, std::size_t> users;
  for (const std::uint32_t rule : rules) {
    collect(program, terms[rule], of_rule[rule]);
    for (const Alternatives& set : of_rule[rule])
      for (const Anchor& a : set) ++users[a];
  }
  const auto crowd = [&](const Alternatives& set) {
    std::size_t n = 0;
    for (const Anchor& a : set) n += users[a] * weight(a.how);
    return n;
  };
  for (const auto& [rule, sets] : of_rule) {
    const auto best = std::min_element(sets.begin(), sets.end(), [&](const Alternatives& a, const Alternatives& b) {
      return crowd(a) < crowd(b);
    });
    if (best == sets.end()) {
      free_.push_back(rule);
      continue;
    }
    for (const Anchor& a : *best) file(a, rule);
  }
  for (Field& f : fields_) {
    std::sort(f.at_least.begin(), f.at_least.end());
    std::sort(f.at_most.begin(), f.at_most.end());
  }
}

void Anchors::name(const Field& f, const Value& value) {
  if (value.is_unknown()) return name(f.all);
  if (!f.texts.empty()) {
    if (value.kind == Kind::text)
      folded_.assign(value.text);
    else
      folded_ = to_text(value);
    for (char& c : folded_) c = ascii_lower(c);
    const std::string_view whole = folded_;
    for (const Texts& t : f.texts) {
      if (whole.size() < t.length) continue;
      const auto part = t.how == How::equals ? whole
                        : t.how == How::begins ? whole.substr(0, t.length)
                                               : whole.substr(whole.size() - t.length);
      if (const auto at = t.rules.find(part); at != t.rules.end()) name(at->second);
    }
  }
  // A text may be a number too: then every bound may hold.
  const bool is_decimal = value.kind == Kind::decimal;
  for (auto at = f.at_least.begin(); at != f.at_least.end() && (!is_decimal || at->first <= value.number); ++at)
    named_.push_back(at->second);
  for (auto at = f.at_most.rbegin(); at != f.at_most.rend() && (!is_decimal || at->first >= value.number); ++at)
    named_.push_back(at->second);
}

const std::vector<std::uint32_t>& Anchors::candidates(Matcher& matcher) {
  named_ = free_;
  for (const Field& f : fields_) {
    bool is_there = false;
    matcher.each(f.slot, [&](const Value& value) { is_there = true, name(f, value); });
    if (!is_there) continue;
    for (const auto& [predicate, rules] : f.asked)
      if (matcher.answer(predicate) != Truth::no) name(rules);
  }
  std::sort(named_.begin(), named_.end());
  named_.erase(std::unique(named_.begin(), named_.end()), named_.end());
  return named_;
}

}  // namespace quaywatch::rules
