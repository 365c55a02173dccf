// Oracle, where ships were. See oracle_history.h.
#pragma once

#include "tests/oracle_history.h"

namespace quaywatch::tests {

// "Of a declared call: the ship lay still within the declared days, whatever the time zone; false where it was followed
// all these days without a gap of more than six hours and always under way; unknown where it was not followed." Days
// begin at UTC+14 and end at UTC-12. What lies more than fourteen days behind the call is not waited for.
inline void lay_still(const History& h, const Event& call, Answers& out) {
  const Value arrived = call.fields.get(FieldId::call_arrived), departed = call.fields.get(FieldId::call_departed);
  if (call.type != EventType::vessel_call_declared || arrived.is_absent() || departed.is_absent() ||
      departed.time() < arrived.time())
    return;
  const Timestamp from = arrived.time() - hours(14), until = departed.time() + hours(36),
                  waited = call.event_time + days(14);
  bool still = false, followed = until <= waited;
  Timestamp heard = from;
  for (const EventPtr& p : h.of(FieldId::vessel_imo, call.text(FieldId::vessel_imo), [&](const Event& e) {
         return e.type == EventType::vessel_positioned && e.classifier == Classifier::actual &&
                e.fields.has(FieldId::vessel_speed_kn) && from <= e.event_time && e.event_time <= until &&
                e.event_time <= waited;
       })) {
    still |= p->fields.get(FieldId::vessel_speed_kn).number < 1'000'000;  // alongside: some tenths of a knot
    followed &= p->event_time - heard <= hours(6);
    heard = p->event_time;
  }
  followed &= until - heard <= hours(6);
  out["call.ship_lay_still"] = still ? "true" : followed ? "false" : "unknown: no_coverage";
}

}  // namespace quaywatch::tests
