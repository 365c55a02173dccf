// Facts: what the timelines say about one event, just before it happened. Circumstances only, never a verdict.
// Each fact cites what it rests on: the events, or the search that found nothing. An alert decomposes into these.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "model/event.h"
#include "timeline/coverage.h"

namespace quaywatch::timeline {

// What was looked for in vain, and whether somebody answered for all of the interval.
struct Searched {
  EventType type{};
  Timestamp from, until;
  std::string_view facility;  // of an event that the timelines hold; empty: any
  Cover cover = Cover::covered;
  Timestamp answered_at;  // when the last piece of the coverage that allowed the conclusion was received
};

// One of the two: an event that the timelines hold, or a search.
struct Citation {
  const Event* event = nullptr;
  const Searched* search = nullptr;

  Timestamp known_at() const { return event != nullptr ? event->received_at : search->answered_at; }
};

// The absence of every one of `types`: alternatives of one record. One that no feed of the site provides is not waited
// for; when none is provided the answer is no_coverage.
struct Search {
  std::initializer_list<EventType> types;
  std::string_view facility;  // of an event that the timelines hold; empty: any
  Timestamp from, until;
};

class Facts {
 public:
  Record values;

  void clear();
  // fn(fact, Citation), in the order cited.
  template <typename F>
  void each_citation(F&& fn) const {
    each(cited_, &Same::end, [&](FieldId fact, const Cited& c) {
      fn(fact, c.event != nullptr ? Citation{c.event, nullptr} : Citation{nullptr, &searches_[c.search].second});
    });
  }
  // fn(fact, Searched) of the searches among them.
  template <typename F>
  void each_search(F&& fn) const {
    each(searches_, &Same::end_of_searches, [&](FieldId fact, const auto& search) { fn(fact, search.second); });
  }
  // Those that rest on an event for which `is` is true.
  template <typename Is>
  std::vector<FieldId> resting_on(Is&& is) const {
    std::vector<std::pair<FieldId, std::size_t>> first;  // of each fact, the first such citation
    const auto of = [&](FieldId fact) {
      return std::find_if(first.begin(), first.end(), [fact](const auto& f) { return f.first == fact; });
    };
    for (std::size_t i = 0; i < cited_.size(); ++i) {
      const Cited& c = cited_[i];
      if (c.event != nullptr && of(c.fact) == first.end() && is(*c.event)) first.emplace_back(c.fact, i);
    }
    std::vector<FieldId> out;
    for (const auto& [fact, at] : first) out.push_back(fact);
    for (const Same& s : same_)
      if (const auto at = of(s.other); at != first.end() && at->second < s.end) out.push_back(s.fact);
    return out;
  }
  void cite(FieldId fact, const EventPtr& event);
  // `fact` rests on what `other` rests on.
  void cite_as(FieldId fact, FieldId other);
  void text(FieldId f, std::string_view v, const EventPtr& from) { values.add_text(f, v), cite(f, from); }
  void boolean(FieldId f, bool v, const EventPtr& from) { values.add_boolean(f, v), cite(f, from); }
  void integer(FieldId f, std::int64_t v, const EventPtr& from) { values.add_integer(f, v), cite(f, from); }
  void decimal(FieldId f, std::int64_t millionths, const EventPtr& from) {
    values.add_decimal(f, millionths), cite(f, from);
  }
  void time(FieldId f, Timestamp v, const EventPtr& from) { values.add_time(f, v), cite(f, from); }
  void unknown(FieldId f, UnknownCause cause) { values.add_unknown(f, cause); }
  // Unknown because of `why`, as when its clock does not tell which came first.
  void unknown(FieldId f, UnknownCause cause, const EventPtr& why) { values.add_unknown(f, cause), cite(f, why); }
  // Minutes from `since` to `until`, exact to the microsecond.
  void minutes(FieldId f, const EventPtr& since, Timestamp until) {
    decimal(f, (until - since->event_time).us / 60, since);
  }
  // Are the searched records certainly absent? `none` when they are, else why that is not known. Cited either way.
  UnknownCause search(FieldId f, const Search& what, const Coverage& coverage);
  // `f` is unknown: a record of `type` in [from, until] would have changed it, and that part of its feed was lost.
  void lost(FieldId f, EventType type, Timestamp from, Timestamp until);
  // `f` is `value` if the searched records are certainly absent, else unknown with the cause.
  // Returns whether the absence was established.
  bool if_absent(FieldId f, bool value, const Search& what, const Coverage& coverage);
  // Where absent facts are the answer "none", it must be established: unless the searched records are certainly absent,
  // each of `facts` is unknown with the cause. Returns whether it was established.
  bool none_if_absent(std::initializer_list<FieldId> facts, const Search& what, const Coverage& coverage);

 private:
  // Each once; who asks hears also of the facts that rest on the same. An account that asks for much is told of by a
  // thousand look-ups, and most of what is told leads to no alert: nothing of them is touched before it does.
  struct Cited {
    const Event* event = nullptr;  // null: a search
    FieldId fact{};
    std::uint32_t search = 0;  // which of `searches_`
  };
  struct Same {  // `fact` rests on what is cited for `other` before `end`
    FieldId fact{}, other{};
    std::size_t end = 0, end_of_searches = 0;
  };
  static FieldId fact_of(const Cited& c) { return c.fact; }
  static FieldId fact_of(const std::pair<FieldId, Searched>& s) { return s.first; }
  // fn(fact, one) of all, and behind those before the end of each Same once more those that it names.
  template <typename One, typename F>
  void each(const std::vector<One>& all, std::size_t Same::*end, F&& fn) const {
    auto same = same_.begin();
    for (std::size_t i = 0; i <= all.size(); ++i) {
      for (; same != same_.end() && (*same).*end == i; ++same)
        for (std::size_t j = 0; j < i; ++j)
          if (fact_of(all[j]) == same->other) fn(same->fact, all[j]);
      if (i < all.size()) fn(fact_of(all[i]), all[i]);
    }
  }
  void cite(FieldId fact, Searched search);

  std::vector<Cited> cited_;                            // in order
  std::vector<std::pair<FieldId, Searched>> searches_;  // of those, in order
  std::vector<Same> same_;                              // by `end`
};

}  // namespace quaywatch::timeline
