// Agreements with those who speak for the staff: which rules may read data on staff, of which time. Without one such a
// rule is off. Values; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quaywatch::rulebook {

// Why a rule was not tried, beside the words of UnknownCause.
inline constexpr std::string_view kNoAgreement = "no_agreement";

struct Agreement {
  std::uint32_t number = 0;  // as they were recorded, from 1
  Timestamp at;
  std::string by;                  // pseudonym of who recorded it
  std::string reference, parties;  // where the paper is; who signed it
  std::vector<std::string> rules;  // ids; none: every rule
  Timestamp from, until;           // of what happened; both included
  bool is_confirmed = false;       // by a second person, or there was none
  std::string review;              // who must be told: there was no second person; empty: nobody
  std::string ended_for;           // why it ends before its time; empty: it does not

  bool covers(const std::string& rule_id, Timestamp event_time) const;
  bool operator==(const Agreement&) const = default;
};

}  // namespace quaywatch::rulebook
