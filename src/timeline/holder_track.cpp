#include "timeline/holder_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr Duration kLate = hours(24);    // an honest right is mostly passed on days before, and to somebody known
constexpr Duration kTransfersSearched = days(2);  // where transfers must be covered for "never held one"

}  // namespace

void HolderTrack::apply(const EventPtr& event) {
  heard_at_ = std::max(heard_at_, event->event_time);
  if (!first_)
    first_ = event;
  else if (!other_ && event->text(FieldId::container_number) != first_->text(FieldId::container_number))
    other_ = event;
}

EventPtr HolderTrack::first_besides(std::string_view box) const {
  return first_ && first_->text(FieldId::container_number) != box ? first_ : other_;
}

bool HolderTrack::is_late(const ReleaseTrack::Holding& holding, const Event& collection) {
  return before(*holding.since, collection) == Truth::yes && collection.event_time - holding.since->event_time <= kLate;
}

// The first newcomer of the chain is named; while that is not sure, the answer is open.
void HolderTrack::facts(const ReleaseTrack::Holding& holding, const Event& collection, const Coverage& coverage,
                        Facts& out) const {
  const FieldId fact = FieldId::release_newcomer;
  if (out.values.has(fact)) return;
  const EventPtr earlier = first_besides(collection.text(FieldId::container_number));
  const Timestamp at = holding.since->event_time;
  if (earlier && earlier->event_time < at) return out.cite(fact, earlier);
  const UnknownCause cause =
      out.search(fact, {{EventType::release_transferred}, {}, at - kTransfersSearched, at}, coverage);
  if (cause != UnknownCause::none) {
    out.unknown(fact, cause, holding.since);
    return out.unknown(FieldId::release_newcomer_minutes_ago, cause);
  }
  out.text(fact, holding.party, holding.since);
  out.minutes(FieldId::release_newcomer_minutes_ago, holding.since, collection.event_time);
}

}  // namespace quaywatch::timeline
