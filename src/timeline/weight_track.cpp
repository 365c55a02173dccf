#include "timeline/weight_track.h"

namespace quaywatch::timeline {
namespace {

Value gross(const Event& e) {
  const Value vgm = e.fields.get(FieldId::container_vgm_kg);
  return vgm.is_absent() ? e.fields.get(FieldId::container_weight_kg) : vgm;
}

}  // namespace

void WeightTrack::apply(const EventPtr& event) {
  if (event->classifier == Classifier::actual && !gross(*event).is_absent()) stated_ = event;
}

void WeightTrack::facts(const Event& event, const Coverage&, Facts& out) const {
  const Value now = gross(event);
  if (now.is_absent() || !stated_) return;
  const Value earlier = gross(*stated_);
  out.decimal(FieldId::container_weight_before_kg, earlier.number, stated_);
  out.decimal(FieldId::container_weight_delta_kg, now.number - earlier.number, stated_);
}

}  // namespace quaywatch::timeline
