// Kpis: what came of a period, counted: alerts by outcome, rule, level and facility, how long each step took, cases,
// holds, and the dismissals that somebody else looks at again. Never anything per person. Pure; thread-safe.
//
// Invariants: the total of a breakdown is the sum of its parts; `details[p].total` is part p of `alerts`; the rows of a
// table and its rest add up to the breakdown that they divide.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "holds/hold.h"
#include "kpi/outcome.h"

namespace quaywatch::kpi {

using Cell = std::optional<std::uint64_t>;  // nullopt: not shown (small_cells.h)

struct Breakdown {
  Cell total = 0;
  std::vector<Cell> parts;

  Breakdown() = default;
  explicit Breakdown(std::size_t n) : parts(n, 0) {}
  void add(std::size_t part) { ++*total, ++*parts[part]; }
  bool operator==(const Breakdown&) const = default;
};

// A row's group and name: of a rule its level and id. A rule whose level was changed has two.
using RowKey = std::pair<std::string, std::string>;
struct Table {
  std::map<RowKey, Breakdown> rows;
  std::optional<Breakdown> rest;  // rows that are not shown, together
};

struct Spread {
  Cell count = 0;
  std::optional<Duration> median, p90;  // nearest rank
};
inline constexpr std::array<std::string_view, 5> kTimeNames{"happening_to_feed", "feed_to_alert", "alert_to_person",
                                                            "alert_to_outcome", "hold_to_answer"};

// What a second look at a dismissal came to: somebody else noted what he thinks of it, or it was reopened.
enum class Review : std::uint8_t { waiting, kept, reopened };
inline constexpr std::array<std::string_view, 3> kReviewNames{"waiting", "kept", "reopened"};
struct DrawnDismissal {
  std::string alert_id, decision_id, reason_code;
  Timestamp at;
  Review review{};
  bool is_own = false;  // the reader dismissed it: somebody else must look
};
struct Sample {
  std::uint64_t dismissed = 0;  // of which were drawn
  std::vector<DrawnDismissal> drawn;
};

// Whether a person who was cleared was told so; not_stated: closed before that had to be said.
inline constexpr std::array<std::string_view, 3> kToldNames{"told", "not_told", "not_stated"};

struct Kpis {
  Breakdown alerts{kPartNames.size()};
  std::array<Breakdown, kPartNames.size()> details;  // by words_of the part
  Table by_level, by_rule, by_facility;              // parts as of `alerts`
  Table dismissals;                                  // by rule; parts are reason codes
  std::array<Spread, kTimeNames.size()> times;
  Breakdown opened{cases::kCaseStateNames.size()};   // cases opened in the period, by what they are now
  Breakdown closed{cases::kOutcomes.size()};         // cases closed in the period, whenever they were opened
  Breakdown cleared{kToldNames.size()};              // of those, as cleared
  Breakdown holds{holds::kStateNames.size()};        // asked for in the period
  std::optional<Sample> sample;
};

struct Question {
  Timestamp from, until;  // until is not in it
  std::string facility;   // empty: all
  std::string user_id;    // the reader: cases he was let into
};

// `alerts` and `holds`: those that the reader may see, of any time.
Kpis count(const Question& question, const std::vector<Received>& alerts, const cases::CaseBook& book,
           const std::vector<holds::Hold>& holds);

// One more alert into its places, without times.
void add(Kpis& kpis, const Received& alert, const Outcome& outcome);

}  // namespace quaywatch::kpi
