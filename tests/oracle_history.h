// Oracle: the facts of the catalogue, computed a second time and as plainly as possible. It keeps every event, knows no
// index, no folded state and no order of arrival, and answers each question by walking the sorted list: what the
// sentences of src/model/fields.toml and DESIGN section 6a say, and nothing for speed. Where it and src/timeline
// differ, one of them misreads those sentences. This file: which words count, their order, and what absence needs; the
// facts stand in one header per family, which oracle.h joins.
//
// Like the timelines it looks back from the place of the event, where a sentence does not say that a fact looks ahead.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/truth.h"
#include "model/coverage.h"
#include "model/event.h"

namespace quaywatch::tests {

using Answers = std::map<std::string, std::string>;  // fact name: value, values joined by '|', or "unknown: cause"
using Events = std::vector<EventPtr>;                // by place

// Values in the spelling of to_text.
inline std::string number_text(std::int64_t millionths) {
  return format_decimal(millionths);
}
inline std::string minutes_text(Timestamp since, Timestamp until) {
  return number_text((until - since).us / 60);
}

// DESIGN 6a, "Skew"; without errors the place decides.
inline Truth before(const Event& a, const Event& b) {
  const Duration ea = seconds(a.time_error_s), eb = seconds(b.time_error_s);
  if (ea.us == 0 && eb.us == 0) return truth(place(a) < place(b));
  if (a.event_time + ea < b.event_time - eb) return Truth::yes;
  return b.event_time + eb < a.event_time - ea ? Truth::no : Truth::unknown;
}
// A value that holds if `a` was before `b`.
inline std::string if_before(const Event& a, const Event& b, std::string value) {
  return before(a, b) == Truth::unknown ? "unknown: order" : value;
}

// DESIGN 5: reports of different feeds inside same_within, "widened by both errors"; or one feed's record again. "Only
// actual happens": a plan is no report of what happened.
inline bool one_occurrence(const Event& a, const Event& b) {
  if (a.type != b.type || a.facility != b.facility || a.classifier != b.classifier) return false;
  if (a.feed == b.feed) return a.event_time == b.event_time;
  const std::int64_t apart = std::abs((b.event_time - a.event_time).us);
  return apart <= seconds(info(a.type).same_within_s + a.time_error_s + b.time_error_s).us;
}

inline std::vector<std::string> values_of(const Event& e, FieldId field) {
  std::vector<std::string> out;
  e.fields.each(field, [&](const Value& v) { out.push_back(to_text(v)); });
  return out;
}
inline std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& v : values) out += (out.empty() ? "" : "|") + v;
  return out;
}
template <typename T>
bool has(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

inline bool by_place(const EventPtr& a, const EventPtr& b) {
  return place(*a) < place(*b);
}

class History {
 public:
  // All words as they came, in any order, repeated or not.
  History(Events words, std::vector<CoverageStatement> coverage)
      : events_(in_the_end(std::move(words))), coverage_(std::move(coverage)) {}

  const Events& events() const { return events_; }

  // Events that name the subject and of which `keep` says yes.
  template <typename F>
  Events of(FieldId subject, std::string_view key, F&& keep) const {
    Events out;
    for (const EventPtr& e : events_)
      if (!key.empty() && has(values_of(*e, subject), std::string(key)) && keep(*e)) out.push_back(e);
    return out;
  }
  Events earlier(FieldId subject, std::string_view key, const Event& event) const {
    return of(subject, key, [&](const Event& e) { return place(e) < place(event); });
  }
  Events earlier_of_box(const Event& event) const {
    return earlier(FieldId::container_number, event.text(FieldId::container_number), event);
  }
  // Those before, and those up to `ahead` behind, ends included (DESIGN 6a, "Windows"); never the event itself.
  Events until(FieldId subject, std::string_view key, const Event& event, Duration ahead) const {
    return of(subject, key,
              [&](const Event& e) { return e.id != event.id && e.event_time <= event.event_time + ahead; });
  }

  // --- coverage ---

  // The value, if every one of the types is certainly absent: one that no feed provides is not waited for, but one must
  // be covered.
  std::string absent(const std::vector<EventType>& types, std::string_view facility, Timestamp from, Timestamp until,
                     std::string value) const {
    bool covered = false, hole = false;
    for (const EventType type : types) {
      const Cover c = cover(type, facility, from, until);
      covered |= c == Cover::covered;
      hole |= c == Cover::hole;
    }
    return covered && !hole ? value : "unknown: no_coverage";
  }
  // Did the feed of this event answer for the type before and after some part of the interval, and not for that part?
  bool is_lost(const Event& event, EventType type, Timestamp from, Timestamp until) const {
    for (const CoverageStatement& s : coverage_) {
      const bool is_here = s.facility.empty() || event.facility.empty() || s.facility == event.facility;
      if (s.feed != event.feed || !provides(s, type) || !is_here) continue;
      const auto [first, last] = span_of(s, type);
      const Timestamp begin = std::max(from, first), end = std::min(until, last);
      if (begin <= end && cover_of_feed(s, type, begin, end) == Cover::hole) return true;
    }
    return false;
  }

 private:
  // "correct and void act on every event of the same feed with this key": on those said before them.
  static Events in_the_end(Events words) {
    std::sort(words.begin(), words.end(), by_place);
    words.erase(std::unique(words.begin(), words.end(), [](auto& a, auto& b) { return a->id == b->id; }), words.end());
    const auto said = [](const Event& e) { return std::tie(e.reported_at, e.op, e.id); };
    Events out;
    for (const EventPtr& w : words) {
      const bool taken_back = std::any_of(words.begin(), words.end(), [&](const EventPtr& other) {
        return !w->natural_key.is_zero() && other->natural_key == w->natural_key && other->op != Op::assert_ &&
               said(*w) < said(*other);
      });
      if (!taken_back && w->op != Op::void_) out.push_back(w);
    }
    return out;
  }

  enum class Cover { none, hole, covered };

  Cover cover_of_feed(const CoverageStatement& provider, EventType type, Timestamp from, Timestamp until) const {
    for (Timestamp t = from;;) {
      Timestamp reached = Timestamp::min();
      for (const CoverageStatement& s : coverage_)
        if (s.feed == provider.feed && s.facility == provider.facility && provides(s, type) && s.from <= t)
          reached = std::max(reached, s.until);
      if (reached < t) return Cover::hole;
      if (reached >= until) return Cover::covered;
      t = reached + Duration{1};
    }
  }
  static bool provides(const CoverageStatement& s, EventType type) {
    return std::find(s.types.begin(), s.types.end(), type) != s.types.end();
  }
  Cover cover(EventType type, std::string_view facility, Timestamp from, Timestamp until) const {
    Cover best = Cover::none;
    bool is_lost = false;
    for (const CoverageStatement& s : coverage_)
      if (provides(s, type) && (facility.empty() || s.facility.empty() || s.facility == facility)) {
        const Cover c = cover_of_feed(s, type, from, until);
        best = std::max(best, c);
        is_lost |= c == Cover::hole && is_amid(s, type, from, until);
      }
    return is_lost ? Cover::hole : best;
  }
  // The feed answered before and after: what it lost between, no other feed can say (docs/decisions/0013).
  bool is_amid(const CoverageStatement& provider, EventType type, Timestamp from, Timestamp until) const {
    const auto [first, last] = span_of(provider, type);
    return first <= from && until <= last;
  }
  // From the first to the last instant that the feed answers for.
  std::pair<Timestamp, Timestamp> span_of(const CoverageStatement& provider, EventType type) const {
    Timestamp first = Timestamp::max(), last = Timestamp::min();
    for (const CoverageStatement& s : coverage_)
      if (s.feed == provider.feed && s.facility == provider.facility && provides(s, type))
        first = std::min(first, s.from), last = std::max(last, s.until);
    return {first, last};
  }

  Events events_;
  std::vector<CoverageStatement> coverage_;
};

}  // namespace quaywatch::tests
