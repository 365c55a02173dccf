// Oracle, controls: what customs did about a box, whose hands did it, what the scales said. See oracle_history.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/oracle_box.h"

namespace quaywatch::tests {

inline Events around_box(const History& h, const Event& event, Duration ahead) {
  return h.until(FieldId::container_number, event.text(FieldId::container_number), event, ahead);
}

// "Customs selected the container within 30 days before, and no control is on record since. Of an exit: selected at
// this facility, and not taken off the list either, up to 24 h behind the exit."
inline void selection(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  const bool is_exit = leaves(event.type);
  if ((!is_exit && event.type != selection_removed) || event.classifier != Classifier::actual) return;
  EventPtr selected;
  for (const EventPtr& e : h.earlier_of_box(event))
    if (e->type == selection_added && is_actual(e) && (!is_exit || e->facility == event.facility)) selected = e;
  if (!selected || event.event_time - selected->event_time > days(30)) return;
  bool answered = false;
  for (const EventPtr& e : around_box(h, event, is_exit ? hours(24) : Duration{})) {
    if (!is_actual(e) || !(place(*selected) < place(*e)) || (!is_exit && !(place(*e) < place(event)))) continue;
    answered |= e->type == container_inspected || e->type == scan_analysed || (is_exit && e->type == selection_removed);
  }
  out["selection.minutes_ago"] = minutes_text(selected->event_time, event.event_time);
  const Timestamp from = selected->event_time, until = event.event_time + (is_exit ? hours(24) : Duration{});
  const std::string not_removed = is_exit ? h.absent({selection_removed}, event.facility, from, until, "") : "";
  out["selection.open"] = answered               ? "false"
                          : !not_removed.empty() ? not_removed
                                                 : h.absent({container_inspected, scan_analysed}, event.facility, from,
                                                            until, "true");
  if (event.type == selection_removed && selected->fields.has(FieldId::selection_by))
    out["selection.selected_by"] = selected->text(FieldId::selection_by);
}

inline bool was_opened(const Event& e) {
  const Value opened = e.fields.get(FieldId::inspection_opened);
  return e.type == EventType::container_inspected && !opened.is_absent() && opened.boolean();
}

// "Before this exit somebody judged the picture of the last scan, within 30 days, or opened the container after it; a
// verdict that names another scan does not count. Unknown while that word may still arrive."
inline Truth answers(const Event& word, const Event& scan) {
  const bool is_at_once = word.event_time == scan.event_time && word.time_error_s == 0 && scan.time_error_s == 0;
  const Truth behind = is_at_once ? Truth::yes : !before(word, scan);
  if (was_opened(word)) return behind;
  if (word.type != EventType::scan_analysed) return Truth::no;
  const auto of = word.text(FieldId::scan_ref), ref = scan.text(FieldId::scan_ref);
  return of.empty() || ref.empty() ? behind : truth(of == ref);
}

inline void verdict(const History& h, const Event& exit, Answers& out) {
  if (!leaves(exit.type) || exit.classifier != Classifier::actual) return;
  EventPtr scan;  // a picture, taken with the door shut; a check of papers names neither scan nor scanner
  for (const EventPtr& e : h.earlier_of_box(exit))
    if (e->type == EventType::container_inspected && is_actual(e) && !was_opened(*e) &&
        (e->fields.has(FieldId::scan_ref) || e->fields.has(FieldId::scan_device)))
      scan = e;
  if (!scan || exit.event_time - scan->event_time > days(30)) return;
  Truth judged = Truth::no;
  for (const EventPtr& e : h.earlier_of_box(exit))
    if (is_actual(e)) judged = either(judged, both(answers(*e, *scan), before(*e, exit)));
  if (before(*scan, exit) == Truth::unknown) judged = Truth::unknown;
  out["scan.judged"] = judged == Truth::yes       ? "true"
                       : judged == Truth::unknown ? "unknown: order"
                                                  : h.absent({EventType::scan_analysed, EventType::container_inspected},
                                                             exit.facility, scan->event_time, exit.event_time, "false");
}

// "Minutes by which the last control on record at this facility lies before this discharge of the container, by the
// surest of its reports so far, of equals the first; absent where it came after it, more than a week before, before an
// exit, or after an exit of this facility by land. Unknown where no other is on record and the day before is not
// covered."
inline void early_control(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  if (event.type != container_discharged || event.classifier != Classifier::actual) return;
  EventPtr arrival, first;
  Events known = passages(h, event, &first);
  if (first) known.insert(std::upper_bound(known.begin(), known.end(), first, by_place), first);
  for (const EventPtr& e : h.earlier_of_box(event))
    if (first && is_actual(e) && passage_of(known, e) == first && (!arrival || e->time_error_s < arrival->time_error_s))
      arrival = e;
  if (!arrival || event.time_error_s < arrival->time_error_s) arrival = EventPtr(&event);
  EventPtr control, exit, exit_before;  // the last of each before the arrival; the exit before that control
  for (const EventPtr& e : h.earlier_of_box(*arrival)) {
    if (!is_actual(e)) continue;
    if (leaves(e->type)) exit = e;
    if ((e->type == container_inspected || e->type == scan_analysed) && e->facility == event.facility)
      control = e, exit_before = exit;
  }
  const Timestamp at = arrival->event_time;
  std::string& minutes = out["inspection.minutes_before_arrival"];
  if (!control || at - control->event_time > days(7) || exit != exit_before) {
    minutes = h.absent({container_inspected, scan_analysed}, event.facility, at - days(1), at, "");
    return;
  }
  const bool is_outside =
      exit && exit->type == container_gate_out && exit->facility == event.facility && at - exit->event_time <= days(7);
  if (!is_outside) minutes = if_before(*control, *arrival, minutes_text(control->event_time, at));
}

// "Minutes from the opening of the container to this result of the same control; absent where no opening of that number
// is on record."
inline void opening(const History& h, const Event& event, Answers& out) {
  if (event.type != EventType::container_inspected || event.classifier != Classifier::actual || !was_opened(event) ||
      !event.fields.has(FieldId::inspection_result))
    return;
  const auto ref = event.text(FieldId::inspection_ref);
  EventPtr opened;
  for (const EventPtr& e : h.earlier_of_box(event)) {
    if (e->type == EventType::container_inspected && is_actual(e) && !ref.empty() &&
        e->text(FieldId::inspection_ref) == ref && was_opened(*e) && !e->fields.has(FieldId::inspection_result))
      opened = e;
  }
  if (opened) out["inspection.minutes_open"] = if_before(*opened, event, minutes_text(opened->event_time,
      event.event_time));
}

// --- duties ---

inline std::string_view duty_of(EventType t) {
  using enum EventType;
  if (t == selection_added || t == selection_removed || t == container_inspected || t ==
      scan_analysed) return "control";
  if (t == release_issued || t == release_replaced || t == release_transferred) return "release";
  return t == order_issued ? "yard" : "";
}
// Who did it, as the records of each kind name them.
inline std::vector<std::string> accounts_of(const Event& e) {
  using enum FieldId;
  std::vector<FieldId> fields = {account_id};
  if (e.type == EventType::order_issued) fields = {order_issued_by, account_id};
  if (e.type == EventType::scan_analysed) fields = {scan_officer, inspection_officer};
  if (e.type == EventType::container_inspected) fields = {inspection_officer, inspection_second_officer};
  if (e.type == EventType::selection_added || e.type == EventType::selection_removed)
    fields = {selection_by, selection_approved_by, inspection_officer};
  std::vector<std::string> out;
  for (const FieldId f : fields)
    if (!e.text(f).empty()) out.emplace_back(e.text(f));
  return out;
}

// "Duty of another kind that an account of this record did earlier in this stay of the container."
inline void duties(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  const std::string_view duty = duty_of(event.type);
  const auto accounts = accounts_of(event);
  if (duty.empty() || accounts.empty()) return;
  for (const std::string& account : accounts) {
    EventPtr other;
    for (const EventPtr& e : h.earlier_of_box(event)) {
      if (!is_actual(e)) continue;
      if (leaves(e->type)) other = nullptr;
      if (!duty_of(e->type).empty() && duty_of(e->type) != duty && has(accounts_of(*e), account)) other = e;
    }
    if (!other) continue;
    out["account.other_duty"] = duty_of(other->type);
    out["account.other_duty_by"] = account;
    out["account.other_duty_minutes_ago"] = minutes_text(other->event_time, event.event_time);
    return;
  }
  const Timestamp at = event.event_time;
  if (duty == "control")
    out["account.other_duty"] = h.absent({release_issued, release_replaced, release_transferred, order_issued},
                                         event.facility, at - days(1), at, "");
  if (duty == "release")
    out["account.other_duty"] = h.absent({selection_added, selection_removed, container_inspected, scan_analysed,
                                          order_issued},
                                         event.facility, at - days(1), at, "");
}

// --- scales ---

// "Scale on which the container was weighed last before, in this stay." What papers state has no scale.
inline bool is_weighing(const Event& e) {
  return e.type == EventType::container_weighed && e.classifier == Classifier::actual &&
         e.fields.has(FieldId::weight_point) && e.fields.has(FieldId::container_weight_kg);
}
// Seals that somebody read on the box within an hour of the weighing.
inline std::vector<std::string> seals_near(const History& h, const Event& weighing) {
  std::vector<std::string> out;
  for (const EventPtr& e : around_box(h, weighing, hours(1)))
    if (is_actual(e) && weighing.event_time - e->event_time <= hours(1) &&
        (enters(e->type) || leaves(e->type) || e->type == EventType::seal_checked))
      for (const std::string& s : named(*e, FieldId::seal_number)) out.push_back(s);
  return out;
}

// A weighing and the passage that belongs to it, or a weighing told twice, lie within a quarter of an hour.
inline EventPtr weighed_before(const History& h, const Event& event) {
  EventPtr last;
  for (const EventPtr& e : h.earlier_of_box(event))
    if (is_weighing(*e) && e->facility == event.facility && event.event_time - e->event_time >= minutes(15)) last = e;
  if (!last) return nullptr;
  for (const EventPtr& e : h.earlier_of_box(event))
    if (leaves(e->type) && is_actual(e) && last->event_time - minutes(15) < e->event_time &&
        e->event_time < event.event_time - minutes(15))
      return nullptr;
  return last;
}

// Records of what was done with the box where it stood; moves and bay plans say nothing of its load.
inline bool is_load_word(const Event& e) {
  using enum EventType;
  return enters(e.type) || leaves(e.type) || is_control(e) || e.type == container_weighed || e.type == seal_checked ||
         e.type == container_stuffed || e.type == container_stripped;
}

// "Of a weighing that states the tare: the last record of this stay that says full or empty, up to an hour behind the
// weighing, says empty; unknown where none says either." A passage and its weighing lie within a quarter of an hour.
inline void box_empty(const History& h, const Event& event, Answers& out) {
  if (!event.fields.has(FieldId::container_tare_kg)) return;
  Events words = around_box(h, event, hours(1));
  words.emplace_back(&event);
  std::sort(words.begin(), words.end(), by_place);
  EventPtr said;
  for (const EventPtr& e : words) {
    if (!is_actual(e)) continue;
    if (leaves(e->type) && e->event_time < event.event_time - minutes(15))
      said = nullptr;
    else if (e->fields.has(FieldId::container_full_empty) && is_load_word(*e))
      said = e;
  }
  out["weight.box_empty"] = !said                                                  ? "unknown: known_since"
                            : said->text(FieldId::container_full_empty) == "empty" ? "true"
                                                                                   : "false";
}

inline void scales(const History& h, const Event& event, Answers& out) {
  using enum FieldId;
  if (!is_weighing(event)) return;
  const auto kg = [](const Event& e, FieldId f) { return e.fields.get(f).number; };
  if (event.fields.has(container_tare_kg))
    out["weight.over_tare_kg"] = number_text(kg(event, container_weight_kg) - kg(event, container_tare_kg));
  box_empty(h, event, out);
  const EventPtr last = weighed_before(h, event);
  if (!last) {
    const std::string none = h.absent({EventType::container_weighed}, event.facility, event.event_time - days(1),
                                      event.event_time, "");
    for (const char* fact :
         {"weight.scale_before", "weight.scale_change_kg", "weight.scale_error_kg", "weight.seal_changed"})
      out[fact] = none;
    return;
  }
  out["weight.scale_before"] = last->text(weight_point);
  out["weight.scale_minutes_ago"] = minutes_text(last->event_time, event.event_time);
  out["weight.scale_change_kg"] = number_text(kg(event, container_weight_kg) - kg(*last, container_weight_kg));
  if (event.fields.has(weight_error_kg) && last->fields.has(weight_error_kg))
    out["weight.scale_error_kg"] = number_text(kg(event, weight_error_kg) + kg(*last, weight_error_kg));
  const auto then = seals_near(h, *last), now = seals_near(h, event);
  const bool kept = std::any_of(now.begin(), now.end(), [&](auto& s) { return has(then, s); });
  out["weight.seal_changed"] = then.empty() || now.empty() ? "unknown: known_since" : kept ? "false" : "true";
  bool opened = false;
  for (const EventPtr& e : around_box(h, event, hours(1)))
    opened |= is_actual(e) && place(*last) < place(*e) &&
              ((is_control(*e) && !left_it_shut(*e)) || e->type == EventType::container_stuffed ||
               e->type == EventType::container_stripped);
  out["weight.opening_recorded"] =
      opened ? "true"
             : h.absent({EventType::container_inspected, EventType::container_sealed, EventType::container_stuffed,
                         EventType::container_stripped},
                        event.facility, last->event_time, event.event_time + hours(1), "false");
}

inline void controls(const History& h, const Event& event, Answers& out) {
  verdict(h, event, out);
  early_control(h, event, out);
  selection(h, event, out);
  opening(h, event, out);
  duties(h, event, out);
  scales(h, event, out);
}

}  // namespace quaywatch::tests
