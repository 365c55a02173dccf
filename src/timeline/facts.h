// Facts: what the timelines say about one event, just before it happened. Circumstances only, never a verdict.
// Each fact cites what it rests on: the events, or the search that found nothing. An alert decomposes into these.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "model/event.h"
#include "timeline/coverage.h"

namespace quaywatch::timeline {

struct Citation {
  FieldId fact{};
  EventPtr event;      // null: a search
  Timestamp known_at;  // receipt of the event, or of the coverage that allowed the conclusion
  // of a search: what was looked for, and whether somebody answered for all of the interval
  EventType searched{};
  Timestamp from, until;
  std::string_view facility;  // of an event that the timelines hold; empty: any
  Cover cover = Cover::covered;
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
  std::vector<Citation> citations;

  void clear();
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
  // `f` is `value` if the searched records are certainly absent, else unknown with the cause.
  // Returns whether the absence was established.
  bool if_absent(FieldId f, bool value, const Search& what, const Coverage& coverage);
  // Where absent facts are the answer "none", it must be established: unless the searched records are certainly absent,
  // each of `facts` is unknown with the cause. Returns whether it was established.
  bool none_if_absent(std::initializer_list<FieldId> facts, const Search& what, const Coverage& coverage);
};

}  // namespace quaywatch::timeline
