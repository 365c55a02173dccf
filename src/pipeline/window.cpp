#include "pipeline/window.h"

#include <algorithm>
#include <optional>
#include <set>

#include "timeline/occurrence.h"

namespace quaywatch::pipeline {
namespace {

using rules::Correlation;
using rules::CorrelationType;
using rules::Criterion;
using rules::Operator;
using rules::RuleSet;

__extension__ typedef __int128 Wide;  // sums of thousands of 64-bit numbers

constexpr Wide kInfinite = Wide{1} << 120;

// The number of a window, from what is certain to what may be; times the number of values for an average.
struct Number {
  Wide least = 0, most = 0;
  std::int64_t scale = 1;  // what a constant is to be multiplied by; 0: there is no number
};

Truth compare(const Criterion& c, const Number& n) {
  const Wide limit = Wide{c.millionths} * n.scale;
  switch (c.comparison) {
    case Operator::gt:
      return n.least > limit ? Truth::yes : n.most > limit ? Truth::unknown : Truth::no;
    case Operator::gte:
      return n.least >= limit ? Truth::yes : n.most >= limit ? Truth::unknown : Truth::no;
    case Operator::lt:
      return n.most < limit ? Truth::yes : n.least < limit ? Truth::unknown : Truth::no;
    case Operator::lte:
      return n.most <= limit ? Truth::yes : n.least <= limit ? Truth::unknown : Truth::no;
    case Operator::eq:
      if (n.least > limit || n.most < limit) return Truth::no;
      return n.least == n.most ? Truth::yes : Truth::unknown;
    case Operator::neq:
      return !compare({Operator::eq, c.millionths}, n);
  }
  return Truth::no;
}

// Order by clocks alone (DESIGN section 6a, "Skew"): two records of one instant are in no order, and nothing is before
// itself.
Truth before(const Event& a, const Event& b) {
  if (&a == &b || a.id == b.id) return Truth::no;
  return a.event_time == b.event_time ? Truth::unknown : timeline::before(a, b);
}

Timestamp earliest(const Event& e) {
  return e.event_time - seconds(e.time_error_s);
}
Timestamp latest(const Event& e) {
  return e.event_time + seconds(e.time_error_s);
}

// The smallest of some instants, leaving out that of one event.
class Smallest {
 public:
  void add(Timestamp t, const Event& of) {
    if (of_ == nullptr || t < first_) {
      second_ = first_;
      first_ = t;
      of_ = &of;
    } else {
      second_ = std::min(second_, t);
    }
  }
  Timestamp without(const Event& e) const { return of_ == &e ? second_ : first_; }

 private:
  Timestamp first_ = Timestamp::max(), second_ = Timestamp::max();
  const Event* of_ = nullptr;
};

// One reading of the window. The lenient one takes it that what is open does not exonerate.
class Reading {
 public:
  Reading(const Correlation& c, const Hits& hits, std::size_t at, const Search& search, bool is_lenient)
      : c_(c), hits_(hits), at_(at), search_(search), is_lenient_(is_lenient), t_(anchor().event_time) {}

  Judgement read() {
    const Truth itself = matches(hits_[at_], ~c_.searched);
    if (itself != Truth::no) out_.truth = both(itself, c_.at_close ? closed() : at_once());
    return std::move(out_);
  }

 private:
  const Event& anchor() const { return *hits_[at_].event; }
  void note(UnknownCause cause, FieldId open = FieldId::event_type) {
    if (out_.cause == UnknownCause::none || cause == UnknownCause::pending) out_.cause = cause;
    if (std::find(out_.open.begin(), out_.open.end(), open) == out_.open.end()) out_.open.push_back(open);
  }

