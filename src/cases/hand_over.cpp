#include "cases/hand_over.h"

#include <algorithm>

namespace quaywatch::cases {

const Hop* open_offer(const std::vector<Hop>& hops) {
  return hops.empty() || hops.back().state != HopState::offered ? nullptr : &hops.back();
}

bool is_offered_to(const std::vector<Hop>& hops, const std::string& user, const std::string& organisation) {
  const Hop* hop = open_offer(hops);
  return hop != nullptr && hop->to == organisation && (hop->to_user.empty() || hop->to_user == user);
}

bool is_hop(StepAction action) {
  return action == StepAction::hand_over || action == StepAction::accept || action == StepAction::refuse;
}

std::string refuse_hop(const std::vector<Hop>& hops, const std::string& holder, const Step& s) {
  if (s.action == StepAction::hand_over) {
    if (holder != s.organisation) return "another organisation has the case";
    if (s.to.empty()) return "an organisation is needed";
    if (s.to == holder) return "your organisation has the case";
    return s.text.empty() ? "a reason is needed" : "";
  }
  if (!is_offered_to(hops, s.by, s.organisation)) return "the case is not offered to you";
  return s.action == StepAction::refuse && s.text.empty() ? "a reason is needed" : "";
}

void offer(std::vector<Hop>& hops, const Step& s) {
  answer_offer(hops, HopState::withdrawn, s);
  Hop& hop = hops.emplace_back();
  hop.offered_at = s.at;
  hop.from = s.organisation;
  hop.by = s.by;
  hop.to = s.to;
  if (!s.users.empty()) hop.to_user = s.users.front();
  hop.reason = s.text;
  hop.ends_reading = s.ends_reading;
}

void answer_offer(std::vector<Hop>& hops, HopState state, const Step& s) {
  if (open_offer(hops) == nullptr) return;
  Hop& hop = hops.back();
  hop.state = state;
  hop.answered_at = s.at;
  hop.answered_by = s.by;
  if (state != HopState::withdrawn) hop.answer = s.text;
}

const Hop* handed_on_by(const std::vector<Hop>& hops, const std::string& holder, const std::string& organisation) {
  if (organisation == holder) return nullptr;
  const auto at = std::find_if(hops.rbegin(), hops.rend(), [&](const Hop& hop) {
    return hop.state == HopState::accepted && hop.from == organisation;
  });
  return at == hops.rend() ? nullptr : &*at;
}

std::vector<Holding> holdings(const std::vector<Hop>& hops, const std::string& holder, Timestamp opened_at) {
  std::vector<Holding> out{{hops.empty() ? holder : hops.front().from, opened_at, {}}};
  for (const Hop& hop : hops) {
    if (hop.state != HopState::accepted) continue;
    out.back().until = hop.answered_at;
    out.push_back({hop.to, *hop.answered_at, {}});
  }
  return out;
}

}  // namespace quaywatch::cases
