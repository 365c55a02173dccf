// Oracle, what accounts look up: how many boxes within an hour, and the tickets that explain it. See oracle_history.h.
#pragma once

#include <algorithm>
#include <set>
#include <string>

#include "tests/oracle_box.h"
#include "tests/oracle_rights.h"

namespace quaywatch::tests {

// A look-up of a box by an account.
inline bool is_asked(const Event& e) {
  return is_lookup(e) && e.fields.has(FieldId::account_id) && e.fields.has(FieldId::container_number);
}
// Words that are on record when tickets "within an hour behind" the look-up are.
inline Events known_to(const History& h, const Event& lookup) {
  return h.until(FieldId::account_id, lookup.text(FieldId::account_id), lookup, hours(1));
}
inline bool has_ticket(const Events& words, const Event& lookup) {
  return std::any_of(words.begin(), words.end(), [&](const EventPtr& t) {
    return t->type == EventType::task_opened &&
           t->text(FieldId::container_number) == lookup.text(FieldId::container_number) &&
           lookup.event_time - days(7) <= t->event_time && t->event_time <= lookup.event_time + hours(1);
  });
}

// The boxes of look-ups by this account in the hour up to `last`, of which neither they nor a ticket name a task. A box
// asked again counts once, as the later of them: a look-up with a task excuses the earlier one.
inline std::set<std::string> boxes_of_hour(const Events& words, const Event& last) {
  std::map<std::string, EventPtr> latest;
  for (const EventPtr& e : words)
    if (is_asked(*e) && !(place(last) < place(*e)) && last.event_time - e->event_time <= hours(1))
      latest[std::string(e->text(FieldId::container_number))] = e;
  std::set<std::string> out;
  for (const auto& [box, e] : latest)
    if (!e->fields.has(FieldId::task_ref) && !has_ticket(words, *e)) out.insert(box);
  return out;
}

// "The boxes that its account looked up within the hour up to it, this one included, and that no ticket on record
// explains; absent while they are few."
inline void many_boxes(const History& h, const Event& event, Answers& out) {
  Events words = known_to(h, event);
  words.emplace_back(&event);
  std::sort(words.begin(), words.end(), by_place);
  const auto boxes = boxes_of_hour(words, event);
  if (!boxes.contains(std::string(event.text(FieldId::container_number))) || boxes.size() < 10) return;
  const Timestamp at = event.event_time;
  out["account.boxes_hour"] = std::to_string(boxes.size());
  out["account.task_known"] = h.absent({EventType::task_opened}, {}, at - hours(8), at + hours(1), "false");
}

// "The most boxes that the account looked up within an hour up to a look-up that no task explains, counted as there":
// "in the half-days (UTC) from the 28th to the second before this one". Nothing on record is 0 where that is covered.
inline void usual_boxes(const History& h, const Event& event, Answers& out) {
  const Events words = known_to(h, event);
  const auto half_day = [](const Event& e) { return e.event_time.us / hours(12).us; };
  std::size_t most = 0;
  for (const EventPtr& e : words) {
    const std::int64_t back = half_day(event) - half_day(*e);
    if (!is_asked(*e) || back < 2 || back > 28) continue;
    const auto boxes = boxes_of_hour(words, *e);
    if (boxes.contains(std::string(e->text(FieldId::container_number)))) most = std::max(most, boxes.size());
  }
  const Timestamp at = event.event_time;
  out["account.usual_boxes_hour"] =
      most > 0 ? std::to_string(most)
               : h.absent({EventType::release_viewed, EventType::account_queried}, event.facility, at - days(1),
                          at - hours(12), "0");
}

// "Minutes since the discharge of the container, which stands inside; absent where it does not, or came by land;
// unknown where the clocks do not say whether the discharge, or an exit on record, was before." "A ticket of that
// account on this container is on record within seven days before or an hour behind."
inline void early(const History& h, const Event& event, Answers& out) {
  EventPtr entry, last;
  for (const EventPtr& p : passages(h, event)) {
    if (p->facility != event.facility) continue;
    last = p;
    if (enters(p->type)) entry = p;
  }
  if (!entry || entry->type != EventType::container_discharged) return;
  if (leaves(last->type) && before(*last, event) != Truth::unknown) return;
  const Timestamp at = event.event_time;
  out["account.discharged_minutes_ago"] = if_before(*last, event, minutes_text(entry->event_time, at));
  out["account.ticket_known"] = has_ticket(known_to(h, event), event)
                                    ? "true"
                                    : h.absent({EventType::task_opened}, {}, at - hours(8), at + hours(1), "false");
  out["release.known"] = release_known(h, right_under(h, governing(h, event), event), event);
}

inline void queries(const History& h, const Event& event, Answers& out) {
  if (!is_asked(event) || event.fields.has(FieldId::task_ref)) return;
  early(h, event, out);
  many_boxes(h, event, out);
  if (out.contains("account.boxes_hour")) usual_boxes(h, event, out);
}

}  // namespace quaywatch::tests
