// Unmasking: that somebody may see whom a pseudonym stands for, because a second person agreed, or because he broke the
// glass and a second person reviews it (docs/decisions/0024-unmasking.md). As it stands in the journal (TextEntry,
// kUnmaskingTopic, docs/formats/journal.md). UnmaskingBook is the projection, built anew at every start. Values; the
// book is not thread-safe and reads no clock.
//
// Invariants: no clear value stands here, only where it lies. An unmasking belongs to the organisation that asked. Who
// asked or broke the glass neither decides nor reviews. It is read by those two alone, for a time, each reading a step;
// a review that finds it unjustified ends the reading. Nothing follows a refusal or a verdict but readings.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quaywatch::identity {

// DO NOT CHANGE THESE WORDS: they stand in the journal.
inline constexpr std::string_view kUnmaskingTopic = "unmasking.stepped";
enum class UnmaskingAction : std::uint8_t {
  ask, break_glass, approve, refuse, find_justified, find_unjustified, read
};
inline constexpr std::array<std::string_view, 7> kUnmaskingActionNames{
    "ask", "break_glass", "approve", "refuse", "find_justified", "find_unjustified", "read"};
constexpr std::string_view name(UnmaskingAction action) {
  return kUnmaskingActionNames[static_cast<std::size_t>(action)];
}

enum class UnmaskingState : std::uint8_t { asked, lapsed, granted, refused, broken };
inline constexpr std::array<std::string_view, 5> kUnmaskingStateNames{"asked", "lapsed", "granted", "refused",
                                                                      "broken"};
constexpr std::string_view name(UnmaskingState state) { return kUnmaskingStateNames[static_cast<std::size_t>(state)]; }

// What is to be seen, and because of what.
struct UnmaskingGround {
  std::string pseudonym;
  std::string alert_id, case_id;         // case_id empty: of the alert alone
  std::string event_id, field, subject;  // the record that holds the value; subject: kind:key that it is found under
  std::string outside_reviewer;          // whom the site names, where nobody of the organisation can review
};

struct UnmaskingStep {
  Timestamp at;
  std::string by, organisation, unmasking_id;  // m-<16 hex digits>
  UnmaskingAction action{};
  std::string reason;      // all but read
  UnmaskingGround ground;  // ask, break_glass
};

struct Unmasking {
  std::string id, organisation;
  UnmaskingStep begun;  // ask or break_glass
  // approve or refuse; of broken glass find_justified or find_unjustified
  std::optional<UnmaskingStep> decided;
  std::vector<UnmaskingStep> readings;  // oldest first

  const UnmaskingGround& ground() const { return begun.ground; }
  bool is_broken() const { return begun.action == UnmaskingAction::break_glass; }
  UnmaskingState state(Timestamp now) const;
  bool waits(Timestamp now) const;                // for a second person
  Timestamp due_at() const;                       // until when one should have answered
  std::optional<Timestamp> readable_until() const;  // nullopt: not, or no more
  bool may_read(const std::string& user_id, Timestamp now) const;
};

std::string to_text(const UnmaskingStep& step);
// nullopt: not of the form that to_text gives.
std::optional<UnmaskingStep> read_unmasking_step(std::string_view text, Timestamp at);

class UnmaskingBook {
 public:
  // What the journal says; a step that breaks an invariant changes nothing.
  void apply(const UnmaskingStep& step);
  // A sentence that says why not; empty: it can be done. What the ground is worth is for the caller to know.
  std::string refuse(const UnmaskingStep& step) const;

  const Unmasking* find(const std::string& id) const;
  std::vector<const Unmasking*> of(const std::string& organisation) const;  // newest first
  std::vector<const Unmasking*> waiting(Timestamp now) const;               // of all organisations, by id

 private:
  std::string refuse_begin(const UnmaskingStep& step) const;

  std::map<std::string, Unmasking> unmaskings_;
};

}  // namespace quaywatch::identity
