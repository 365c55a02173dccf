// Hand-over: how a case goes from one organisation to another. It is offered with a reason and accepted or refused;
// what was not answered is withdrawn by the next offer or when the case closes. Who had it when follows. Pure;
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cases/decision.h"

namespace quaywatch::cases {

enum class HopState : std::uint8_t { offered, accepted, refused, withdrawn };
inline constexpr std::array<std::string_view, 4> kHopStateNames{"offered", "accepted", "refused", "withdrawn"};

struct Hop {
  Timestamp offered_at;
  std::string from, to;     // organisations
  std::string by, to_user;  // users; without to_user any officer of `to` may answer
  std::string reason;
  bool ends_reading = false;  // once accepted, `from` reads the case no more
  HopState state = HopState::offered;
  std::optional<Timestamp> answered_at;
  std::string answered_by, answer;
  std::set<std::string> knew;  // users of `from` who read the case when it was accepted
};

// One organisation had the case: from when, until when; without `until` it has it.
struct Holding {
  std::string organisation;
  Timestamp from;
  std::optional<Timestamp> until;
};

// The one that waits for an answer; nullptr: none does.
const Hop* open_offer(const std::vector<Hop>& hops);
bool is_offered_to(const std::vector<Hop>& hops, const std::string& user, const std::string& organisation);

bool is_hop(StepAction action);
// As CaseBook::refuse, of a step that is_hop; `holder` is the organisation that has the case.
std::string refuse_hop(const std::vector<Hop>& hops, const std::string& holder, const Step& step);
void offer(std::vector<Hop>& hops, const Step& step);
void answer_offer(std::vector<Hop>& hops, HopState state, const Step& step);  // nothing is offered: nothing happens

// The last by which that organisation gave the case away, which `holder` has now; nullptr: it has it, or never did.
const Hop* handed_on_by(const std::vector<Hop>& hops, const std::string& holder, const std::string& organisation);

// Oldest first; of a case that was opened at that time and that `holder` has now.
std::vector<Holding> holdings(const std::vector<Hop>& hops, const std::string& holder, Timestamp opened_at);

}  // namespace quaywatch::cases
