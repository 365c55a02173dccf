#include "timeline/identity_track.h"

#include "model/identifiers.h"

namespace quaywatch::timeline {

void IdentityTrack::apply(const EventPtr& event) {
  // A plan states what was booked, often a clerk's default type.
  if (event->classifier == Classifier::actual && event->fields.has(FieldId::container_size_type)) stated_ = event;
}

void IdentityTrack::facts(const Event& event, const Coverage&, Facts& out) const {
  const auto check = check_container_number(event.text(FieldId::container_number));
  out.values.add_boolean(FieldId::container_check_digit_valid, check == IdentifierCheck::good);
  const std::string_view code = event.text(FieldId::container_size_type);
  if (code.empty()) return;
  if (!stated_) return out.unknown(FieldId::container_size_type_changed, UnknownCause::known_since);
  const std::string_view earlier = stated_->text(FieldId::container_size_type);
  out.text(FieldId::container_size_type_before, earlier, stated_);
  out.boolean(FieldId::container_size_type_changed, !size_types_compatible(earlier, code), stated_);
}

}  // namespace quaywatch::timeline