  // Did the hit match one of `rules`?
  Truth matches(const Hit& hit, RuleSet rules) {
    if (hit.yes & rules) return Truth::yes;
    if (!(hit.any() & rules)) return Truth::no;
    if (is_lenient_ && (rules & ~c_.searched) && (hit.provisional & rules)) return Truth::yes;
    note(hit.cause);
    for (const FieldId f : hit.open) note(hit.cause, f);
    return Truth::unknown;
  }
  Truth none_if_excuse(Truth found, RuleSet rule) const {
    return is_lenient_ && found == Truth::unknown && (c_.exonerating & rule) ? Truth::no : found;
  }

  void set_window(Timestamp from, Timestamp until) {
    out_.from = from;
    out_.until = until;
    out_.first = first_from(hits_, from);
    out_.last = first_from(hits_, until + Duration{1});
  }

  Truth all_criteria(const Number& n) const {
    Truth out = n.scale == 0 ? Truth::no : Truth::yes;
    for (const Criterion& c : c_.criteria) out = both(out, compare(c, n));
    return out;
  }

  Truth at_once() {
    set_window(t_ - c_.timespan, t_);
    if (c_.type == CorrelationType::temporal_ordered) return c_.searched ? ordered_absence() : in_order();
    return c_.condition ? holds(*c_.condition) : all_criteria(number());
  }

  // Fewer than so many, or just so many: only when nothing more can come into the window, and only in a window whose
  // events are not all in an earlier one, or every beginning and every end of a crowd would match.
  Truth closed() {
    set_window(t_, t_ + c_.timespan);
    if (at_ != out_.first) return Truth::no;  // of one instant the first opens the window
    if (at_ > 0 && hits_[out_.last - 1].event->event_time <= hits_[at_ - 1].event->event_time + c_.timespan)
      return Truth::no;
    Number n = number();
    if (!is_searched_for()) {
      n.most = kInfinite;
      if (c_.type == CorrelationType::value_sum || c_.type == CorrelationType::value_avg) n.least = -kInfinite;
    }
    return all_criteria(n);
  }

  bool is_searched_for() {
    for (std::size_t i = 0; i < c_.joins.size(); ++i)
      if (!is_searched_for(i, out_.from, out_.until)) return false;
    return true;
  }
  bool is_searched_for(std::size_t joined, Timestamp from, Timestamp until) {
    Searched s = search_(joined, anchor().facility, from, until);
    if (s.cause != UnknownCause::none) return note(s.cause), false;
    out_.absence.known_at = std::max(out_.absence.known_at, s.known_at);
    for (Evidence& e : s.searches) out_.absence.searches.push_back(std::move(e));
    return true;
  }

  Number number() {
    switch (c_.type) {
      case CorrelationType::event_count:
        return event_count();
      case CorrelationType::value_count:
        return value_count();
      case CorrelationType::value_sum:
      case CorrelationType::value_avg:
        return sum();
      case CorrelationType::temporal:
      case CorrelationType::temporal_ordered:
        break;
    }
    return rule_count();
  }

  Number event_count() {
    Number n;
    for (std::size_t i = out_.first; i < out_.last; ++i) {
      const Truth t = matches(hits_[i], ~RuleSet{0});
      n.least += t == Truth::yes ? kDecimalOne : 0;
      n.most += t != Truth::no ? kDecimalOne : 0;
    }
    return n;
  }

  Number rule_count() {
    Number n;
    for (std::size_t i = 0; i < c_.joins.size(); ++i) {
      const Truth t = found(RuleSet{1} << i, out_.from, out_.until);
      n.least += t == Truth::yes ? kDecimalOne : 0;
      n.most += t != Truth::no ? kDecimalOne : 0;
    }
    return n;
  }

  // An open value may be one that is counted already, or another.
  Number value_count() {
    std::set<std::string_view> certain, possible;
    Wide open = 0;
    for (std::size_t i = out_.first; i < out_.last; ++i) {
      const Hit& hit = hits_[i];
      const Truth t = matches(hit, ~RuleSet{0});
      if (hit.is_value_open) note(hit.cause), ++open;
      for (const std::string& v : hit.values) {
        if (t != Truth::no) possible.insert(v);
        if (t == Truth::yes) certain.insert(v);
      }
    }
    return {Wide{static_cast<std::int64_t>(certain.size())} * kDecimalOne,
            (Wide{static_cast<std::int64_t>(possible.size())} + open) * kDecimalOne, 1};
  }

