#include "timeline/care_track.h"

#include <algorithm>

#include "timeline/load_track.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxCareWords = 64;
constexpr Duration kOrderLead = hours(2);   // a plug is pulled when the order comes, not the day before
constexpr Duration kOrderLag = minutes(15);  // two systems, two clocks
constexpr Duration kOpeningBefore = hours(12);

}  // namespace

void CareTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  keep_latest(words_, event, kMaxCareWords);
}

void CareTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  using enum EventType;
  const Timestamp at = event.event_time;
  const auto find = [&](Timestamp from, Timestamp until, auto&& is_reason) -> EventPtr {
    const auto word = std::find_if(words_.begin(), words_.end(), [&](const EventPtr& w) {
      return w->event_time >= from && w->event_time <= until && may_be_same_place(w->facility, event.facility) &&
             is_reason(*w);
    });
    return word == words_.end() ? nullptr : *word;
  };
  const EventPtr order = find(at - kOrderLead, at + kOrderLag, [](const Event& w) { return w.type == order_issued; });
  if (order)
    out.boolean(FieldId::move_order_near, true, order);
  else
    out.if_absent(FieldId::move_order_near, false,
                  {{order_issued}, event.facility, at - kOrderLead, at + kOrderLag}, coverage);
  const EventPtr opening = find(at - kOpeningBefore, at + kAhead, may_have_opened);
  if (opening)
    out.boolean(FieldId::container_opening_recorded, true, opening);
  else
    out.if_absent(FieldId::container_opening_recorded, false,
                  {{container_inspected, container_sealed, container_stuffed, container_stripped},
                   event.facility, at - kOpeningBefore, at + kAhead},
                  coverage);
}

}  // namespace quaywatch::timeline
