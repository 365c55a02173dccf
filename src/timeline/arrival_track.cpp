#include "timeline/arrival_track.h"

#include <algorithm>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxSigns = 128;
constexpr Duration kBefore = days(30);    // a box may wait inside for its papers
constexpr Duration kBoxesSearched = hours(24);  // of it, what must be covered for "it was not there already"

bool is_declaration(const Event& event) {
  return event.fields.has(FieldId::booking_ref) &&
         equals_ignore_case(event.text(FieldId::document_type), "export declaration");
}

}  // namespace

void ArrivalTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  keep_latest(signs_, event, kMaxSigns);
}

// Any sign that the box is here answers: entry, move, loading. Before the declaration only what no later exit undid.
void ArrivalTrack::facts(const Event& declaration, const Coverage& coverage, Facts& out) const {
  if (!is_declaration(declaration)) return;
  const FieldId fact = FieldId::export_arrived;
  const Timestamp at = declaration.event_time;
  EventPtr sign;
  for (const EventPtr& e : signs_) {
    if (at - e->event_time > kBefore || e->event_time - at > kAhead ||
        !may_be_same_place(e->facility, declaration.facility))
      continue;
    const bool left = e->type == EventType::container_gate_out;
    if (!left)
      sign = e;
    else if (e->event_time < at)
      sign = nullptr;
  }
  if (sign) return out.boolean(fact, true, sign);
  out.if_absent(fact, false,
                {{EventType::container_gate_in, EventType::container_loaded},
                 declaration.facility, at - kBoxesSearched, at + kAhead},
                coverage);
}

}  // namespace quaywatch::timeline
