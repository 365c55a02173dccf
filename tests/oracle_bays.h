// Oracle, who stands beside whom in the yard. See oracle_history.h.
#pragma once

#include <cstdlib>
#include <string_view>

#include "tests/oracle_orders.h"
#include "tests/oracle_rights.h"

namespace quaywatch::tests {

// "A05-12-3-2": the bay A05-12, row 3.
struct Spot {
  std::string_view bay;
  int row = 0;
};
inline Spot spot_of(std::string_view place) {
  const auto bay = place.find('-', place.find('-') + 1);
  if (bay == std::string_view::npos || place.find('-') == bay) return {};
  Spot spot{place.substr(0, bay), 0};
  for (std::size_t i = bay + 1; i < place.size() && place[i] != '-'; ++i) spot.row = 10 * spot.row + place[i] - '0';
  return spot;
}
inline bool is_beside(const Event& a, const Event& b) {
  const Spot here = spot_of(a.text(FieldId::location_to)), there = spot_of(b.text(FieldId::location_to));
  return !here.bay.empty() && a.facility == b.facility && here.bay == there.bay && std::abs(here.row - there.row) <= 1;
}

// "A move that no order covers": the order that matches it best fits it not, and none that may have stood does.
inline Truth covered(const History& h, const Event& move) {
  const Events box = maybe_earlier_of_box(h, move);
  Truth any = Truth::no;
  const EventPtr best = order_of(box, move, any);
  if (best && fits(*best, move)) return Truth::yes;
  for (const EventPtr& o : box)
    if (o->type == EventType::order_issued && fits(*o, move) &&
        both(before(*o, move), !cancelled(*o, box, move)) == Truth::unknown)
      return Truth::unknown;
  return Truth::no;
}

// Was the box that `brought` set down not moved on before the move?
inline Truth set_down(const History& h, const Event& brought, const Event& move) {
  Truth out = before(brought, move);
  for (const EventPtr& e : h.earlier(FieldId::container_number, brought.text(FieldId::container_number), move))
    if (place(brought) < place(*e) && is_actual(e) && e->type == EventType::container_moved)
      out = both(out, !before(*e, move));
  return out;
}

// "Due out, its release being in force": nobody has collected it, and it has not left otherwise.
inline Truth due_out(const History& h, const Event& brought, const Event& move) {
  const std::string_view box = brought.text(FieldId::container_number), ref = latest_release(h, box, move);
  Truth out = in_force(right_under(h, ref, move), move);
  for (const EventPtr& e : collections(h, ref, box, move)) out = both(out, !before(*e, move));
  for (const EventPtr& e : h.earlier(FieldId::container_number, box, move))
    if (place(brought) < place(*e) && is_actual(e) && leaves(e->type) && e->facility == move.facility)
      out = both(out, !before(*e, move));
  return out;
}

// "Of a move that no order covers: a container in the same or the next row of the bay it went to that is due out";
// "unknown where no neighbour is known". What was set down more than thirty days before may have left unseen.
inline void neighbours(const History& h, const Event& move, Answers& out) {
  const Truth ordered = move.type == EventType::container_moved ? covered(h, move) : Truth::yes;
  if (ordered == Truth::yes || spot_of(move.text(FieldId::location_to)).bay.empty()) return;
  bool is_known = false, is_open = false;
  for (const EventPtr& e : h.events()) {
    const std::string_view box = e->text(FieldId::container_number);
    if (e->type != EventType::container_moved || !is_actual(e) || !(place(*e) < place(move)) || box.empty() ||
        box == move.text(FieldId::container_number) || !is_beside(*e, move) ||
        move.event_time - e->event_time > days(30))
      continue;
    const Truth stood = set_down(h, *e, move), due = both(both(stood, !ordered), due_out(h, *e, move));
    is_known |= stood == Truth::yes;
    is_open |= due == Truth::unknown;
    if (due != Truth::yes) continue;
    out["move.neighbour"] = box;
    out["move.neighbour_due_out"] = "true";
    return;
  }
  if (is_open) out["move.neighbour"] = "unknown: order";
  out["move.neighbour_due_out"] = is_open ? "unknown: order" : is_known ? "false" : "unknown: known_since";
}

}  // namespace quaywatch::tests
