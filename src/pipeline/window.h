// Window: what a correlation says about one event, given all hits of its group (DESIGN section 6a, "Windows and
// identity", "Absence", "Skew", "Unknown"). Pure: the same hits and the same coverage give the same judgement, however
// they came.
//
// A window lies on event_time, both ends included; inside it only timeline-sure order counts. Which window an event is
// judged by:
//   counts, sums, temporal    the one that ends at the event: whatever completes a match carries it
//   lt, lte, eq, neq          the one that the event opens, if no window before it holds the same events and more
//   absence                   the event that was there carries it: [t-T, t+T], or the side that temporal_ordered names
#pragma once

#include <boost/container/devector.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/truth.h"
#include "pipeline/alert_book.h"
#include "rules/rule.h"

namespace quaywatch::pipeline {

// One event in one group of a correlation.
struct Hit {
  EventPtr event;
  // Which of the joined rules it matched: for certain, unless what is open exonerates, perhaps. Disjoint.
  rules::RuleSet yes = 0, provisional = 0, unknown = 0;
  UnknownCause cause = UnknownCause::none;  // of the last two
  std::vector<FieldId> open;
  // Of the correlation's field: what value_count counts, and what value_sum and value_avg add up.
  std::vector<std::string> values;
  std::vector<std::int64_t> numbers;  // millionths
  bool is_value_open = false;
  bool speaks = false;                // else it is only searched for
  std::shared_ptr<const Match> told;  // what an alert says of it; null where that is what the event alone says

  rules::RuleSet any() const { return yes | provisional | unknown; }
};
// By place, each once. Most groups have one or two, and there are as many groups as boxes: no room that waits.
using Hits = boost::container::devector<Hit>;

// Was `joined` searched for everywhere in the interval? Without a cause yes, by these searches.
struct Searched {
  UnknownCause cause = UnknownCause::none;
  Timestamp known_at = Timestamp::min();
  std::vector<Evidence> searches;
};
using Search = std::function<Searched(std::size_t joined, std::string_view facility, Timestamp from, Timestamp until)>;

struct Judgement {
  Truth truth = Truth::no;
  bool provisional = false;                 // yes only if what is open does not exonerate
  UnknownCause cause = UnknownCause::none;  // when unknown or provisional; pending goes before others
  std::vector<FieldId> open;
  std::size_t first = 0, last = 0;  // of a match: the hits of its window that speak for it lie in [first, last)
  Timestamp from, until;            // of a match: its window
  Searched absence;                 // of a match: what was not found
};

Judgement judge(const rules::Correlation& correlation, const Hits& hits, std::size_t at, const Search& search);

// What a changed hit, of which `changed` are the rules, lets be judged anew: the hits from .first to .second, both
// included. `error` is the largest clock error in the group.
std::pair<Timestamp, Timestamp> affected(const rules::Correlation& correlation, rules::RuleSet changed, Timestamp at,
                                         Duration error);

// The first hit that is not before `t`.
std::size_t first_from(const Hits& hits, Timestamp t);

}  // namespace quaywatch::pipeline
