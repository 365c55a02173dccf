// Oracle, who and what moves about the port: cards, zones, duties, vehicles. See oracle_history.h.
#pragma once

#include <string>
#include <string_view>

#include "tests/oracle_orders.h"

namespace quaywatch::tests {

// "The credential was revoked before this use; unknown where the feed that told of it lost a part since." The last word
// on the card; an issue makes it valid again.
inline void card(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  EventPtr revoked;
  for (const EventPtr& e : h.earlier(FieldId::credential_id, event.text(FieldId::credential_id), event)) {
    if (e->type == credential_revoked) revoked = e;
    if (e->type == credential_issued) revoked = nullptr;
  }
  const bool is_lost = revoked && h.is_lost(*revoked, credential_issued, revoked->event_time, event.event_time);
  out["credential.revoked"] =
      revoked ? if_before(*revoked, event, is_lost ? "unknown: no_coverage" : "true")
              : h.absent({credential_revoked}, {}, event.event_time - days(1), event.event_time, "false");
}

// "A later card of the same holder was issued or used before this use; unknown where the feed that told of it lost a
// part since and the card may have been issued again." "Minutes since the later card was first seen." "The later card."
inline void later_card(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  const auto card = event.text(FieldId::credential_id), holder = event.text(FieldId::credential_holder);
  if (holder.empty()) return;
  EventPtr by;
  for (const EventPtr& e : h.earlier(FieldId::credential_id, card, event)) {
    if (e->type == credential_replaced) by = e;
    if (e->type == credential_issued) by = nullptr;
  }
  const auto say = [&](const std::string& replaced) {
    const std::string known = by && replaced == "true" ? minutes_text(by->event_time, event.event_time) : replaced;
    out["credential.replaced"] = replaced;
    if (replaced != "false") out["credential.replaced_minutes_ago"] = known;
  };
  if (by) {
    const bool is_lost = h.is_lost(*by, credential_issued, by->event_time, event.event_time);
    return say(is_lost ? "unknown: no_coverage" : if_before(*by, event, "true"));
  }
  std::map<std::string, EventPtr> first_seen;  // cards of the holder
  for (const EventPtr& e : h.earlier(FieldId::credential_holder, holder, event))
    if (e->type != roster_planned && e->type != roster_cancelled && e->fields.has(FieldId::credential_id) &&
        e->fields.has(FieldId::credential_serial))
      first_seen.try_emplace(std::string(e->text(FieldId::credential_id)), e);
  const auto serial = [](const Event& e) { return e.fields.get(FieldId::credential_serial).number; };
  for (const auto& [id, e] : first_seen)
    if (event.fields.has(FieldId::credential_serial) && serial(*e) > serial(event) &&
        (!by || place(*e) < place(*by)))
      by = e;
  if (!by)
    return say(h.absent({credential_replaced, credential_issued}, {}, event.event_time - days(1), event.event_time,
                        "false"));
  say(if_before(*by, event, "true"));
  out["credential.replaced_by"] = std::string(by->text(FieldId::credential_id));
}

// --- zones ---

inline bool is_passage(const Event& e) {
  return e.type == EventType::access_granted && e.classifier == Classifier::actual;
}
inline bool has_direction(const Event& e) {
  return e.text(FieldId::access_direction) == "in" || e.text(FieldId::access_direction) == "out";
}
// A passage read twice: the same card, zone and direction within half a minute.
inline bool is_read_again(const Event& first, const Event& again) {
  return first.text(FieldId::access_zone) == again.text(FieldId::access_zone) &&
         first.text(FieldId::access_direction) == again.text(FieldId::access_direction) &&
         first.facility == again.facility && again.event_time - first.event_time <= seconds(30);
}

// The last passage of the event's zone before the one that the event reports.
inline EventPtr last_passage(const History& h, const Event& event) {
  Events firsts;
  for (const EventPtr& e : h.earlier(FieldId::credential_id, event.text(FieldId::credential_id), event))
    if (is_passage(*e) && has_direction(*e) && e->fields.has(FieldId::access_zone) && e->facility == event.facility &&
        e->text(FieldId::access_zone) == event.text(FieldId::access_zone) &&
        (firsts.empty() || !is_read_again(*firsts.back(), *e)))
      firsts.push_back(e);
  if (!firsts.empty() && is_passage(event) && is_read_again(*firsts.back(), event)) firsts.pop_back();
  return firsts.empty() ? nullptr : firsts.back();
}

inline void presence(const History& h, const Event& event, Answers& out) {
  EventPtr anywhere;
  for (const EventPtr& e : h.earlier(FieldId::credential_id, event.text(FieldId::credential_id), event))
    if (is_passage(*e)) anywhere = e;
  if (anywhere && anywhere->fields.has(FieldId::access_zone))
    out["access.zone_before"] = if_before(*anywhere, event, std::string(anywhere->text(FieldId::access_zone)));
  const EventPtr last = last_passage(h, event);
  std::string& inside = out["access.inside_zone"];
  if (!last) {
    inside = "unknown: known_since";
    return;
  }
  const bool is_in = last->text(FieldId::access_direction) == "in";
  const std::string still_out =
      h.absent({EventType::access_granted}, event.facility, last->event_time, event.event_time, "false");
  inside = if_before(*last, event, is_in ? "true" : still_out);
  if (inside == "true") out["access.inside_minutes"] = minutes_text(last->event_time, event.event_time);
  out["access.reader_gap"] =
      silent_in(h, event.text(FieldId::access_zone), event.facility, last->event_time, event)
          ? "true"
          : h.absent({EventType::sensor_silent}, event.facility, last->event_time, event.event_time, "false");
}

// --- duties ---

// "The holder was on a planned duty at this instant; unknown without roster coverage." "Minutes to the nearest planned
// duty of the holder; absent when none is planned within a day." A plan is known up to twelve hours ahead.
inline void roster(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  const auto holder = event.text(FieldId::credential_holder);
  if (event.type == roster_planned || event.type == roster_cancelled || holder.empty() ||
      !event.fields.has(FieldId::credential_id))
    return;
  const Events words = h.until(FieldId::credential_holder, holder, event, hours(12));
  const auto time_of = [](const Event& e, FieldId f) { return e.fields.get(f).time(); };
  bool on = false;
  std::int64_t nearest = days(1).us + 1;
  for (const EventPtr& d : words) {
    if (d->type != roster_planned || !d->fields.has(FieldId::roster_from) || !d->fields.has(FieldId::roster_until))
      continue;
    const auto cancels = [&](const EventPtr& c) {
      return c->type == roster_cancelled && c->reported_at >= d->reported_at &&
             time_of(*c, FieldId::roster_from) == time_of(*d, FieldId::roster_from);
    };
    if (std::any_of(words.begin(), words.end(), cancels)) continue;
    const Timestamp from = time_of(*d, FieldId::roster_from), until = time_of(*d, FieldId::roster_until);
    on |= from <= event.event_time && event.event_time <= until;
    nearest =
        std::min({nearest, std::max<std::int64_t>({(from - event.event_time).us, (event.event_time - until).us, 0})});
  }
  std::string& on_shift = out["access.on_shift"];
  on_shift = on ? "true"
                : h.absent({roster_planned}, {}, event.event_time - hours(12), event.event_time + hours(12), "false");
  if (on_shift == "false" && nearest <= days(1).us) out["access.off_shift_minutes"] = number_text(nearest / 60);
}

// --- vehicles ---

// "The last passage of this plate at a portal of this facility led in; unknown where a device of the lane or of the
// zone GATE was silent since."
inline bool is_same_passage(const Event& a, const Event& b) {
  return a.classifier == b.classifier &&
         (a.text(FieldId::access_direction) == "in") == (b.text(FieldId::access_direction) == "in") &&
         (one_occurrence(a, b) || b.event_time - a.event_time <= minutes(5));  // read at the barrier and behind it
}
inline void vehicle(const History& h, const Event& event, Answers& out) {
  if (event.type != EventType::vehicle_passed) return;
  Events firsts;
  for (const EventPtr& e : h.earlier(FieldId::vehicle_plate, event.text(FieldId::vehicle_plate), event))
    if (e->type == EventType::vehicle_passed && is_actual(e) && has_direction(*e) && e->facility == event.facility &&
        (firsts.empty() || !is_same_passage(*firsts.back(), *e)))
      firsts.push_back(e);
  if (firsts.empty()) {
    out["vehicle.inside"] = "unknown: known_since";
    return;
  }
  const EventPtr last = firsts.back();
  if (is_same_passage(*last, event)) return;  // reported before: asked of the first report
  const bool is_in = last->text(FieldId::access_direction) == "in";
  bool is_silent = false;
  for (const auto zone : {std::string_view("GATE"), event.text(FieldId::capture_lane),
      last->text(FieldId::capture_lane)})
    is_silent |= !zone.empty() && silent_in(h, zone, event.facility, last->event_time, event);
  const std::string sure = if_before(*last, event, is_silent ? "unknown: no_coverage" : "");
  out["vehicle.inside"] = !sure.empty() ? sure
                                        : h.absent({EventType::vehicle_passed}, event.facility, last->event_time,
                                                   event.event_time, is_in ? "true" : "false");
  if (is_in && sure != "unknown: order")
    out["vehicle.inside_minutes"] = !sure.empty() ? sure : minutes_text(last->event_time, event.event_time);
}

inline void access(const History& h, const Event& event, Answers& out) {
  vehicle(h, event, out);
  roster(h, event, out);
  if (!event.fields.has(FieldId::credential_id)) return;
  card(h, event, out);
  later_card(h, event, out);
  presence(h, event, out);
}

}  // namespace quaywatch::tests
