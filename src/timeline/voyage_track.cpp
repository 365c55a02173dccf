#include "timeline/voyage_track.h"

#include <algorithm>
#include <utility>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxPositions = 4096;
constexpr Duration kStep = minutes(30);
constexpr Duration kGap = hours(6);            // longer unheard, a ship may have called anywhere
constexpr std::int64_t kStill = 1'000'000;     // 1 kn: alongside a ship shows some tenths
// A declaration states days, of an unknown time zone: they begin at UTC+14 and end at UTC-12.
constexpr Duration kDayBegins = hours(14), kDayEnds = hours(36);

bool lies_still(const Event& position) {
  const Value speed = position.fields.get(FieldId::vessel_speed_kn);
  return speed.kind == Kind::decimal && speed.number < kStill;
}

}  // namespace

void VoyageTrack::keep(const EventPtr& position) {
  if (positions_.empty() || positions_.back() != position) keep_latest(positions_, position, kMaxPositions);
}

void VoyageTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual || !event->fields.has(FieldId::vessel_speed_kn)) return;
  const EventPtr previous = std::exchange(last_, event);
  if (!previous) return keep(event);
  const Duration apart = event->event_time - positions_.back()->event_time;
  const bool turns = lies_still(*event) != lies_still(*previous);
  if (turns || apart > kGap) keep(previous);
  if (turns || apart >= kStep) keep(event);
}

void VoyageTrack::facts(const Event& call, const Coverage&, Facts& out) const {
  const FieldId fact = FieldId::call_ship_lay_still;
  const Value arrived = call.fields.get(FieldId::call_arrived), departed = call.fields.get(FieldId::call_departed);
  if (arrived.kind != Kind::time || departed.kind != Kind::time || departed.time() < arrived.time()) return;
  const Timestamp from = arrived.time() - kDayBegins, until = departed.time() + kDayEnds;
  bool is_followed = until - call.event_time <= kAhead;  // else laid up
  Timestamp heard = from;
  EventPtr last;
  std::vector<EventPtr> heard_by;  // enough of them to leave no gap
  const auto hear = [&](const EventPtr& p) {
    is_followed &= p->event_time - heard <= kGap;
    const Timestamp told = heard_by.empty() ? from : heard_by.back()->event_time;
    if (last && p->event_time - told > kGap) heard_by.push_back(last);
    heard = p->event_time;
    last = p;
  };
  const auto is_then = [&](const EventPtr& p) { return p && p->event_time >= from && p->event_time <= until; };
  for (const EventPtr& p : positions_) {
    if (!is_then(p)) continue;
    if (lies_still(*p)) return out.boolean(fact, true, p);
    hear(p);
  }
  if (is_then(last_) && last_ != last) {
    if (lies_still(*last_)) return out.boolean(fact, true, last_);
    hear(last_);
  }
  if (!last || !is_followed || until - heard > kGap) return out.unknown(fact, UnknownCause::no_coverage);
  for (const EventPtr& p : heard_by) out.cite(fact, p);
  out.boolean(fact, false, last);
}

}  // namespace quaywatch::timeline
