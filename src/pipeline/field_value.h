// A field of an event or, where the event does not state it, the fact of that name.
#pragma once

#include "model/event.h"
#include "timeline/facts.h"

namespace quaywatch::pipeline {

inline Value text_value(std::string_view text) {
  Value v;
  if (!text.empty()) v = {Kind::text, UnknownCause::none, text, 0};
  return v;
}

// fn(Value) for each of its values.
template <typename F>
void each_value(const Event& event, const timeline::Facts& facts, FieldId field, F&& fn) {
  if (field == FieldId::event_type) return fn(text_value(info(event.type).name));
  if (field == FieldId::event_facility) return event.facility.empty() ? void() : fn(text_value(event.facility));
  bool in_event = false;
  event.fields.each(field, [&](const Value& v) { in_event = true, fn(v); });
  if (!in_event) facts.values.each(field, fn);
}

// The first, absent when there is none.
inline Value field_or_fact(const Event& event, const timeline::Facts& facts, FieldId field) {
  Value first;
  each_value(event, facts, field, [&](const Value& v) {
    if (first.is_absent()) first = v;
  });
  return first;
}

}  // namespace quaywatch::pipeline
