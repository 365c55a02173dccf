// Oracle, the right to collect: releases, announcements, who asked about the box, what registers say of a company.
// See oracle_history.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/oracle_history.h"

namespace quaywatch::tests {

// The event's own reference, else "the release of this box that was in force just before": the latest issued that was
// not certainly cancelled.
inline std::string_view latest_release(const History& h, std::string_view box, const Event& event) {
  std::vector<std::string_view> in_force;
  for (const EventPtr& e : h.earlier(FieldId::container_number, box, event)) {
    const std::string_view ref = e->text(FieldId::release_ref);
    const bool gives = e->type == EventType::release_issued || e->type == EventType::release_replaced;
    const bool ends = e->type == EventType::release_cancelled && before(*e, event) == Truth::yes;
    if (gives || ends) std::erase(in_force, ref);
    if (gives) in_force.push_back(ref);
  }
  return in_force.empty() ? std::string_view{} : in_force.back();
}
inline std::string_view governing(const History& h, const Event& event) {
  const std::string_view own = event.text(FieldId::release_ref);
  return own.empty() ? latest_release(h, event.text(FieldId::container_number), event) : own;
}

struct Right {
  EventPtr decides;  // the last word on whether the right exists
  bool in_force = false;
  bool was_in_force = false;  // before that word
  Events holdings;            // records that made someone the holder, in order
};
inline std::string_view holder_by(const Event& e) {
  return e.text(e.type == EventType::release_transferred ? FieldId::release_to : FieldId::release_holder_named);
}

inline Right right_under(const History& h, std::string_view ref, const Event& event) {
  Right r;
  const auto hold = [&](const EventPtr& e) {
    const std::string_view party = holder_by(*e);
    if (!party.empty() && (r.holdings.empty() || holder_by(*r.holdings.back()) != party)) r.holdings.push_back(e);
  };
  for (const EventPtr& e : h.earlier(FieldId::release_ref, ref, event)) {
    const bool replaces = e->type == EventType::release_replaced;
    if (e->type == EventType::release_transferred) {
      hold(e);
    } else if (e->type == EventType::release_cancelled) {
      const bool again = r.decides && !r.in_force;  // cancelled twice: what is certain counts
      if (!again || before(*e, event) == Truth::yes) r.decides = e;
      if (!again) r.was_in_force = r.in_force;
      r.in_force = false;
    } else if (replaces || e->type == EventType::release_issued) {
      // Anew after a cancellation or as a replacement; else a second register's word on the same right.
      const bool anew = replaces || (r.decides && !r.in_force);
      const bool decides = anew || !r.in_force;
      if (anew) r.holdings.clear();
      if (decides || r.holdings.empty()) hold(e);
      if (decides) r.decides = e, r.was_in_force = r.in_force;
      r.in_force = true;
    }
  }
  return r;
}

inline Truth in_force(const Right& r, const Event& event) {
  const bool changed = r.decides && r.in_force != r.was_in_force;
  return changed && before(*r.decides, event) == Truth::unknown ? Truth::unknown : truth(r.in_force);
}
// "A release for this box is on record at this instant; unknown where the clocks do not say whether it was issued or
// cancelled before."
inline std::string release_known(const History& h, const Right& r, const Event& event) {
  const Truth known = in_force(r, event);
  if (known == Truth::unknown) return "unknown: order";
  return known == Truth::yes
             ? "true"
             : h.absent({EventType::release_issued}, {}, event.event_time - days(1), event.event_time, "false");
}

// Collections of the box on the release, by their first reports.
inline Events collections(const History& h, std::string_view ref, std::string_view box, const Event& event) {
  Events firsts;
  for (const EventPtr& e : h.earlier(FieldId::release_ref, ref, event))
    if (e->type == EventType::container_gate_out && e->classifier == Classifier::actual &&
        e->text(FieldId::container_number) == box &&
        std::none_of(firsts.begin(), firsts.end(), [&](auto& c) { return one_occurrence(*c, *e); }))
      firsts.push_back(e);
  return firsts;
}

inline void right(const History& h, const Event& event, Answers& out) {
  const std::string_view ref = governing(h, event);
  const Right r = right_under(h, ref, event);
  std::string &known = out["release.known"], &ever = out["release.party_ever_held"];
  ever = "unknown: known_since";
  known = release_known(h, r, event);
  if (known == "unknown: order") ever = known;
  if (known != "true") return;
  out["release.current_ref"] = ref;
  Events collected = collections(h, ref, event.text(FieldId::container_number), event);
  std::erase_if(collected, [&](auto& c) { return one_occurrence(*c, event); });
  out["release.uses"] = std::to_string(collected.size());
  if (r.holdings.empty()) {
    out["release.party_is_holder"] = "unknown: known_since";
    return;
  }
  const Event& last = *r.holdings.back();
  const std::string_view party = event.text(FieldId::party_code);
  out["release.holder"] = if_before(last, event, std::string(holder_by(last)));
  out["release.holder_since"] = if_before(last, event, format_rfc3339(last.event_time));
  // Who does not hold it may have been given it by a transfer that is still on its way.
  const Timestamp since = r.holdings.front()->event_time;
  const std::string not_passed_on =
      h.absent({EventType::release_transferred}, {}, since, event.event_time, "false");
  out["release.party_is_holder"] = if_before(last, event, holder_by(last) == party ? "true" : not_passed_on);
  std::vector<std::string> chain;
  Truth held = Truth::no;
  for (const EventPtr& e : r.holdings) {
    chain.emplace_back(holder_by(*e));
    if (holder_by(*e) == party) held = either(held, before(*e, event));
  }
  out["release.chain"] = joined(chain);
  ever = held == Truth::no ? not_passed_on : held == Truth::yes ? "true" : "unknown: order";
}

// --- announcements ---

inline void announcements(const History& h, const Event& event, Answers& out) {
  const std::string_view party = event.text(FieldId::party_code);
  EventPtr announced;
  int denials = 0;
  for (const EventPtr& e : h.earlier_of_box(event)) {
    if (e->type == EventType::pickup_announced) announced = e;
    denials += e->type == EventType::pickup_denied && e->text(FieldId::party_code) == party &&
               event.event_time - e->event_time <= hours(24);
  }
  out["pickup.denials"] = std::to_string(denials);
  if (!announced || event.event_time - announced->event_time > days(10)) return;
  const std::string by(announced->text(FieldId::party_code));
  out["pickup.announced_by"] = if_before(*announced, event, by);
  out["pickup.announcer_is_party"] = if_before(*announced, event, by.empty() ? "" : by == party ? "true" : "false");
}

// "Another party of the chain of this release took back its own announcement of the collection."
inline void withdrawals(const History& h, const Event& event, Answers& out) {
  const Right r = right_under(h, governing(h, event), event);
  for (const EventPtr& e : h.earlier_of_box(event)) {
    const std::string_view by = e->text(FieldId::party_code);
    if (e->type != EventType::pickup_withdrawn || by == event.text(FieldId::party_code) ||
        event.event_time - e->event_time > hours(24))
      continue;
    if (std::any_of(r.holdings.begin(), r.holdings.end(), [&](auto& held) { return holder_by(*held) == by; }))
      out["pickup.holder_withdrew_minutes_ago"] =
          if_before(*e, event, minutes_text(e->event_time, event.event_time));
  }
}

// --- look-ups ---

inline bool is_lookup(const Event& e) {
  return e.type == EventType::release_viewed || e.type == EventType::account_queried;
}
// "A ticket or job of that account on this box", up to seven days before the look-up or an hour behind it.
inline EventPtr ticket_for(const History& h, const Event& lookup, const Event& event) {
  EventPtr found;
  for (const EventPtr& t : h.events())
    if (t->type == EventType::task_opened && t->text(FieldId::account_id) == lookup.text(FieldId::account_id) &&
        t->text(FieldId::container_number) == lookup.text(FieldId::container_number) &&
        lookup.event_time - days(7) <= t->event_time && t->event_time <= lookup.event_time + hours(1) &&
        place(*t) < place(event))
      found = t;
  return found;
}

// "The last look-up on this box that no task on record explains and that was not made by the party acting here or the
// holder; when tasks explain all, the last."
inline void lookups(const History& h, const Event& event, Answers& out) {
  const Right r = right_under(h, governing(h, event), event);
  EventPtr last, unexplained;
  for (const EventPtr& e : h.earlier_of_box(event)) {
    const std::string_view by = e->text(FieldId::account_organisation);
    const bool is_holder =
        std::any_of(r.holdings.begin(), r.holdings.end(), [&](auto& x) { return holder_by(*x) == by; });
    if (!is_lookup(*e) || e->fields.has(FieldId::task_ref) || event.event_time - e->event_time > days(7) ||
        (!by.empty() && (by == event.text(FieldId::party_code) || is_holder)))
      continue;
    last = e;
    if (e->text(FieldId::account_id).empty() || !ticket_for(h, *e, event)) unexplained = e;
  }
  const EventPtr told = unexplained ? unexplained : last;
  if (!told) return;
  if (told->fields.has(FieldId::account_id)) out["lookup.account"] = told->text(FieldId::account_id);
  if (told->fields.has(FieldId::account_organisation))
    out["lookup.organisation"] = told->text(FieldId::account_organisation);
  out["lookup.minutes_ago"] = minutes_text(told->event_time, event.event_time);
  out["lookup.task_known"] =
      !unexplained ? "true"
                   : h.absent({EventType::task_opened}, {}, told->event_time - hours(8),
                              std::min(told->event_time + hours(1), event.event_time), "false");
}

// --- registers ---

// "Minutes since a register first entered the company; absent where no register names it; unknown where none is on
// record and no register covers the day before."
inline std::string registered(const History& h, std::string_view party, const Event& event) {
  for (const EventPtr& e : h.earlier(FieldId::party_code, party, event))
    if (e->type == EventType::party_registered)
      return if_before(*e, event, minutes_text(e->event_time, event.event_time));
  return h.absent({EventType::party_registered}, {}, event.event_time - days(1), event.event_time, "");
}

inline void receiver(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  if (event.type != release_issued && event.type != release_replaced && event.type != release_transferred) return;
  std::string_view to = event.text(FieldId::release_to);
  if (to.empty()) to = event.text(FieldId::release_holder_named);
  if (to.empty()) return;
  const std::string since = registered(h, to, event);
  if (!since.empty()) out["release.receiver_registered_minutes_ago"] = since;
}

// Does it name the company: "release, transfer, announcement or collection"?
inline bool is_business_of(const Event& e, std::string_view party) {
  using enum EventType;
  const bool is_business = e.type == release_issued || e.type == release_replaced || e.type == release_transferred ||
                           e.type == pickup_announced || e.type == pickup_completed || e.type == container_gate_out;
  return is_business && (e.text(FieldId::party_code) == party || e.text(FieldId::release_holder_named) == party ||
                         e.text(FieldId::release_to) == party);
}

// "Of an announcement or exit: a company that was given this right within 24 h before, and that no release, transfer,
// announcement or collection of another container names before and no register entered more than two days before;
// unknown where there may be one and no feed covers transfers over the two days before." The first of the chain that is
// not certainly known.
inline void newcomers(const History& h, const Event& event, Answers& out) {
  if (event.type != EventType::pickup_announced && event.type != EventType::container_gate_out) return;
  for (const EventPtr& given : right_under(h, governing(h, event), event).holdings) {
    const Timestamp at = given->event_time;
    const std::string_view party = holder_by(*given);
    Truth is_new = event.event_time - at <= hours(24) ? before(*given, event) : Truth::no;
    for (const EventPtr& e : h.events()) {
      if (!(place(*e) < place(event))) break;
      if (e->type == EventType::party_registered && e->text(FieldId::party_code) == party &&
          at - e->event_time > days(2))
        is_new = Truth::no;
      if (is_business_of(*e, party) && e->text(FieldId::container_number) != event.text(FieldId::container_number))
        is_new = both(is_new, !before(*e, *given));
    }
    if (is_new == Truth::no) continue;
    std::string open = h.absent({EventType::release_transferred}, {}, at - days(2), at, "");
    if (is_new == Truth::unknown) open = "unknown: order";
    out["release.newcomer"] = open.empty() ? party : open;
    out["release.newcomer_minutes_ago"] = open.empty() ? minutes_text(at, event.event_time) : open;
    return;
  }
}

// "When the entry was last changed, in name or state, or an account of it; an entry said again and other vehicles are
// no change."
inline void company(const History& h, const Event& event, Answers& out) {
  EventPtr entry, changed, fleet;
  for (const EventPtr& e : h.earlier(FieldId::party_code, event.text(FieldId::party_code), event)) {
    if (e->type == EventType::account_changed) changed = e;
    if (e->type != EventType::party_registered && e->type != EventType::account_changed) continue;
    if (e->fields.has(FieldId::party_vehicle)) fleet = e;
    if (e->type != EventType::party_registered) continue;
    const auto differs = [&](FieldId f) { return entry && entry->text(f) != e->text(f); };
    if (differs(FieldId::party_name) || differs(FieldId::party_state)) changed = e;
    entry = e;
  }
  const std::string since = registered(h, event.text(FieldId::party_code), event);
  if (!since.empty()) out["party.registered_minutes_ago"] = since;
  std::string& change = out["party.changed_minutes_ago"];
  if (changed)
    change = if_before(*changed, event, minutes_text(changed->event_time, event.event_time));
  else
    change = h.absent({EventType::party_registered}, {}, event.event_time - days(1), event.event_time, "");
  if (fleet && event.fields.has(FieldId::vehicle_plate))
    out["party.vehicle_known"] =
        has(values_of(*fleet, FieldId::party_vehicle), std::string(event.text(FieldId::vehicle_plate))) ? "true"
                                                                                                        : "false";
}

inline void rights(const History& h, const Event& event, Answers& out) {
  receiver(h, event, out);
  if (!event.fields.has(FieldId::party_code) || !event.fields.has(FieldId::container_number)) return;
  right(h, event, out);
  announcements(h, event, out);
  withdrawals(h, event, out);
  lookups(h, event, out);
  newcomers(h, event, out);
  company(h, event, out);
}

}  // namespace quaywatch::tests
