// Why a rule said what it said of one event: each search identifier of its detection, what it came to, and each of its
// entries with the values that it was asked of. Values only; for people and tests, never for judging.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/truth.h"
#include "model/catalogue.h"

namespace quaywatch::rules {

// A value that an entry was asked of. Values are in canonical spelling, "unknown" where one is; none: it is absent.
struct AskedOf {
  std::string name;        // of the field, or let.name
  FieldId field{};         // of a field; of a let, the first that it reads
  std::string expression;  // of a let; empty: a field
  std::vector<std::string> values;
};

struct Answer {
  std::string question;  // "move.ordered_minutes_ago is at most 60 (minutes_max)"
  Truth truth = Truth::no;
  std::vector<AskedOf> of;
};

enum class Part : std::uint8_t {
  speaks_for,  // stands without `not`
  rules_out,   // stands under `not`: must not be true
  excuse,      // named under `exonerates`: while it is open the alert is provisional
};

struct IdentifierAnswer {
  std::string name;
  Part part{};
  bool is_wanted = true;  // the condition wants it true
  Truth truth = Truth::no;
  std::vector<Answer> answers;
};

}  // namespace quaywatch::rules
