// Correlation oracle: what correlations say, computed a second time and as plainly as possible. It keeps every event
// that is true in the end, sorts them, and asks every definition of docs/reference/rules.md of every event, again and
// again: no index, no order of arrival, no state. What the joined detections say of an event is given to it. Where it
// and src/pipeline differ, one of them misreads those definitions.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/truth.h"
#include "model/coverage.h"
#include "model/event.h"
#include "rules/rule.h"

namespace quaywatch::tests {

// What a rule says about an event; `provisional`: yes, if what is open does not exonerate.
struct Said {
  Truth truth = Truth::no;
  bool provisional = false;
};

class CorrelationOracle {
 public:
  using Ask = std::function<Said(std::size_t rule, const EventPtr&)>;                // detections only
  using Values = std::function<std::vector<std::string>(const EventPtr&, FieldId)>;  // "?" is unknown

  CorrelationOracle(const rules::Pack& pack, std::vector<EventPtr> events, std::vector<CoverageStatement> coverage,
                    std::vector<FeedExpectation> expected, Timestamp now, Ask ask, Values values)
      : pack_(pack),
        events_(std::move(events)),
        coverage_(std::move(coverage)),
        expected_(std::move(expected)),
        now_(now),
        ask_(std::move(ask)),
        values_(std::move(values)) {}

  std::set<std::string> groups(std::size_t rule, const EventPtr& e) const {
    std::set<std::string> out;
    for (std::size_t i = 0; i < of(rule)->joins.size(); ++i) out.insert(group(*of(rule), i, e));
    out.erase("");
    return out;
  }

  // Strictly, then with the open excuses taken not to apply.
  Said says(std::size_t rule, const std::string& group, const EventPtr& e) const {
    const rules::Correlation& c = *of(rule);
    Truth t = holds(c, group, e, false);
    const bool provisional = t == Truth::unknown && holds(c, group, e, true) == Truth::yes;
    if (provisional) t = Truth::yes;
    const Timestamp from = c.at_close ? e->event_time : e->event_time - c.timespan;
    const Timestamp until = c.at_close ? e->event_time + c.timespan : e->event_time;
    if (t == Truth::yes)
      for (const EventType type : pack_.rules()[rule].needs_types)
        if (cover(type, e->facility, from, until) != Cover::covered) return {Truth::unknown, false};
    return {t, provisional};
  }

 private:
  using C = rules::Correlation;
  using Type = rules::CorrelationType;
  enum class Cover { none, hole, covered };

  const C* of(std::size_t rule) const {
    for (const C& c : pack_.correlations())
      if (c.rule == rule) return &c;
    return nullptr;
  }

  std::string group(const C& c, std::size_t joined, const EventPtr& e) const {
    std::string out;
    for (const FieldId f : c.group_by[joined]) {
      const auto v = values_(e, f);
      if (v.empty() || v[0] == "?") return {};
      out += (out.empty() ? "" : "\x1f") + v[0];
    }
    return out;
  }

  // Did the event, in this group, match the i-th joined rule?
  Truth hit(const C& c, std::size_t i, const std::string& g, const EventPtr& e, bool lenient) const {
    const std::size_t rule = c.joins[i];
    if (group(c, i, e) != g || (!c.values.empty() && !has_value(c, e))) return Truth::no;
    Said said;
    if (of(rule) == nullptr)
      said = ask_(rule, e);
    else
      for (const std::string& inner : groups(rule, e)) {
        const Said s = says(rule, inner, e);
        if (s.truth > said.truth || (s.truth == said.truth && said.provisional)) said = s;
      }
    const bool is_searched = c.searched & (rules::RuleSet{1} << i);
    return said.provisional && (!lenient || is_searched) ? Truth::unknown : said.truth;
  }
  Truth hit_any(const C& c, const std::string& g, const EventPtr& e, bool lenient) const {
    Truth t = Truth::no;
    for (std::size_t i = 0; i < c.joins.size(); ++i)
      if (!(c.searched & (rules::RuleSet{1} << i))) t = either(t, hit(c, i, g, e, lenient));
    return t;
  }
  bool has_value(const C& c, const EventPtr& e) const {
    return std::all_of(c.values.begin(), c.values.end(), [&](FieldId f) { return !values_(e, f).empty(); });
  }

  std::vector<EventPtr> between(Timestamp from, Timestamp until) const {
    std::vector<EventPtr> out;
    for (const EventPtr& e : events_)
      if (from <= e->event_time && e->event_time <= until) out.push_back(e);
    return out;
  }

