#include "timeline/party_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

// Registers are exported whole again and again: a repeated entry changes nothing.
bool says_the_same(const Event& a, const Event& b) {
  constexpr FieldId kFields[] = {FieldId::party_name, FieldId::party_state, FieldId::account_after};
  return a.type == b.type && std::all_of(std::begin(kFields), std::end(kFields),
                                         [&](FieldId f) { return a.text(f) == b.text(f); });
}

}  // namespace

void PartyTrack::apply(const EventPtr& event) {
  if (!is_register(event->type)) return;
  if (event->fields.has(FieldId::party_vehicle)) fleet_ = event;
  if (event->type == EventType::party_registered && !registered_) {
    registered_ = event;
  } else if (!registered_ || !says_the_same(*event, changed_ ? *changed_ : *registered_)) {
    changed_ = event;
  }
}

void PartyTrack::facts(const Event& event, Facts& out) const {
  const auto ago = [&](FieldId fact, const EventPtr& e) {
    if (!e) return;
    if (before(*e, event) == Truth::yes)
      out.minutes(fact, e, event.event_time);
    else
      out.unknown(fact, UnknownCause::order);
  };
  ago(FieldId::party_registered_minutes_ago, registered_);
  ago(FieldId::party_changed_minutes_ago, changed_);
  const std::string_view plate = event.text(FieldId::vehicle_plate);
  if (!fleet_ || plate.empty()) return;
  bool is_known = false;
  fleet_->fields.each(FieldId::party_vehicle, [&](const Value& v) { is_known |= v.text == plate; });
  out.boolean(FieldId::party_vehicle_known, is_known, fleet_);
}

}  // namespace quaywatch::timeline
