// Oracle, the box itself: where it was, what papers and eyes said of it. See oracle_history.h.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle_history.h"

namespace quaywatch::tests {

inline bool enters(EventType t) {
  return t == EventType::container_discharged || t == EventType::container_gate_in;
}
inline bool leaves(EventType t) {
  return t == EventType::container_loaded || t == EventType::container_gate_out;
}
inline bool is_actual(const EventPtr& e) {
  return e->classifier == Classifier::actual;
}
// A reseal or a control; "a control that may have opened it" is one that does not say that it did not.
inline bool is_control(const Event& e) {
  return e.type == EventType::container_sealed || e.type == EventType::container_inspected;
}
inline bool left_it_shut(const Event& e) {
  const Value opened = e.fields.get(FieldId::inspection_opened);
  return !opened.is_absent() && !opened.boolean();
}

// Entries and exits of the box before the occurrence that the event reports, by their first reports: facts count
// occurrences, and just before one is just before its first report.
inline Events passages(const History& h, const Event& event, EventPtr* reported = nullptr) {
  Events firsts;
  for (const EventPtr& e : h.earlier_of_box(event))
    if (is_actual(e) && (enters(e->type) || leaves(e->type)) &&
        std::none_of(firsts.begin(), firsts.end(), [&](auto& o) { return one_occurrence(*o, *e); }))
      firsts.push_back(e);
  const auto itself =
      std::find_if(firsts.begin(), firsts.end(), [&](const EventPtr& o) { return one_occurrence(*o, event); });
  if (reported && itself != firsts.end()) *reported = *itself;  // its first report, where the event is a further one
  firsts.erase(itself, firsts.end());
  return firsts;
}
// The passage of which the record is a report: of several that it may be, the first; null: of none.
inline EventPtr passage_of(const Events& passages, const EventPtr& record) {
  for (const EventPtr& p : passages)
    if (p == record || one_occurrence(*p, *record)) return p;
  return nullptr;
}
inline EventPtr last_at(const Events& passages, std::string_view facility) {
  EventPtr last;
  for (const EventPtr& p : passages)
    if (p->facility == facility) last = p;
  return last;
}

// "The container was inside this facility just before; unknown until a record shows it in or out."
inline void custody(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  const Events all = passages(h, event);
  const EventPtr last = last_at(all, event.facility);
  std::string& inside = out["container.inside"];
  if (!last)
    inside = "unknown: known_since";
  else if (before(*last, event) == Truth::unknown)
    inside = "unknown: order";
  else if (enters(last->type))
    inside = h.absent({container_gate_out, container_loaded}, event.facility, last->event_time, event.event_time,
                      "true");
  else
    inside = h.absent({container_gate_in, container_discharged}, event.facility, last->event_time, event.event_time,
                      "false");
  if (inside == "true") out["container.inside_since"] = format_rfc3339(last->event_time);
  if (leaves(event.type)) {
    std::string& by_sea = out["container.entered_by_sea"];
    if (!last || !enters(last->type))
      by_sea = "unknown: known_since";
    else
      by_sea = if_before(*last, event, last->type == container_discharged ? "true" : "false");
  }
  if (all.empty()) return;
  out["container.last_facility"] = all.back()->facility;
}

// "Visits of this number that were open at all facilities just before."
inline void visits(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  if (!enters(event.type)) return;
  const Events all = passages(h, event);
  int open = 0;
  std::string unknown;
  for (const EventPtr& p : all) {
    if (p != last_at(all, p->facility) || !enters(p->type)) continue;
    ++open;
    const std::string is_open =
        before(*p, event) == Truth::unknown
            ? "unknown: order"
            : h.absent({container_gate_out, container_loaded}, p->facility, p->event_time, event.event_time, "true");
    if (is_open != "true") unknown = is_open;
    if (p->facility != event.facility)
      out["container.other_facility"] = is_open == "true" ? p->facility : is_open;
  }
  out["container.open_visits"] = unknown.empty() ? std::to_string(open) : unknown;
}

// "Of an entry: the records of the container's last visit, the exit first of all, said full; unknown where none said
// full or empty." Of several reports of one passage the first that says it.
inline std::string left_full(const History& h, const Events& all, const EventPtr& reported, const Event& event) {
  Events known = all;
  if (reported) known.insert(std::upper_bound(known.begin(), known.end(), reported, by_place), reported);
  std::string said = "unknown: known_since";
  for (const EventPtr& p : all) {
    if (p->facility != all.back()->facility) continue;
    if (enters(p->type)) said = "unknown: known_since";  // another visit
    for (const EventPtr& e : h.earlier_of_box(event))
      if (is_actual(e) && passage_of(known, e) == p && e->fields.has(FieldId::container_full_empty)) {
        said = e->text(FieldId::container_full_empty) == "full" ? "true" : "false";
        break;
      }
  }
  return said;
}

// The way from the last exit to an entry.
inline void journey(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  EventPtr reported;
  const Events all = passages(h, event, &reported);
  if (all.empty() || !leaves(all.back()->type)) return;
  const Event& exit = *all.back();
  out["container.outside_minutes"] = if_before(exit, event, minutes_text(exit.event_time, event.event_time));
  if (!enters(event.type)) return;
  out["container.left_by_land"] = if_before(exit, event, exit.type == container_gate_out ? "true" : "false");
  out["container.left_full"] = if_before(exit, event, left_full(h, all, reported, event));
  // The last control before this entry, whoever reported the entry first.
  EventPtr opened;
  for (const EventPtr& e : h.earlier_of_box(event)) {
    if (e == reported) break;
    if (is_actual(e) && is_control(*e) && !left_it_shut(*e)) opened = e;
  }
  const Truth is_between = opened ? both(before(exit, *opened), before(*opened, event)) : Truth::no;
  out["container.opened_outside"] = is_between == Truth::yes ? "true"
                                    : is_between == Truth::unknown || before(exit, event) == Truth::unknown
                                        ? "unknown: order"
                                        : h.absent({container_sealed, container_inspected}, event.facility,
                                                   exit.event_time, event.event_time, "false");
}

// --- what was stated of it ---

// Records made with the box in sight: "container.*" of happenings in the terminal, and the bay plan.
inline bool is_sight(const Event& e) {
  using enum EventType;
  return enters(e.type) || leaves(e.type) || is_control(e) || e.type == container_stowed || e.type == container_moved ||
         e.type == container_weighed;
}
// The last actual one before that states the field.
inline EventPtr stated_before(const History& h, const Event& event, FieldId field) {
  EventPtr last;
  for (const EventPtr& e : h.earlier_of_box(event))
    if (is_actual(e) && is_sight(*e) && e->fields.has(field)) last = e;
  return last;
}

inline void statements(const History& h, const Event& event, Answers& out) {
  using enum FieldId;
  if (event.fields.has(container_size_type)) {
    const EventPtr s = stated_before(h, event, container_size_type);
    if (s) out["container.size_type_before"] = s->text(container_size_type);
    out["container.size_type_changed"] = !s ? "unknown: known_since"
                                         : s->text(container_size_type) == event.text(container_size_type) ? "false"
                                                                                                           : "true";
  }
  if (const EventPtr s = stated_before(h, event, container_weight_kg); s && event.fields.has(container_weight_kg)) {
    const std::int64_t was = s->fields.get(container_weight_kg).number;
    out["container.weight_before_kg"] = number_text(was);
    out["container.weight_delta_kg"] = number_text(event.fields.get(container_weight_kg).number - was);
  }
  if (event.type != EventType::container_moved) return;
  EventPtr loaded;
  for (const EventPtr& e : h.earlier_of_box(event))
    if (e->fields.has(location_load) &&
        (e->type == EventType::container_stowed || e->type == EventType::container_discharged ||
         e->type == EventType::document_changed))
      loaded = e;
  out["container.load_port"] = loaded ? std::string(loaded->text(location_load)) : "unknown: known_since";
}

// --- seals ---

inline std::vector<std::string> named(const Event& e, FieldId field) {
  std::vector<std::string> out;
  for (const std::string& v : values_of(e, field)) out.push_back(squeeze(v));
  return out;
}

// "Seals on the box just before this record". What was seen on the box are the actual records made in its sight: an
// announcement or an order repeats what papers say.
struct SealsOnBox {
  std::vector<std::string> known;
  EventPtr seen, explained;  // where; a reseal or opening without new number since
};
inline SealsOnBox seals_on_box(const History& h, const Event& event) {
  SealsOnBox out;
  auto& [known, seen, explained] = out;
  for (const EventPtr& e : h.earlier_of_box(event)) {
    if (!is_sight(*e) || !is_actual(e) || (is_control(*e) && left_it_shut(*e))) continue;
    std::vector<std::string> on_it = is_control(*e) ? named(*e, FieldId::seal_new) : std::vector<std::string>{};
    if (on_it.empty()) on_it = named(*e, FieldId::seal_number);
    if (!on_it.empty())
      known = on_it, seen = e, explained = nullptr;
    else if (is_control(*e))
      explained = e;
  }
  return out;
}

// "None of the seals named here was known before."
inline void seals(const History& h, const Event& event, Answers& out) {
  const auto now = named(event, FieldId::seal_number);
  if (event.classifier != Classifier::actual || is_control(event) || now.empty()) return;
  const SealsOnBox on_it = seals_on_box(h, event);
  const std::vector<std::string>& known = on_it.known;
  const EventPtr &seen = on_it.seen, &explained = on_it.explained;
  if (!seen) return;
  // Loaded here, carried away, emptied and filled anew before it came back: the seals of two journeys are not compared.
  if (event.type == EventType::container_discharged && seen->type == EventType::container_loaded &&
      seen->facility == event.facility && event.event_time - seen->event_time > hours(36)) {
    out["seal.changed"] = "unknown: known_since";
    return;
  }
  out["seal.known"] = joined(known);
  const bool kept = std::any_of(now.begin(), now.end(), [&](const std::string& s) { return has(known, s); });
  out["seal.changed"] = kept ? "false" : if_before(*seen, event, "true");
  std::size_t least = 999;
  for (const std::string& a : now)
    for (const std::string& b : known) least = std::min(least, edit_distance(a, b));
  out["seal.difference"] = std::to_string(least);
  using enum EventType;
  out["seal.reseal_recorded"] = explained ? "true"
                                          : h.absent({container_sealed, container_inspected}, event.facility,
                                                     seen->event_time, event.event_time, "false");
}

// --- what two feeds say of one happening ---

inline bool contradict(const Event& a, const Event& b, bool& compared) {
  using enum FieldId;
  bool out = false;
  for (const FieldId field : {seal_number, vehicle_plate, party_code}) {
    const auto left = named(a, field), right = named(b, field);
    if (left.empty() || right.empty()) continue;
    compared = true;
    out |= std::none_of(left.begin(), left.end(), [&](const std::string& v) { return has(right, v); });
  }
  if (a.fields.has(container_weight_kg) && b.fields.has(container_weight_kg)) {
    compared = true;
    const std::int64_t apart = a.fields.get(container_weight_kg).number - b.fields.get(container_weight_kg).number;
    out |= apart >= 100 * kDecimalOne || apart <= -100 * kDecimalOne;
  }
  return out;
}

inline void reports(const History& h, const Event& event, Answers& out) {
  if (event.classifier != Classifier::actual || !is_sight(event)) return;
  bool compared = false, differs = false;
  for (const EventPtr& e : h.earlier_of_box(event))
    if (is_actual(e) && e->feed != event.feed && info(e->type).same_within_s > 0 && one_occurrence(*e, event))
      differs |= contradict(*e, event, compared);
  if (compared) out["container.sources_disagree"] = differs ? "true" : "false";
}

}  // namespace quaywatch::tests