  // With anything open an average may be anything, and so may a sum to which an open value belongs.
  Number sum() {
    Number n{0, 0, 0};
    bool is_open = false;
    for (std::size_t i = out_.first; i < out_.last; ++i) {
      const Hit& hit = hits_[i];
      const Truth t = matches(hit, ~RuleSet{0});
      if (hit.is_value_open) note(hit.cause), is_open = true;
      is_open |= t == Truth::unknown && c_.type == CorrelationType::value_avg;
      for (const std::int64_t v : hit.numbers) {
        n.least += t == Truth::yes ? v : std::min<Wide>(v, 0);
        n.most += t == Truth::yes ? v : std::max<Wide>(v, 0);
      }
      n.scale += static_cast<std::int64_t>(hit.numbers.size());
    }
    if (n.scale == 0 && !is_open) return n;
    if (c_.type == CorrelationType::value_sum || n.scale == 0) n.scale = 1;
    if (is_open) n.least = -kInfinite, n.most = kInfinite;
    return n;
  }

  // Did one of `rules` match an event of the interval?
  Truth found(RuleSet rules, Timestamp from, Timestamp until) {
    Truth out = Truth::no;
    for (std::size_t i = first_from(hits_, from); i < hits_.size() && hits_[i].event->event_time <= until; ++i) {
      out = either(out, matches(hits_[i], rules));
      if (out == Truth::yes) break;
    }
    return out;
  }

  // `temporal` over a condition: what is searched must be on neither side.
  Truth holds(const rules::Condition& c) {
    using Kind = rules::Condition::Kind;
    if (c.kind == Kind::identifier) {
      const RuleSet rule = RuleSet{1} << c.index;
      if (!(c_.searched & rule)) return found(rule, out_.from, out_.until);
      Truth t = found(rule, t_ - c_.timespan, t_ + c_.timespan);
      if (t == Truth::no && !is_searched_for(c.index, t_ - c_.timespan, t_ + c_.timespan)) t = Truth::unknown;
      return none_if_excuse(t, rule);
    }
    if (c.kind == Kind::negation) return !holds(c.parts.front());
    std::size_t yes = 0, possible = 0;
    for (const rules::Condition& part : c.parts) {
      const Truth t = holds(part);
      yes += t == Truth::yes;
      possible += t != Truth::no;
    }
    const std::size_t needed = c.kind == Kind::all ? c.parts.size() : c.kind == Kind::any ? 1 : c.threshold;
    return yes >= needed ? Truth::yes : possible >= needed ? Truth::unknown : Truth::no;
  }

  Truth ordered_absence() {
    out_.first = at_;
    out_.last = at_ + 1;
    Truth out = Truth::yes;
    bool is_after = false;
    for (std::size_t i = 0; i < c_.joins.size(); ++i) {
      const RuleSet rule = RuleSet{1} << i;
      if (!(c_.searched & rule)) is_after = true;
      if (c_.searched & rule) out = both(out, !found_in_order(i, is_after));
    }
    return out;
  }

  Truth found_in_order(std::size_t joined, bool is_after) {
    const RuleSet rule = RuleSet{1} << joined;
    Truth out = Truth::no;
    for (std::size_t i = first_from(hits_, t_ - c_.timespan);
         i < hits_.size() && hits_[i].event->event_time <= t_ + c_.timespan; ++i) {
      const Event& e = *hits_[i].event;
      if (!(hits_[i].any() & rule)) continue;
      const Truth order = is_after ? before(anchor(), e) : before(e, anchor());
      if (order == Truth::no) continue;
      if (order == Truth::unknown) note(UnknownCause::order);
      out = either(out, both(order, matches(hits_[i], rule)));
    }
    const Timestamp from = is_after ? t_ : t_ - c_.timespan;
    if (out == Truth::no && !is_searched_for(joined, from, from + c_.timespan)) out = Truth::unknown;
    return none_if_excuse(out, rule);
  }

