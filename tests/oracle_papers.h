// Oracle, what papers say of a box: its number, its export. See oracle_history.h.
#pragma once

#include <string>
#include <string_view>

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
