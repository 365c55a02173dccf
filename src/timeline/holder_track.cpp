#include "timeline/holder_track.h"

#include <algorithm>
#include <utility>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr Duration kLate = hours(24);  // an honest right is mostly passed on days before, and to somebody known
constexpr Duration kTransfersSearched = days(2);  // where transfers must be covered for "never held one"

bool is_earlier(const Event& a, const Event& b) {
  const auto at_best = [](const Event& e) {
    return std::pair(e.event_time - seconds(e.time_error_s), -e.time_error_s);
  };
  return at_best(a) < at_best(b);
}

}  // namespace

template <typename Before>
void HolderTrack::Two::take(const EventPtr& event, Before&& goes_before) {
  const bool is_same = one && one->text(FieldId::container_number) == event->text(FieldId::container_number);
  if (!one || goes_before(*event, *one)) {
    if (!is_same) other = one;
    one = event;
  } else if (!is_same && (!other || goes_before(*event, *other))) {
    other = event;
  }
}

const EventPtr& HolderTrack::Two::besides(std::string_view box) const {
  return one && one->text(FieldId::container_number) != box ? one : other;
}

void HolderTrack::apply(const EventPtr& event) {
  heard_at_ = std::max(heard_at_, event->event_time);
  surest_.take(event, is_surer);
  earliest_.take(event, is_earlier);
}

Truth HolderTrack::is_late(const ReleaseTrack::Holding& holding, const Event& collection) {
  const bool is_long_ago = collection.event_time - holding.since->event_time > kLate;
  return is_long_ago ? Truth::no : before(*holding.since, collection);
}

// The first newcomer of the chain is named; while that is not sure, the answer is open.
void HolderTrack::facts(const ReleaseTrack::Holding& holding, const Event& collection, const Coverage& coverage,
                        Facts& out) const {
  const FieldId fact = FieldId::release_newcomer;
  if (out.values.has(fact)) return;
  Truth known = Truth::no;
  for (const Two* of : {&surest_, &earliest_}) {
    const EventPtr& earlier = of->besides(collection.text(FieldId::container_number));
    if (!earlier || before(*earlier, *holding.since) <= known) continue;
    known = before(*earlier, *holding.since);
    out.cite(fact, earlier);
  }
  if (known == Truth::yes) return;
  const Timestamp at = holding.since->event_time;
  const bool is_open = both(is_late(holding, collection), !known) == Truth::unknown;
  const UnknownCause cause =
      is_open ? UnknownCause::order
              : out.search(fact, {{EventType::release_transferred}, {}, at - kTransfersSearched, at}, coverage);
  if (cause != UnknownCause::none) {
    out.unknown(fact, cause, holding.since);
    return out.unknown(FieldId::release_newcomer_minutes_ago, cause);
  }
  out.text(fact, holding.party, holding.since);
  out.minutes(FieldId::release_newcomer_minutes_ago, holding.since, collection.event_time);
}

}  // namespace quaywatch::timeline