  // One event for each rule, each before the next, the last of them this one. What is reached by certain steps is
  // certain, what is reached by steps that may be in order is open.
  Truth in_order() {
    const std::size_t final_rule = c_.joins.size() - 1;
    if (!(hits_[at_].any() & (RuleSet{1} << final_rule))) return Truth::no;
    const std::size_t end = first_from(hits_, t_ + c_.timespan + Duration{1});  // clocks may have it the other way
    Smallest surely, perhaps;
    for (std::size_t rule = 0; rule < final_rule; ++rule) {
      const Smallest reached_surely = surely, reached_perhaps = perhaps;
      surely = perhaps = Smallest();
      for (std::size_t i = out_.first; i < end; ++i) {
        if (!(hits_[i].any() & (RuleSet{1} << rule))) continue;
        const Truth step = rule == 0 ? Truth::yes : reached(reached_surely, reached_perhaps, *hits_[i].event);
        const Truth t = both(step, matches(hits_[i], RuleSet{1} << rule));
        if (t == Truth::yes) surely.add(latest(*hits_[i].event), *hits_[i].event);
        if (t != Truth::no) perhaps.add(earliest(*hits_[i].event), *hits_[i].event);
      }
    }
    const Truth step = reached(surely, perhaps, anchor());
    if (step == Truth::unknown) note(UnknownCause::order);
    return both(step, matches(hits_[at_], RuleSet{1} << final_rule));
  }

  static Truth reached(const Smallest& surely, const Smallest& perhaps, const Event& e) {
    if (surely.without(e) < earliest(e)) return Truth::yes;
    return perhaps.without(e) <= latest(e) ? Truth::unknown : Truth::no;
  }

  const Correlation& c_;
  const Hits& hits_;
  std::size_t at_;
  const Search& search_;
  bool is_lenient_;
  Timestamp t_;
  Judgement out_;
};

}  // namespace

Judgement judge(const Correlation& correlation, const Hits& hits, std::size_t at, const Search& search) {
  Judgement strict = Reading(correlation, hits, at, search, false).read();
  if (strict.truth == Truth::yes) strict.cause = UnknownCause::none, strict.open.clear();
  if (strict.truth != Truth::unknown) return strict;
  Judgement lenient = Reading(correlation, hits, at, search, true).read();
  if (lenient.truth != Truth::yes) return strict;
  lenient.provisional = true;
  lenient.cause = strict.cause;
  lenient.open = std::move(strict.open);
  return lenient;
}

std::pair<Timestamp, Timestamp> affected(const Correlation& c, RuleSet changed, Timestamp at, Duration error) {
  const bool is_ordered = c.type == CorrelationType::temporal_ordered;
  if (c.at_close || (c.searched & changed)) return {at - c.timespan, at + c.timespan};
  if (is_ordered && c.searched) return {at, at};  // what is there says nothing about other events
  // Of two whose clocks do not tell the order, the later by the clock may have come first.
  return {is_ordered ? at - std::min(c.timespan, error + error) : at, at + c.timespan};
}

// Nearly every question is about the last few: to step back to them fetches fewer events than to halve the whole.
std::size_t first_from(const Hits& hits, Timestamp t) {
  constexpr std::size_t kSteps = 8;
  const auto is_before = [](const Hit& h, Timestamp time) { return h.event->event_time < time; };
  std::size_t at = hits.size();
  for (std::size_t i = 0; i < kSteps; ++i) {
    if (at == 0 || is_before(hits[at - 1], t)) return at;
    --at;
  }
  const auto end = hits.begin() + static_cast<std::ptrdiff_t>(at);
  return static_cast<std::size_t>(std::lower_bound(hits.begin(), end, t, is_before) - hits.begin());
}

}  // namespace quaywatch::pipeline