  Truth holds(const C& c, const std::string& g, const EventPtr& e, bool lenient) const {
    const Truth itself = hit_any(c, g, e, lenient);
    if (itself == Truth::no) return itself;
    const Timestamp t = e->event_time;
    if (c.at_close) {
      // Not a window of its own: an earlier hit of this instant, or an earlier window that holds everything.
      const EventPtr* before = nullptr;
      Timestamp last = t;
      for (const EventPtr& o : events_) {
        if (hit_any(c, g, o, false) == Truth::no && hit_any(c, g, o, true) == Truth::no) continue;
        if (place(*o) < place(*e)) before = &o;
        if (o->event_time <= t + c.timespan) last = std::max(last, o->event_time);
      }
      if (before && ((*before)->event_time == t || last <= (*before)->event_time + c.timespan)) return Truth::no;
      bool covered = true;
      for (const std::size_t rule : c.joins) covered &= is_covered(rule, e->facility, t, t + c.timespan);
      return both(itself, criteria(c, g, between(t, t + c.timespan), lenient, covered));
    }
    if (c.type == Type::temporal_ordered)
      return both(itself, c.searched ? ordered_absence(c, g, e, lenient)
                                     : in_order(c, g, e, c.joins.size() - 1, t, lenient));
    return both(itself, c.condition ? tree(c, *c.condition, g, e, lenient)
                                    : criteria(c, g, between(t - c.timespan, t), lenient, true));
  }

  // The least and the most that the number can be, and how often a constant counts.
  Truth criteria(const C& c, const std::string& g, const std::vector<EventPtr>& window, bool lenient, bool all) const {
    long double least = 0, most = 0, n = 1;
    bool open = !all && (c.type == Type::value_sum || c.type == Type::value_avg);
    std::set<std::string> certain, possible;
    long double values = 0, open_values = 0;
    for (const EventPtr& e : window) {
      const Truth t = hit_any(c, g, e, lenient);
      if (t == Truth::no) continue;
      if (c.type == Type::event_count) least += t == Truth::yes, ++most;
      std::string combination;
      for (const FieldId f : c.values)
        for (const std::string& v : values_(e, f)) {
          if (v == "?") {
            ++open_values, open = true;
          } else if (c.values.size() > 1) {
            combination += v + "|";
          } else {
            possible.insert(v);
            if (t == Truth::yes) certain.insert(v);
            if (c.type != Type::value_sum && c.type != Type::value_avg) continue;
            const long double x = std::strtold(v.c_str(), nullptr);
            least += t == Truth::yes ? x : std::min(x, 0.0L), most += t == Truth::yes ? x : std::max(x, 0.0L), ++values;
            open |= t == Truth::unknown && c.type == Type::value_avg;
          }
        }
      if (!combination.empty()) possible.insert(combination), t == Truth::yes ? certain.insert(combination).second : 0;
    }
    if (c.type == Type::value_count)
      least = static_cast<long double>(certain.size()), most = static_cast<long double>(possible.size()) + open_values;
    if (c.type == Type::temporal)
      for (std::size_t i = 0; i < c.joins.size(); ++i) {
        Truth t = Truth::no;
        for (const EventPtr& e : window) t = either(t, hit(c, i, g, e, lenient));
        least += t == Truth::yes, most += t != Truth::no;
      }
    if (c.type == Type::value_sum || c.type == Type::value_avg) {
      if (values == 0 && !open) return Truth::no;
      if (c.type == Type::value_avg && values > 0) n = values;
      if (open) least = -1e30L, most = 1e30L;
    }
    if (!all) most = 1e30L;
    Truth out = Truth::yes;
    for (const rules::Criterion& k : c.criteria) {
      const long double x = static_cast<long double>(k.millionths) / kDecimalOne * n;
      const auto is = [&](bool sure, bool never) { return sure ? Truth::yes : never ? Truth::no : Truth::unknown; };
      using enum rules::Operator;
      const Truth equal = is(least == x && most == x, x < least || x > most);
      const Truth t[] = {is(least > x, most <= x), is(least >= x, most < x), is(most < x, least >= x),
                         is(most <= x, least > x), equal, !equal};
      out = both(out, t[static_cast<std::size_t>(k.comparison)]);
    }
    return out;
  }

  // DESIGN 6a, "Skew", and nothing else: at one instant there is no order.
  static Truth before(const Event& a, const Event& b) {
    if (a.id == b.id) return Truth::no;
    const Duration ea = seconds(a.time_error_s), eb = seconds(b.time_error_s);
    if (a.event_time + ea < b.event_time - eb) return Truth::yes;
    return b.event_time + eb < a.event_time - ea ? Truth::no : Truth::unknown;
  }

  // One event for each rule up to the i-th, which is `e`, each before the next.
  Truth in_order(const C& c, const std::string& g, const EventPtr& e, std::size_t i, Timestamp end,
                 bool lenient) const {
    Truth out = Truth::no;
    const Truth itself = hit(c, i, g, e, lenient);
    if (i == 0 || itself == Truth::no) return itself;
    for (const EventPtr& o : between(end - c.timespan, end + c.timespan))
      out = either(out, both(before(*o, *e), in_order(c, g, o, i - 1, end, lenient)));
    return both(out, itself);
  }

  Truth excuse(const C& c, std::size_t i, Truth found, bool covered, bool lenient) const {
    if (found == Truth::no && !covered) found = Truth::unknown;
    return lenient && found == Truth::unknown && (c.exonerating & (rules::RuleSet{1} << i)) ? Truth::no : found;
  }

