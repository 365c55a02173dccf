// The kinds of subject that a truth may name, and what an alert's kinds are among them. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/catalogue.h"

namespace quaywatch::score {

// The values of one kind, as the truth states them.
struct Subjects {
  std::string kind;
  std::vector<std::string> values;
};

struct SubjectKindOf {
  std::string_view kind;
  PersonalClass personal;  // how its values are shown
};

// nullptr: no truth may name it.
const SubjectKindOf* find_kind(std::string_view kind);
std::string_view nearest_kind(std::string_view word);

// Of a subject of an alert, whose kind is a kind or the name of a field (docs/reference/alerts.md): driver.card names a
// credential, vessel.imo a vessel. Empty when no truth may name it.
std::string_view kind_of_alert_subject(std::string_view kind_or_field);

// The form in which values of a kind are compared: container numbers and plates as `squeeze` leaves them.
std::string comparison_form(std::string_view kind, std::string_view value);

}  // namespace quaywatch::score
