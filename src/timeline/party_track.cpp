#include "timeline/party_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr Duration kPartiesSearched = days(1);

// Registers are exported whole again and again: a repeated entry changes nothing. Neither do other vehicles: hauliers
// buy and sell lorries every week, and whether the company named this one is a fact of its own.
bool says_the_same(const Event& a, const Event& b) {
  return a.text(FieldId::party_name) == b.text(FieldId::party_name) &&
         a.text(FieldId::party_state) == b.text(FieldId::party_state);
}

// Absent is the answer "none", so it must be established.
void none_on_record(FieldId fact, const Event& event, const Coverage& coverage, Facts& out) {
  const Timestamp at = event.event_time;
  // Alone: that accounts were left as they are does not show that no register entered the company.
  out.none_if_absent({fact}, {{EventType::party_registered}, {}, at - kPartiesSearched, at}, coverage);
}

void ago_fact(FieldId fact, const EventPtr& entry, const Event& event, const Coverage& coverage, Facts& out) {
  if (!entry) return none_on_record(fact, event, coverage, out);
  if (before(*entry, event) == Truth::yes)
    out.minutes(fact, entry, event.event_time);
  else
    out.unknown(fact, UnknownCause::order, entry);
}

}  // namespace

void PartyTrack::apply(const EventPtr& event) {
  if (event->fields.has(FieldId::party_vehicle)) fleet_ = event;
  heard_at_ = std::max(heard_at_, event->event_time);
  if (event->type == EventType::account_changed) {
    before_change_ = nullptr;
    changed_ = event;
  } else if (!registered_) {
    registered_ = entry_ = event;
  } else if (!says_the_same(*event, *entry_)) {
    before_change_ = entry_;
    entry_ = changed_ = event;
  }
}

void PartyTrack::registered_fact(FieldId fact, const Event& event, const Coverage& coverage, Facts& out) const {
  ago_fact(fact, registered_, event, coverage, out);
}

void PartyTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  registered_fact(FieldId::party_registered_minutes_ago, event, coverage, out);
  ago_fact(FieldId::party_changed_minutes_ago, changed_, event, coverage, out);
  out.cite(FieldId::party_changed_minutes_ago, before_change_);
  const std::string_view plate = event.text(FieldId::vehicle_plate);
  if (!fleet_ || plate.empty()) return;
  bool is_known = false;
  fleet_->fields.each(FieldId::party_vehicle, [&](const Value& v) { is_known |= v.text == plate; });
  out.boolean(FieldId::party_vehicle_known, is_known, fleet_);
}

}  // namespace quaywatch::timeline
