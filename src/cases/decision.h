// Decisions and steps: what people did with alerts and cases, as it stands in the journal (TextEntry, topics
// kDecisionTopic and kStepTopic, docs/formats/journal.md). Values. No name of a person: users by their id, and reasons
// are texts in which none belongs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quaywatch::cases {

// DO NOT CHANGE THESE WORDS: they stand in the journal.
inline constexpr std::string_view kDecisionTopic = "alerts.decided", kStepTopic = "case.stepped";

enum class Action : std::uint8_t { take, assign, act, dismiss, reopen, note, add_to_case, undo };
inline constexpr std::array<std::string_view, 8> kActionNames{"take",   "assign", "act",         "dismiss",
                                                              "reopen", "note",   "add_to_case", "undo"};
inline constexpr std::array<std::string_view, 7> kReasonCodes{"innocent_explained", "mistake_put_right", "data_error",
                                                              "system_fault",       "duplicate",         "known_test",
                                                              "other"};
// What came of a case, also short of guilt and beyond conviction.
inline constexpr std::array<std::string_view, 14> kOutcomes{
    "conviction",     "prosecution",       "administrative_closure", "licence_measure", "port_ban",
    "asset_measure",  "civil_claim",       "disruption",             "seizure",         "mistake_put_right",
    "system_fault",   "witness_only",      "cleared",                "no_finding"};
inline constexpr std::string_view kCleared = "cleared";
// What is said of an outcome where the outcome itself is not for the reader.
inline constexpr std::array<std::string_view, 3> kOutcomeGroups{"crime", "measure", "no_guilt"};
std::string_view group_of(std::string_view outcome);  // of another word: empty

struct Decision {
  std::string id;  // d-<16 hex digits>
  std::string alert_id;
  Action action{};
  std::uint32_t revision = 0;  // of the alert that was decided on
  std::string reason, reason_code;
  std::string assignee;  // user id
  std::string case_id;
  std::string undoes;  // decision id, with Action::undo
};

// One entry: decisions made together, all or none.
struct Decided {
  Timestamp at;
  std::string by, organisation;  // user id, and whose user
  std::vector<Decision> decisions;
};

enum class StepAction : std::uint8_t {
  open, add_alerts, remove_alerts, note, add_task, finish_task, assign, share, close, reopen, merge, split,
  hand_over, accept, refuse, attach, remove_attachment, undo_merge
};
inline constexpr std::array<std::string_view, 18> kStepNames{
    "open",   "add_alerts", "remove_alerts", "note",   "add_task", "finish_task", "assign", "share",
    "close",  "reopen",     "merge",         "split",  "hand_over", "accept",     "refuse", "attach",
    "remove_attachment", "undo_merge"};

// A file that was put to a case.
struct Attachment {
  std::string id;    // f-<16 hex digits>
  std::string kept;  // its name in the store (journal/attachment_store.h)
  std::string name;  // as it was given
  std::string media_type;
  std::uint64_t bytes = 0;
  std::string sha256;  // of its content, 64 hex digits
  bool operator==(const Attachment&) const = default;
};

struct Step {
  Timestamp at;
  std::string by, organisation;
  std::string book;     // the organisation in whose book the case stands; empty: `organisation`
  std::string case_id;  // c-<16 hex digits>
  StepAction action{};
  std::string title, text, outcome;
  std::string task_id;             // t-<16 hex digits>
  std::string other;               // merge, undo_merge: the case that goes into this one; split: the new one
  std::vector<std::string> users;  // share; assign, hand_over: one
  std::vector<std::string> alert_ids;
  std::string to;             // hand_over: the organisation
  bool ends_reading = false;  // hand_over: the giver reads the case no more
  std::optional<Attachment> attachment;  // attach; its description is `text`
  std::string attachment_id;             // remove_attachment
  std::string feedback;                  // close: for those who handed the case on
  std::optional<bool> told;              // close as cleared: whether the person concerned was told
  std::string told_how;                  // and how and when, or why not
};
inline const std::string& book_of(const Step& step) { return step.book.empty() ? step.organisation : step.book; }

std::string to_text(const Decided& decided);
std::string to_text(const Step& step);
// nullopt: not of the form that to_text gives.
std::optional<Decided> read_decided(std::string_view text, Timestamp at);
std::optional<Step> read_step(std::string_view text, Timestamp at);

std::optional<Action> find_action(std::string_view word);
std::optional<StepAction> find_step_action(std::string_view word);

}  // namespace quaywatch::cases
