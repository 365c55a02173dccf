// Alerts held against what was planted: which alert is of which plant, and what that adds up to. Nothing here rates
// an account, card or person. Pure; results depend on the alerts' order in nothing but the order of rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "score/detected.h"
#include "score/interval.h"
#include "score/planted.h"

namespace quaywatch::score {

// An alert is of a plant when a subject that it is about, or that acted, is one of the plant's and its event_time lies
// from kBeforeFirstAct before the first act to `reach` behind the last. A zone ties an alert to a twin only: it is
// where a crime was done, not what it was done to.
inline constexpr Duration kBeforeFirstAct = hours(1);
inline constexpr Duration kReach = hours(72);

// How a personal value looks in alerts whose values were not revealed.
using Pseudonym = std::function<std::string(PersonalClass, std::string_view)>;

inline constexpr std::size_t kNoPlant = static_cast<std::size_t>(-1);

struct Matches {
  std::vector<std::vector<std::size_t>> of_plant;  // by plant: its alerts, ascending
  // By alert: the plant that it counts for, the first crime in the order of the truth, else the first twin; kNoPlant.
  std::vector<std::size_t> of_alert;
};

// An alert that is about a container is of a plant only if that container is the plant's or the plant has none.
Matches match(const std::vector<Plant>& plants, const std::vector<DetectedAlert>& alerts, Duration reach,
              const Pseudonym& pseudonym);

struct Recall {
  std::string script;  // empty: all
  std::optional<std::int64_t> carefulness;
  std::uint64_t found = 0, planted = 0;
};

// From the first act to the earliest knowable_at of the plant's alerts, over the plants found.
struct TimeToAlert {
  std::string script;
  std::size_t found = 0;
  Duration median, worst;  // the median of an even number is the mean of the middle two
};

struct Twins {
  std::string script;
  std::vector<std::string> twin_of;
  std::uint64_t planted = 0, alerted = 0;  // alerted: with an alert that is of no crime
  std::uint64_t alerts = 0;                // false alarms that count for a twin of this script
};

struct Detector {
  std::string rule_id, title;
  std::uint64_t of_crimes = 0, of_twins = 0, of_nothing = 0;  // alerts
  std::uint64_t crimes = 0, crimes_alone = 0;                 // crimes it found, and that no other rule found
  std::uint64_t alerts() const { return of_crimes + of_twins + of_nothing; }
  std::uint64_t false_alarms() const { return of_twins + of_nothing; }
};

struct Tally {
  std::vector<Recall> recall;  // by script and carefulness, then all
  std::vector<TimeToAlert> times;
  std::vector<Twins> twins;
  std::vector<Detector> detectors;     // by title
  std::uint64_t of_nothing = 0;        // alerts
  std::vector<std::size_t> not_found;  // crimes, in the order of the truth
  std::uint64_t false_alarms() const;
};

// `accounts`: rules that ran are listed also when they gave no alert.
Tally tally(const std::vector<Plant>& plants, const Detected& detected, const Matches& matches,
            const std::vector<RuleAccount>& accounts);

}  // namespace quaywatch::score
