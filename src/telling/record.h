// What of telling stands in the journal (TextEntry, docs/formats/journal.md "Telling"): every attempt with its outcome,
// who on call was asked, who acknowledged. Values. Users and organisations by id; no address of a mail.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "telling/notice.h"

namespace quaywatch::telling {

// DO NOT CHANGE THESE WORDS: they stand in the journal.
inline constexpr std::string_view kBegunTopic = "telling.begun", kEndedTopic = "telling.ended",
                                  kAttemptTopic = "alerts.told", kWaitingToldTopic = "requests.told",
                                  kAskedTopic = "alert.asked", kAcknowledgedTopic = "alert.acknowledged";

// In telling.begun and .ended: all who are on call.
inline constexpr std::string_view kOnCall = "on_call";

// withheld: the recipient may not read it, or it is about him; nothing was sent.
enum class Outcome : std::uint8_t { delivered, failed, withheld };
inline constexpr std::array<std::string_view, 3> kOutcomeNames{"delivered", "failed", "withheld"};
constexpr std::string_view name(Outcome outcome) { return kOutcomeNames[static_cast<std::size_t>(outcome)]; }

struct Attempt {
  Timestamp at;
  Message message;  // without what is the address
  Outcome outcome{};
  std::string detail;  // failed: why
};

// From then on the clock of that person runs. An empty user: the list is at its end and nobody has acknowledged.
struct Asked {
  Timestamp at;
  std::string alert_id, login, user_id, organisation;
  bool is_withheld = false;
};

struct Acknowledged {
  Timestamp at;
  std::string alert_id, by, organisation;  // user id
};

// Under which an attempt stands: older programs know no requests.
std::string_view topic_of(const Attempt& attempt);
// From then on (or no longer) alerts are told to channel:NAME, or to who is on call (on_call).
std::string whom_text(const std::string& whom);
std::string read_whom(std::string_view text);  // empty: not of that form
std::string to_text(const Attempt& attempt);
std::string to_text(const Asked& asked);
std::string to_text(const Acknowledged& acknowledged);
// nullopt: not of the form that to_text gives.
std::optional<Attempt> read_attempt(std::string_view text, Timestamp at);
std::optional<Asked> read_asked(std::string_view text, Timestamp at);
std::optional<Acknowledged> read_acknowledged(std::string_view text, Timestamp at);

}  // namespace quaywatch::telling
