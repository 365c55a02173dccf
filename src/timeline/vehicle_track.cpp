#include "timeline/vehicle_track.h"

#include <algorithm>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxFacilities = 16;
// A portal reads a lorry at the barrier and again behind it.
constexpr Duration kSamePassage = minutes(5);

bool is_inwards(const Event& e) { return equals_ignore_case(e.text(FieldId::access_direction), "in"); }

bool is_same_passage(const Event& a, const Event& b) {
  return a.classifier == b.classifier && is_inwards(a) == is_inwards(b) &&
         (b.event_time - a.event_time <= kSamePassage || same_occurrence(a, b));
}

}  // namespace

void VehicleTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual || !event->fields.has(FieldId::access_direction)) return;
  const auto at = std::find_if(last_.begin(), last_.end(),
                               [&](const EventPtr& e) { return e->facility == event->facility; });
  if (at != last_.end()) {
    if (!is_same_passage(**at, *event)) *at = event;
    return;
  }
  keep_latest(last_, event, kMaxFacilities);
}

EventPtr VehicleTrack::last_passage(const Event& event) const {
  for (const EventPtr& e : last_)
    if (e->facility == event.facility) return is_same_passage(*e, event) ? nullptr : e;
  return nullptr;
}

void VehicleTrack::facts(const Event& event, const Coverage& coverage, const EventPtr& silent, Facts& out) const {
  const FieldId fact = FieldId::vehicle_inside;
  const auto at = std::find_if(last_.begin(), last_.end(),
                               [&](const EventPtr& e) { return e->facility == event.facility; });
  if (at == last_.end()) return out.unknown(fact, UnknownCause::known_since);
  const Event& seen = **at;
  if (is_same_passage(seen, event)) return out.cite(fact, *at);
  out.cite(fact, *at);
  if (before(seen, event) == Truth::unknown) return out.unknown(fact, UnknownCause::order);
  // What a blind portal would have read is not known: neither that the lorry left nor that it did not.
  if (silent) {
    out.unknown(fact, UnknownCause::no_coverage, silent);
    if (!is_inwards(seen)) return;
    out.unknown(FieldId::vehicle_inside_minutes, UnknownCause::no_coverage);
    return out.cite_as(FieldId::vehicle_inside_minutes, fact);
  }
  if (is_inwards(seen)) out.minutes(FieldId::vehicle_inside_minutes, *at, event.event_time);
  // The passage between them may not have been read, or not be here yet.
  out.if_absent(fact, is_inwards(seen),
                {{EventType::vehicle_passed}, event.facility, seen.event_time, event.event_time}, coverage);
}

}  // namespace quaywatch::timeline
