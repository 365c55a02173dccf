// Holds: that a box be kept, asked of who has it, and what became of that, as it stands in the journal (TextEntry,
// kHoldTopic, docs/formats/journal.md). HoldBook is the projection, built anew at every start. Values; the book is not
// thread-safe.
//
// Invariants: a hold belongs to the organisation that asked, and nobody else sees it. It begins as requested; answered
// and refused are said by a person; too_late is concluded from the records of the box and follows requested or
// answered, because a late record may show that the box had left before the answer. Nothing follows refused or
// too_late.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quaywatch::holds {

// DO NOT CHANGE THESE WORDS: they stand in the journal.
inline constexpr std::string_view kHoldTopic = "hold.stepped";
// sent: the request lies in the outbox. delivered, failed: what became of handing it to its receiver.
enum class Step : std::uint8_t { request, sent, answer, refuse, too_late, delivered, failed };
inline constexpr std::array<std::string_view, 7> kStepNames{"request",  "sent",      "answer", "refuse",
                                                            "too_late", "delivered", "failed"};
enum class State : std::uint8_t { requested, answered, refused, too_late };
inline constexpr std::array<std::string_view, 4> kStateNames{"requested", "answered", "refused", "too_late"};
constexpr std::string_view name(State state) { return kStateNames[static_cast<std::size_t>(state)]; }

// Of the request to its receiver. none: it was asked for without one; stopped: it did not get there and is not tried
// any more, because it was answered, is too late or too old.
enum class Sending : std::uint8_t { none, waiting, failed, delivered, stopped };
inline constexpr std::array<std::string_view, 5> kSendingNames{"none", "waiting", "failed", "delivered", "stopped"};
constexpr std::string_view name(Sending sending) { return kSendingNames[static_cast<std::size_t>(sending)]; }

struct HoldStep {
  Timestamp at;
  std::string by;  // user id; empty: the program
  std::string organisation, hold_id;
  Step step{};
  std::string reason;                         // all but sent and delivered
  std::string alert_id, container, facility;  // request
  std::string receiver = {};                  // request: its name in the site's telling.toml; empty: none
  std::uint32_t attempt = 0;                  // delivered, failed: which
};

struct Hold {
  std::string id, alert_id, organisation, container, facility, receiver;
  State state = State::requested;
  Timestamp requested_at;
  std::optional<Timestamp> sent_at, answered_at, delivered_at, failed_at;  // failed_at: the last attempt
  std::uint32_t failures = 0;
  std::vector<HoldStep> steps;  // oldest first; of failed ones the last

  Sending sending(Timestamp now) const;
  // When the gate need not look out for it any more, where nothing else ends it before.
  Timestamp at_gate_until() const;
  bool is_open() const { return state == State::requested || state == State::answered; }
};

std::string to_text(const HoldStep& step);
// nullopt: not of the form that to_text gives.
std::optional<HoldStep> read_hold_step(std::string_view text, Timestamp at);

class HoldBook {
 public:
  void apply(const HoldStep& step);
  // A sentence that says why not; empty: it can be done now. Whether the alert exists is for the caller to know.
  std::string refuse(const HoldStep& step) const;

  const Hold* find(const std::string& hold_id) const;
  std::vector<const Hold*> of_alert(const std::string& alert_id, const std::string& organisation) const;
  // Those that a record of the box could still turn too_late.
  std::vector<Hold> open(Timestamp now) const;
  // Those of an organisation that somebody at the gate has still to look out for, those asked for last first.
  std::vector<Hold> at_gate(const std::string& organisation, Timestamp now) const;
  // Those that are still to be handed to their receiver, or failed so far.
  std::vector<Hold> to_send(Timestamp now) const;
  std::size_t steps() const { return steps_; }  // taken so far

 private:
  std::size_t steps_ = 0;
  std::set<std::string> unsent_;  // ids
  std::map<std::string, Hold> holds_;
  std::map<std::string, std::vector<std::string>> of_alert_;
};

}  // namespace quaywatch::holds
