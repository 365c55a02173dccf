// Oracle, what papers say of a box: its number, its export. See oracle_history.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/oracle_box.h"

namespace quaywatch::tests {

// "The check digit of the number is right (ISO 6346)": letters count 10 to 38 without the multiples of 11, each
// character twice as much as the one before it, modulo 11, modulo 10.
inline void check_digit(const Event& event, Answers& out) {
  const std::string_view number = event.text(FieldId::container_number);
  int sum = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    int value = number[i] - '0';
    if (i < 4) {
      value = 10;
      for (char c = 'A'; c < number[i]; ++c) value += (value + 1) % 11 == 0 ? 2 : 1;
    }
    sum += value << i;
  }
  out["container.check_digit_valid"] = sum % 11 % 10 == number[10] - '0' ? "true" : "false";
}

// --- lists of the site ---

// An entry of a list, with what it says last.
struct Entered {
  EventPtr first, last;
  Truth off = Truth::no;  // taken off before the event
};
// "List that names the object", "number of the entry": what is named decides. What one of two words leaves out is no
// difference within a feed; across feeds an entry without its list is nobody's.
inline bool on_one_entry(const Event& a, const Event& b) {
  for (const FieldId f : {FieldId::list_name, FieldId::list_entry})
    if (!a.text(f).empty() && !b.text(f).empty() && !equals_ignore_case(a.text(f), b.text(f))) return false;
  return a.feed == b.feed || (!a.text(FieldId::list_name).empty() && !b.text(FieldId::list_name).empty());
}
// What the words say that are on record, by place. Who lists again what stands there says how long it counts; what was
// taken off is entered anew.
inline std::vector<Entered> entries_of(const Events& words, const Event& event) {
  std::vector<Entered> all;
  std::vector<bool> closed;
  for (const EventPtr& w : words) {
    bool stands = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!on_one_entry(*all[i].first, *w)) continue;
      if (w->type == EventType::object_delisted)
        all[i].off = either(all[i].off, before(*w, event)), closed[i] = true;
      else if (!closed[i] && !stands)
        all[i].last = w, stands = true;
    }
    if (w->type == EventType::object_listed && !stands) all.push_back({w, w, Truth::no}), closed.push_back(false);
  }
  return all;
}
// "Last instant at which the entry counts."
inline bool is_over(const Entered& entry, const Event& event) {
  const Value until = entry.last->fields.get(FieldId::list_valid_until);
  return !until.is_absent() && until.time() < event.event_time;
}
inline bool is_list_word(const Event& e) {
  return e.type == EventType::object_listed || e.type == EventType::object_delisted;
}

// "Lists of the site whose entry for this container counts at this instant."
inline void on_lists(const History& h, const Event& event, Answers& out) {
  if (is_list_word(event)) return;
  Events words = h.earlier_of_box(event);
  std::erase_if(words, [](const EventPtr& e) { return !is_list_word(*e) || !is_actual(e); });
  std::vector<std::string> lists;
  for (const Entered& entry : entries_of(words, event)) {
    const Truth counts = is_over(entry, event) ? Truth::no : both(before(*entry.first, event), !entry.off);
    if (counts == Truth::yes) lists.emplace_back(entry.first->text(FieldId::list_name));
    if (counts == Truth::unknown) lists.emplace_back("unknown: order");
  }
  if (!lists.empty()) out["container.on_list"] = joined(lists);
}

// --- cars ---

// "That an earlier record states in another container."
inline Truth repeated(const History& h, const std::string& vin, const Event& event) {
  Truth out = Truth::no;
  for (const EventPtr& e : h.earlier(FieldId::goods_vin, vin, event))
    if (!is_list_word(*e) && is_actual(e) && e->fields.has(FieldId::container_number) &&
        e->text(FieldId::container_number) != event.text(FieldId::container_number))
      out = either(out, before(*e, event));
  return out;
}
// "That a list names as stolen or wanted, then or within 30 days behind it."
inline Truth listed(const History& h, const std::string& vin, const Event& event) {
  Events words = h.until(FieldId::goods_vin, vin, event, days(30));
  std::erase_if(words, [](const EventPtr& e) { return !is_list_word(*e) || !is_actual(e); });
  Truth out = Truth::no;
  for (const Entered& entry : entries_of(words, event))
    if (!is_over(entry, event)) out = either(out, !entry.off);
  return out;
}
// "Unknown where there is none and no feed covers such records over the day before", "no list covers the instant".
inline void cars(const History& h, const Event& event, Answers& out) {
  if (is_list_word(event) || !event.fields.has(FieldId::goods_vin)) return;
  std::vector<std::string> again, wanted;
  for (const std::string& vin : values_of(event, FieldId::goods_vin)) {
    const Truth is_again = repeated(h, vin, event), is_wanted = listed(h, vin, event);
    if (is_again != Truth::no) again.push_back(is_again == Truth::yes ? vin : "unknown: order");
    if (is_wanted != Truth::no) wanted.push_back(is_wanted == Truth::yes ? vin : "unknown: order");
  }
  const Timestamp at = event.event_time;
  out["goods.vin_repeated"] =
      again.empty() ? h.absent({event.type}, event.facility, at - days(1), at, "") : joined(again);
  out["goods.vin_listed"] = wanted.empty() ? h.absent({EventType::object_listed}, {}, at, at, "") : joined(wanted);
}

// "Of an export declaration that names a booking: the container stood at this facility, or came to it, was moved in it
// or loaded within 48 h; false only where entries and loadings are covered from the day before until then." What stood
// here was seen here within a month and has not left through the gate since.
inline void exported(const History& h, const Event& event, Answers& out) {
  using enum EventType;
  if (event.type != document_changed || !event.fields.has(FieldId::booking_ref) ||
      event.text(FieldId::document_type) != "export declaration")
    return;
  const Timestamp at = event.event_time;
  bool is_here = false;
  for (const EventPtr& e :
       h.until(FieldId::container_number, event.text(FieldId::container_number), event, hours(48))) {
    if (!is_actual(e) || e->facility != event.facility || at - e->event_time > days(30)) continue;
    if (e->type == container_gate_out && e->event_time < at) is_here = false;
    if (enters(e->type) || e->type == container_loaded || e->type == container_moved) is_here = true;
  }
  out["export.arrived"] =
      is_here ? "true"
              : h.absent({container_gate_in, container_loaded}, event.facility, at - days(1), at + hours(48), "false");
}

}  // namespace quaywatch::tests