  Truth ordered_absence(const C& c, const std::string& g, const EventPtr& e, bool lenient) const {
    Truth out = Truth::yes;
    bool after = false;
    for (std::size_t i = 0; i < c.joins.size(); ++i) {
      if (!(c.searched & (rules::RuleSet{1} << i))) {
        after = true;
        continue;
      }
      Truth found = Truth::no;
      for (const EventPtr& o : between(e->event_time - c.timespan, e->event_time + c.timespan))
        found = either(found, both(after ? before(*e, *o) : before(*o, *e), hit(c, i, g, o, lenient)));
      const Timestamp from = after ? e->event_time : e->event_time - c.timespan;
      out = both(out, !excuse(c, i, found, is_covered(c.joins[i], e->facility, from, from + c.timespan), lenient));
    }
    return out;
  }

  Truth tree(const C& c, const rules::Condition& n, const std::string& g, const EventPtr& e, bool lenient) const {
    using Kind = rules::Condition::Kind;
    if (n.kind == Kind::identifier) {
      const bool is_searched = c.searched & (rules::RuleSet{1} << n.index);
      const Timestamp from = e->event_time - c.timespan;
      const Timestamp until = is_searched ? e->event_time + c.timespan : e->event_time;
      Truth found = Truth::no;
      for (const EventPtr& o : between(from, until)) found = either(found, hit(c, n.index, g, o, lenient));
      if (!is_searched) return found;
      return excuse(c, n.index, found, is_covered(c.joins[n.index], e->facility, from, until), lenient);
    }
    if (n.kind == Kind::negation) return !tree(c, n.parts[0], g, e, lenient);
    std::size_t yes = 0, possible = 0;
    for (const auto& part : n.parts) {
      const Truth t = tree(c, part, g, e, lenient);
      yes += t == Truth::yes, possible += t != Truth::no;
    }
    const std::size_t k = n.kind == Kind::all ? n.parts.size() : n.kind == Kind::any ? 1 : n.threshold;
    return yes >= k ? Truth::yes : possible >= k ? Truth::unknown : Truth::no;
  }

  Duration reach(std::size_t rule) const {
    Duration out;
    const auto* correlation = of(rule);
    if (!correlation) return out;
    for (const std::size_t joined : correlation->joins) out = std::max(out, reach(joined));
    return out + correlation->timespan;
  }
  bool is_covered(std::size_t rule, std::string_view facility, Timestamp from, Timestamp until) const {
    bool covered = false, hole = false;
    for (const EventType type : pack_.rules()[rule].types) {
      const Cover a = cover(type, facility, from - reach(rule), until);
      covered |= a == Cover::covered, hole |= a == Cover::hole;
    }
    return covered && !hole;
  }
  // The best that a feed answers; one that is still expected to answer keeps the question open.
  Cover cover(EventType type, std::string_view facility, Timestamp from, Timestamp until) const {
    Cover best = Cover::none;
    const auto speaks = [&](const auto& s) {
      return std::find(s.types.begin(), s.types.end(), type) != s.types.end() &&
             (facility.empty() || s.facility.empty() || s.facility == facility);
    };
    const auto covers = [&](const auto& s) {
      for (Timestamp t = from;;) {
        Timestamp reached = Timestamp::min();
        for (const CoverageStatement& o : coverage_)
          if (o.feed == s.feed && o.facility == s.facility && speaks(o) && o.from <= t)
            reached = std::max(reached, o.until);
        if (reached < t) return false;
        if (reached >= until) return true;
        t = reached + Duration{1};
      }
    };
    const auto stated = [](const FeedExpectation& e) { return std::pair(e.stated_at, e.lateness); };
    for (const FeedExpectation& e : expected_) {
      if (!speaks(e)) continue;
      best = std::max(best, Cover::hole);
      const bool is_last = std::none_of(expected_.begin(), expected_.end(), [&](const FeedExpectation& o) {
        return o.feed == e.feed && o.facility == e.facility && speaks(o) && stated(e) < stated(o);
      });
      if (is_last && until + e.lateness >= now_ && !covers(e)) return Cover::hole;
    }
    // A feed that answered before and after leaves a hole where it lost a part (docs/decisions/0013).
    const auto is_amid = [&](const auto& s) {
      Timestamp first = Timestamp::max(), last = Timestamp::min();
      for (const CoverageStatement& o : coverage_)
        if (o.feed == s.feed && o.facility == s.facility && speaks(o))
          first = std::min(first, o.from), last = std::max(last, o.until);
      return first <= from && until <= last;
    };
    bool is_lost = false;
    for (const CoverageStatement& s : coverage_)
      if (speaks(s)) {
        best = std::max(best, covers(s) ? Cover::covered : Cover::hole);
        is_lost |= !covers(s) && is_amid(s);
      }
    return is_lost ? Cover::hole : best;
  }

  const rules::Pack& pack_;
  std::vector<EventPtr> events_;
  std::vector<CoverageStatement> coverage_;
  std::vector<FeedExpectation> expected_;
  Timestamp now_;
  Ask ask_;
  Values values_;
};

}  // namespace quaywatch::tests
