// Notice: all of an alert that may leave the console, Waiting: all of a request that waits for a second person, and
// Message: what one recipient is sent. Mail and telephones are not behind the walls of the console: no subject, no
// field, no evidence, no action and no person is in any of them. Values; thread-safe.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quaywatch::telling {

// What it is to the recipient; revised and withdrawn follow what was told before.
enum class News : std::uint8_t { raised, revised, withdrawn };
inline constexpr std::array<std::string_view, 3> kNewsNames{"raised", "revised", "withdrawn"};
constexpr std::string_view name(News news) { return kNewsNames[static_cast<std::size_t>(news)]; }

struct Notice {
  std::string alert_id;
  std::uint32_t revision = 0;
  News news{};
  std::string status, level, title, facility;
  Timestamp event_time;
};

// DO NOT CHANGE THESE WORDS: they stand in the journal. broken_glass: it waits for its review; hand_over: a case is
// offered to another organisation; feedback: one that was given away has ended.
enum class WaitingKind : std::uint8_t { rule_set, agreement, unmasking, broken_glass, hand_over, feedback };
inline constexpr std::array<std::string_view, 6> kWaitingKindNames{"rule_set",     "agreement", "unmasking",
                                                                   "broken_glass", "hand_over", "feedback"};
constexpr std::string_view name(WaitingKind kind) { return kWaitingKindNames[static_cast<std::size_t>(kind)]; }

struct Waiting {
  WaitingKind kind{};
  std::string id;  // among those of its kind; stays here

  auto operator<=>(const Waiting&) const = default;
};

// Who is told: a channel as a whole, or somebody on call.
struct Recipient {
  std::string id;            // channel:NAME or user:<user id>
  std::string channel;       // its name
  std::string to;            // smtp: the address, where it is not the channel's
  std::string organisation;  // id: whose eyes

  bool is_on_call() const { return id.starts_with("user:"); }
  std::string user_id() const { return id.substr(id.find(':') + 1); }  // of who is on call
  bool operator<(const Recipient& other) const { return id < other.id; }
};

struct Message {
  std::string id;  // the same when the same is sent again: receivers drop what they have
  Recipient recipient;
  std::vector<Notice> notices;  // one, or those that the flood guard put together
  Timestamp made_at;
  std::uint32_t attempt = 1;       // in a row
  std::vector<Waiting> waiting{};  // likewise, where there are no notices

  bool is_grouped() const { return notices.size() + waiting.size() > 1; }
};

}  // namespace quaywatch::telling
