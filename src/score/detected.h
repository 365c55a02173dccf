// What a run of detection said, read back: its alerts (docs/reference/alerts.md) and its account (`detect --account`,
// docs/reference/commands.md). Reading refuses the first thing that is wrong, with file and line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"

namespace quaywatch::score {

struct DetectedSubject {
  std::string_view kind;  // among those a truth may name; static storage
  std::string form;       // comparison_form; a pseudonym unless detect revealed
  bool is_about = false;  // else it acted
};

// What the score needs of an alert; what is only mentioned in it is left out.
struct DetectedAlert {
  std::uint32_t rule = 0;  // index into Detected::rules
  Timestamp event_time, knowable_at;
  std::vector<DetectedSubject> subjects;
};

struct DetectedRule {
  std::string id, title;
};

// Alerts of all files together. The same alert_id counts once, with the earliest knowable_at.
class Detected {
 public:
  // One file of `detect --format jsonl`.
  Result<void> read(std::string_view bytes, std::string_view path);

  const std::vector<DetectedAlert>& alerts() const { return alerts_; }
  const std::vector<DetectedRule>& rules() const { return rules_; }
  std::uint64_t repeated() const { return repeated_; }    // lines with an alert_id that was there
  std::uint64_t withdrawn() const { return withdrawn_; }  // lines of alerts that no longer stand

 private:
  Result<void> take(std::string id, DetectedAlert alert, std::string_view place);
  std::vector<DetectedAlert> alerts_;
  std::vector<DetectedRule> rules_;
  std::unordered_map<std::string, std::uint32_t> rule_index_;
  std::unordered_map<std::string, std::size_t> alert_index_;
  std::uint64_t repeated_ = 0, withdrawn_ = 0;
};

// How often a rule was asked, and how often it could not be judged, by cause.
struct RuleAccount {
  std::string id, title;
  std::uint64_t asked = 0;
  std::vector<std::pair<std::string, std::uint64_t>> not_evaluated;
  std::uint64_t open() const;  // not evaluated, all causes
};

// The file that `detect --account` wrote, of format quaywatch.account/1.
Result<std::vector<RuleAccount>> read_account(std::string_view bytes, std::string_view path);

}  // namespace quaywatch::score
