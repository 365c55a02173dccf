#include "timeline/credential_track.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxCards = 16;    // of one holder
constexpr std::size_t kMaxZones = 64;    // of one card
constexpr std::size_t kMaxOutages = 64;  // of one zone
// A card held to the reader again, or written down by the panel and by the site's log: one passage.
constexpr Duration kSamePassage = seconds(30);

// Absent minutes would pass for "not replaced for long": both are unknown together.
void replacement_unknown(UnknownCause cause, const EventPtr& why, Facts& out) {
  if (out.values.get(FieldId::credential_replaced).is_absent()) out.unknown(FieldId::credential_replaced, cause, why);
  out.unknown(FieldId::credential_replaced_minutes_ago, cause, why);
}

// A card number issued again is valid again: where a part of the feed that told of the end was lost since, the fact is
// unknown. Returns whether it is.
bool lost_since(FieldId fact, const Event& end, const Event& use, const Coverage& coverage, Facts& out) {
  constexpr EventType kAgain = EventType::credential_issued;
  if (!coverage.is_lost(end.feed, kAgain, end.facility, end.event_time, use.event_time)) return false;
  out.lost(fact, kAgain, end.event_time, use.event_time);
  return true;
}

void holder_replaced_by(FieldId fact, const EventPtr& by, const Event& event, Facts& out) {
  const Truth order = before(*by, event);
  if (order == Truth::unknown) return replacement_unknown(UnknownCause::order, by, out);
  out.boolean(fact, true, by);
  out.minutes(FieldId::credential_replaced_minutes_ago, by, event.event_time);
}

// Facilities give their zones the same names: YARD, GATE.
bool is_of_zone(const Event& passage, const Event& event) {
  return passage.text(FieldId::access_zone) == event.text(FieldId::access_zone) &&
         may_be_same_place(passage.facility, event.facility);
}

bool is_same_passage(const Event& a, const Event& b) {
  return a.classifier == b.classifier &&
         equals_ignore_case(a.text(FieldId::access_direction), b.text(FieldId::access_direction)) &&
         b.event_time - a.event_time <= kSamePassage;
}

}  // namespace

void CardTrack::apply(const EventPtr& event) {
  switch (event->type) {
    case EventType::credential_issued:
      revoked_ = replaced_ = nullptr;
      break;  // a card number issued again is valid again
    case EventType::credential_revoked:
      revoked_ = event;
      break;
    case EventType::credential_replaced:
      replaced_ = event;
      break;
    default:
      break;
  }
}

void CardTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  if (!revoked_) {
    out.if_absent(FieldId::credential_revoked, false,
                  {{EventType::credential_revoked}, {}, event.event_time - days(1), event.event_time}, coverage);
    return;
  }
  if (before(*revoked_, event) == Truth::unknown)
    return out.unknown(FieldId::credential_revoked, UnknownCause::order, revoked_);
  if (lost_since(FieldId::credential_revoked, *revoked_, event, coverage, out)) return;
  out.boolean(FieldId::credential_revoked, true, revoked_);
}

void HolderCardsTrack::apply(const EventPtr& event) {
  const std::string_view id = event->text(FieldId::credential_id);
  const Value serial = event->fields.get(FieldId::credential_serial);
  if (id.empty() || serial.kind != Kind::integer) return;
  if (std::any_of(cards_.begin(), cards_.end(), [&](const Card& c) { return c.id == id; })) return;
  if (cards_.size() == kMaxCards) cards_.erase(cards_.begin());
  cards_.push_back({std::string(id), serial.number, event});
}

void HolderCardsTrack::facts(const Event& event, const CardTrack* card, const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::credential_replaced;
  if (card != nullptr && card->replaced()) {
    if (lost_since(fact, *card->replaced(), event, coverage, out))
      return replacement_unknown(UnknownCause::no_coverage, nullptr, out);
    return holder_replaced_by(fact, card->replaced(), event, out);
  }
  const Value serial = event.fields.get(FieldId::credential_serial);
  const Card* later = nullptr;
  if (serial.kind == Kind::integer)
    for (const Card& c : cards_)
      if (c.serial > serial.number && (later == nullptr || c.first_seen->event_time < later->first_seen->event_time))
        later = &c;
  if (later != nullptr) {
    holder_replaced_by(fact, later->first_seen, event, out);
    return out.text(FieldId::credential_replaced_by, later->id, later->first_seen);
  }
  if (!out.if_absent(fact, false,
                     {{EventType::credential_replaced, EventType::credential_issued},
                      {},
                      event.event_time - days(1),
                      event.event_time},
                     coverage))
    replacement_unknown(out.values.get(fact).cause, nullptr, out);
}

void PresenceTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  anywhere_ = event;
  const std::string_view zone = event->text(FieldId::access_zone);
  if (zone.empty() || !event->fields.has(FieldId::access_direction)) return;
  const auto at =
      std::find_if(zones_.begin(), zones_.end(), [&](const Zone& z) { return is_of_zone(*z.last, *event); });
  if (at != zones_.end()) {
    if (is_same_passage(*at->last, *event)) return;
    at->before_last = at->last;
    at->last = event;
    return;
  }
  if (zones_.size() == kMaxZones) zones_.erase(zones_.begin());
  zones_.push_back({event, nullptr});
}

const EventPtr* PresenceTrack::last_passage(const Event& event) const {
  for (const Zone& z : zones_) {
    if (!is_of_zone(*z.last, event)) continue;
    // A refusal is no second reading of the passage before it, and neither is a plan.
    if (event.type != EventType::access_granted || !is_same_passage(*z.last, event)) return &z.last;
    return z.before_last ? &z.before_last : nullptr;
  }
  return nullptr;
}

void PresenceTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  using enum FieldId;
  if (anywhere_ && anywhere_->fields.has(access_zone) && before(*anywhere_, event) == Truth::unknown)
    out.unknown(access_zone_before, UnknownCause::order, anywhere_);
  else if (anywhere_ && anywhere_->fields.has(access_zone))
    out.text(access_zone_before, anywhere_->text(access_zone), anywhere_);
  const EventPtr* last = last_passage(event);
  if (last == nullptr) return out.unknown(access_inside_zone, UnknownCause::known_since);
  if (before(**last, event) == Truth::unknown)
    return out.unknown(access_inside_zone, UnknownCause::order, *last);
  if (equals_ignore_case((*last)->text(access_direction), "in")) {
    out.minutes(access_inside_minutes, *last, event.event_time);
    return out.boolean(access_inside_zone, true, *last);
  }
  // The last passage led out: an entry since then would have to be on record.
  const Search entry{{EventType::access_granted}, event.facility, (*last)->event_time, event.event_time};
  out.cite(access_inside_zone, *last);
  out.if_absent(access_inside_zone, false, entry, coverage);
}

void OutageTrack::apply(const EventPtr& event) {
  const std::string_view device = event->text(FieldId::device_id);
  if (event->type == EventType::sensor_silent) {
    if (outages_.size() == kMaxOutages) outages_.erase(outages_.begin());
    outages_.push_back({std::string(device), event, nullptr});
  } else {
    for (Outage& o : outages_)
      if (o.device == device && !o.restored && may_be_same_place(o.silent->facility, event->facility))
        o.restored = event;
  }
}

void OutageTrack::facts(const EventPtr& since, const Event& event, const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::access_reader_gap;
  out.cite(fact, since);
  if (const EventPtr silent = silent_between(since->event_time, event.event_time, event.facility))
    return out.boolean(fact, true, silent);
  out.if_absent(fact, false, {{EventType::sensor_silent}, event.facility, since->event_time, event.event_time},
                coverage);
}

EventPtr OutageTrack::silent_between(Timestamp from, Timestamp until, std::string_view facility) const {
  constexpr Duration kBelieved = days(7);
  for (const Outage& o : outages_) {
    const Timestamp end = o.restored ? o.restored->event_time : o.silent->event_time + kBelieved;
    if (may_be_same_place(o.silent->facility, facility) && o.silent->event_time <= until && from <= end)
      return o.silent;
  }
  return nullptr;
}

void RosterTrack::apply(const EventPtr& event) {
  constexpr std::size_t kMaxDuties = 256;
  keep_latest(event->type == EventType::roster_planned ? duties_ : cancelled_, event, kMaxDuties);
}

// A duty and its cancellation stand at the same instant, the start of the duty: which was said last decides, not which
// comes first in the timeline.
bool RosterTrack::is_cancelled(const Event& duty) const {
  const Value from = duty.fields.get(FieldId::roster_from);
  return std::any_of(cancelled_.begin(), cancelled_.end(), [&](const EventPtr& c) {
    return c->fields.get(FieldId::roster_from).number == from.number && c->reported_at >= duty.reported_at;
  });
}

void RosterTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  using enum FieldId;
  if (!event.fields.has(credential_id)) return;
  std::optional<Duration> nearest;
  EventPtr nearest_duty;
  for (const EventPtr& d : duties_) {
    if (is_cancelled(*d)) continue;
    const Timestamp from = d->fields.get(roster_from).time(), until = d->fields.get(roster_until).time();
    const Timestamp t = event.event_time;
    if (t >= from && t <= until) return out.boolean(access_on_shift, true, d);
    const Duration away = t < from ? from - t : t - until;
    if (away <= days(1) && (!nearest || away < *nearest)) {
      nearest = away;
      nearest_duty = d;
    }
  }
  const Search plan{{EventType::roster_planned}, {}, event.event_time - kAhead, event.event_time + kAhead};
  if (!out.if_absent(access_on_shift, false, plan, coverage)) return;
  if (!nearest) return;
  out.decimal(access_off_shift_minutes, nearest->us / 60, nearest_duty);
  out.cite_as(access_off_shift_minutes, access_on_shift);
}

}  // namespace quaywatch::timeline
