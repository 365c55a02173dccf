// Oracle: all families of facts, asked about one event. See oracle_history.h.
#pragma once

#include <string>
#include <utility>

#include "tests/oracle_access.h"
#include "tests/oracle_bays.h"
#include "tests/oracle_box.h"
#include "tests/oracle_controls.h"
#include "tests/oracle_history.h"
#include "tests/oracle_orders.h"
#include "tests/oracle_papers.h"
#include "tests/oracle_queries.h"
#include "tests/oracle_rights.h"
#include "tests/oracle_seals.h"
#include "tests/oracle_ships.h"

namespace quaywatch::tests {

inline Answers facts_of(const History& h, const Event& event) {
  Answers out;
  out["event.time_error_s"] = std::to_string(event.time_error_s);  // "How far event_time may be off."
  if (event.fields.has(FieldId::container_number)) {
    check_digit(event, out);
    exported(h, event, out);
    on_lists(h, event, out);
    cars(h, event, out);
    custody(h, event, out);
    visits(h, event, out);
    journey(h, event, out);
    statements(h, event, out);
    reports(h, event, out);
    seals(h, event, out);
    orders(h, event, out);
    later_order(h, event, out);
    neighbours(h, event, out);
    care(h, event, out);
    cameras(h, event, out);
    controls(h, event, out);
    seal_uses(h, event, out);
  }
  rights(h, event, out);
  access(h, event, out);
  queries(h, event, out);
  lay_still(h, event, out);
  return out;
}

}  // namespace quaywatch::tests
