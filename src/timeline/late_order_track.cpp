#include "timeline/late_order_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxLateOrders = 64;

}  // namespace

void LateOrderTrack::apply(const EventPtr& event) {
  keep_latest(orders_, event, kMaxLateOrders);
}

// Who enters an order from the place where the box stands now knows of the move, and answers for it in writing.
void LateOrderTrack::facts(const Event& move, const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::move_order_after_minutes;
  const std::string_view place_now = move.text(FieldId::location_to);
  const Timestamp at = move.event_time;
  const auto order = std::find_if(orders_.begin(), orders_.end(), [&](const EventPtr& o) {
    return place(move) < place(*o) && o->event_time - at <= kAhead && !place_now.empty() &&
           (o->text(FieldId::location_from) == place_now || o->text(FieldId::location_to) == place_now);
  });
  if (order != orders_.end()) return out.decimal(fact, ((*order)->event_time - at).us / 60, *order);
  out.none_if_absent({fact}, {{EventType::order_issued}, move.facility, at, at + kAhead}, coverage);
}

}  // namespace quaywatch::timeline
