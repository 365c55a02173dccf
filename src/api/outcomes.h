// Outcomes: alerts as the key figures count them, so that every figure can be followed to the alerts that make it up.
// Pure; thread-safe.
#pragma once

#include <string>

#include "kpi/outcome.h"
#include "live/rows.h"

namespace quaywatch::api {

// Without the acknowledgement, which only those need who count times.
kpi::Received received(const live::AlertRow& alert);
// A part, or a part and its word: withdrawn, dismissed.data_error.
std::string word(const kpi::Outcome& outcome);
bool is_of(const kpi::Outcome& outcome, std::string_view wanted);
bool is_outcome(std::string_view word);

}  // namespace quaywatch::api
