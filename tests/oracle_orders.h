// Oracle, work in the yard: orders for moves, reasons to touch a box, cameras that see it. See oracle_history.h.
#pragma once

#include <string>

#include "tests/oracle_box.h"

namespace quaywatch::tests {

// Was the order taken back before the move? A cancellation names the order.
inline Truth cancelled(const Event& order, const Events& box, const Event& move) {
  Truth out = Truth::no;
  for (const EventPtr& e : box)
    if (e->type == EventType::order_cancelled && place(order) < place(*e) &&
        e->text(FieldId::order_ref) == order.text(FieldId::order_ref))
      out = either(out, before(*e, move));
  return out;
}

// "Of several the one that the move names, else the latest to its destination, else the latest."
inline EventPtr order_of(const Events& box, const Event& move, Truth& ordered) {
  EventPtr best;
  int best_rank = 0;
  for (const EventPtr& o : box) {
    if (o->type != EventType::order_issued) continue;
    const Truth stands = both(before(*o, move), !cancelled(*o, box, move));
    ordered = either(ordered, stands);
    const auto agrees = [&](FieldId f) { return !move.text(f).empty() && move.text(f) == o->text(f); };
    const int rank = agrees(FieldId::order_ref) ? 3 : agrees(FieldId::location_to) ? 2 : 1;
    if (stands == Truth::yes && rank >= best_rank) best = o, best_rank = rank;
  }
  return best;
}

// "A work order for this box was on record before the move (and not cancelled)": also one that lies behind it, but by
// its clock may have been before it.
inline Events maybe_earlier_of_box(const History& h, const Event& move) {
  Events box = h.earlier_of_box(move);
  for (const EventPtr& e : h.events())
    if (place(move) < place(*e) && before(*e, move) == Truth::unknown &&
        e->text(FieldId::container_number) == move.text(FieldId::container_number))
      box.push_back(e);
  return box;
}
inline bool fits(const Event& order, const Event& move) {
  const std::string_view ref = move.text(FieldId::order_ref), to = order.text(FieldId::location_to);
  return (!ref.empty() && order.text(FieldId::order_ref) == ref) || to.empty() ||
         to == move.text(FieldId::location_to);
}

inline void orders(const History& h, const Event& move, Answers& out) {
  if (move.type != EventType::container_moved) return;
  const Events box = maybe_earlier_of_box(h, move);
  Truth ordered = Truth::no;
  const EventPtr best = order_of(box, move, ordered);
  std::string& answer = out["move.ordered"];
  answer = ordered == Truth::yes       ? "true"
           : ordered == Truth::unknown ? "unknown: order"
                                       : h.absent({EventType::order_issued}, move.facility, move.event_time - hours(4),
                                                  move.event_time, "false");
  if (!best) return;
  if (best->fields.has(FieldId::order_ref)) out["move.order_ref"] = best->text(FieldId::order_ref);
  // Of an order that does not fit nothing is said where the one that does may have been lost (docs/decisions/0013).
  const std::string lost =
      h.absent({EventType::order_issued}, move.facility, move.event_time - hours(4), move.event_time, "");
  if (!fits(*best, move) && !lost.empty()) {
    for (const char* fact :
         {"move.ordered_minutes_ago", "move.order_equipment_matches", "move.order_destination_matches"})
      out[fact] = lost;
    return;
  }
  out["move.ordered_minutes_ago"] = minutes_text(best->event_time, move.event_time);
  const auto matches = [&](const char* fact, FieldId f) {
    if (best->fields.has(f) && move.fields.has(f)) out[fact] = best->text(f) == move.text(f) ? "true" : "false";
  };
  matches("move.order_equipment_matches", FieldId::equipment_id);
  matches("move.order_destination_matches", FieldId::location_to);
}

// "Minutes until the next order for the box that names the place it went to, as origin or destination; absent where
// none was entered within an hour, unknown while it may still arrive."
inline void later_order(const History& h, const Event& move, Answers& out) {
  const std::string_view to = move.text(FieldId::location_to);
  if (move.type != EventType::container_moved) return;
  const std::string_view box = move.text(FieldId::container_number);
  for (const EventPtr& e : h.until(FieldId::container_number, box, move, hours(1)))
    if (e->type == EventType::order_issued && place(move) < place(*e) && !to.empty() &&
        (e->text(FieldId::location_to) == to || e->text(FieldId::location_from) == to)) {
      out["move.order_after_minutes"] = minutes_text(move.event_time, e->event_time);
      return;
    }
  const std::string none =
      h.absent({EventType::order_issued}, move.facility, move.event_time, move.event_time + hours(1), "");
  if (!none.empty()) out["move.order_after_minutes"] = none;
}

// "Of a report of a state: ... within two hours before, or a quarter of an hour behind"; "within twelve hours before or
// behind".
inline void care(const History& h, const Event& report, Answers& out) {
  using enum EventType;
  if (report.type != container_status_reported) return;
  const Timestamp at = report.event_time;
  bool ordered = false, opened = false;
  for (const EventPtr& e :
       h.until(FieldId::container_number, report.text(FieldId::container_number), report, hours(12))) {
    const Timestamp t = e->event_time;
    ordered |= e->type == order_issued && is_actual(e) && e->facility == report.facility && at - hours(2) <= t &&
               t <= at + minutes(15);
    opened |=
        ((is_control(*e) && !left_it_shut(*e)) || e->type == container_stuffed || e->type == container_stripped) &&
        is_actual(e) && e->facility == report.facility && at - hours(12) <= t;
  }
  out["move.order_near"] =
      ordered ? "true" : h.absent({order_issued}, report.facility, at - hours(2), at + minutes(15), "false");
  out["container.opening_recorded"] =
      opened ? "true"
             : h.absent({container_inspected, container_sealed, container_stuffed, container_stripped},
                        report.facility, at - hours(12), at + hours(12), "false");
}

// --- devices ---

// What one device of the zone at the facility last said before `until`: silent, and since when.
inline EventPtr silent_in(const History& h, std::string_view zone, std::string_view facility, Timestamp from,
                          const Event& event) {
  Events words;
  for (const EventPtr& e : h.events())
    if (e->text(FieldId::device_zone) == zone && e->facility == facility &&
        place(*e) < place(event)) words.push_back(e);
  for (const EventPtr& s : words) {
    if (s->type != EventType::sensor_silent) continue;
    Timestamp back = s->event_time + days(7);  // "a device that nobody restores is believed silent for a week"
    for (const EventPtr& r : words)
      if (r->type == EventType::sensor_restored && place(*s) < place(*r) &&
          r->text(FieldId::device_id) == s->text(FieldId::device_id))
        back = std::min(back, r->event_time);
    if (back >= from) return s;
  }
  return nullptr;
}

// "A device of this facility that watches the block the container was moved from or to was silent at this instant."
inline void cameras(const History& h, const Event& move, Answers& out) {
  if (move.type != EventType::container_moved) return;
  bool is_watched = false;
  for (const FieldId f : {FieldId::location_from, FieldId::location_to}) {
    const auto slot = move.text(f);
    const auto dash = slot.find('-');
    if (dash == std::string_view::npos || dash == 0) continue;
    is_watched = true;
    const EventPtr silent = silent_in(h, slot.substr(0, dash), move.facility, move.event_time, move);
    if (!silent) continue;
    out["device.silent"] = "true";
    out["device.silent_minutes"] = minutes_text(silent->event_time, move.event_time);
    return;
  }
  if (is_watched)
    out["device.silent"] =
        h.absent({EventType::sensor_silent}, move.facility, move.event_time - hours(1), move.event_time, "false");
}

}  // namespace quaywatch::tests
