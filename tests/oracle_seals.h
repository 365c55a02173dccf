// Oracle, one seal number on several boxes. See oracle_history.h.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "tests/oracle_box.h"

namespace quaywatch::tests {

inline bool is_seal_record(const Event& e) {
  using enum EventType;
  return e.classifier == Classifier::actual && e.fields.has(FieldId::container_number) &&
         (e.type == seal_checked || e.type == seal_removed || is_control(e) || enters(e.type) || leaves(e.type));
}
// "Words and numbers of fewer than five digits are none."
inline std::vector<std::string> numbers_in(const Event& e, std::initializer_list<FieldId> fields) {
  std::vector<std::string> out;
  for (const FieldId field : fields)
    for (const std::string& s : named(e, field))
      if (std::count_if(s.begin(), s.end(), is_ascii_digit) >= 5 && !has(out, s)) out.push_back(s);
  return out;
}
// The numbers that the record says hang there, and those that it says were taken off.
inline std::vector<std::string> stated_numbers(const Event& e) {
  if (e.type == EventType::seal_removed) return {};
  return numbers_in(e, {FieldId::seal_number, FieldId::seal_new});
}
inline bool takes_off(const Event& e, const std::string& number) {
  return !has(stated_numbers(e), number) &&
         has(numbers_in(e, {FieldId::seal_number, FieldId::seal_new, FieldId::seal_old}), number);
}

// "Since it was last stated there a record says that it was taken off the other container; unknown while that may still
// arrive."
inline std::string taken_off(const History& h, const Event& seen, const std::string& number, const Event& event) {
  Truth off = Truth::no;
  for (const EventPtr& e : h.earlier(FieldId::container_number, seen.text(FieldId::container_number), event))
    if (is_seal_record(*e) && takes_off(*e, number) && place(seen) < place(*e)) off = either(off, before(seen, *e));
  if (off != Truth::no) return off == Truth::yes ? "true" : "unknown: order";
  return h.absent({EventType::container_sealed, EventType::seal_removed}, seen.facility, seen.event_time,
                  event.event_time, "false");
}

// "A seal number of this record, normal form, that was stated on another container within 30 days before. Unknown where
// there is none and no feed covers such records over the day before." "The container that it was last stated on." "On
// how many containers that seal was stated within those 30 days, this one included."
inline void seal_uses(const History& h, const Event& event, Answers& out) {
  if (!is_seal_record(event)) return;
  const auto numbers = stated_numbers(event);
  for (const std::string& number : numbers) {
    std::set<std::string> boxes = {std::string(event.text(FieldId::container_number))};
    EventPtr seen;
    for (const EventPtr& e : h.events()) {
      if (!(place(*e) < place(event)) || event.event_time - e->event_time > days(30) || !is_seal_record(*e) ||
          e->text(FieldId::container_number) == event.text(FieldId::container_number) ||
          !has(stated_numbers(*e), number))
        continue;
      boxes.emplace(e->text(FieldId::container_number));
      seen = e;
    }
    if (!seen) continue;
    const auto known = seals_on_box(h, event).known;
    out["seal.doubled"] = number;
    out["seal.other_box"] = seen->text(FieldId::container_number);
    out["seal.other_box_minutes_ago"] = minutes_text(seen->event_time, event.event_time);
    out["seal.boxes"] = std::to_string(boxes.size());
    out["seal.taken_off_there"] = taken_off(h, *seen, number, event);
    const bool is_near = std::any_of(known.begin(), known.end(), [&](auto& k) { return is_one_slip(k, number); });
    out["seal.misread_likely"] = !has(known, number) && is_near ? "true" : "false";
    return;
  }
  if (numbers.empty()) return;
  const Timestamp at = event.event_time;
  out["seal.doubled"] = out["seal.boxes"] = h.absent({event.type}, event.facility, at - days(1), at, "");
}

}  // namespace quaywatch::tests
