#include "holds/hold.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/limits_server.h"

namespace quaywatch::holds {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string text(const json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

std::uint32_t number(const json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_number_unsigned() ? at->get<std::uint32_t>() : 0;
}

State state_after(Step step, State before) {
  switch (step) {
    case Step::request:
      return State::requested;
    case Step::answer:
      return State::answered;
    case Step::refuse:
      return State::refused;
    case Step::too_late:
      return State::too_late;
    case Step::sent:
    case Step::delivered:
    case Step::failed:
      break;
  }
  return before;
}

}  // namespace

std::string to_text(const HoldStep& s) {
  ordered_json j{{"by", s.by}, {"organisation", s.organisation}, {"hold_id", s.hold_id}};
  j["step"] = kStepNames[static_cast<std::size_t>(s.step)];
  const std::pair<const char*, const std::string&> more[] = {
      {"reason", s.reason}, {"alert_id", s.alert_id}, {"container", s.container}, {"facility", s.facility},
      {"receiver", s.receiver}};
  for (const auto& [key, value] : more)
    if (!value.empty()) j[key] = value;
  if (s.attempt > 0) j["attempt"] = s.attempt;
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<HoldStep> read_hold_step(std::string_view bytes, Timestamp at) {
  const json j = json::parse(bytes, nullptr, false);
  if (!j.is_object() || text(j, "hold_id").empty()) return std::nullopt;
  const auto word = std::find(kStepNames.begin(), kStepNames.end(), text(j, "step"));
  if (word == kStepNames.end()) return std::nullopt;
  return HoldStep{at,
                  text(j, "by"),
                  text(j, "organisation"),
                  text(j, "hold_id"),
                  static_cast<Step>(word - kStepNames.begin()),
                  text(j, "reason"),
                  text(j, "alert_id"),
                  text(j, "container"),
                  text(j, "facility"),
                  text(j, "receiver"),
                  number(j, "attempt")};
}

Sending Hold::sending(Timestamp now) const {
  if (receiver.empty()) return Sending::none;
  if (delivered_at) return Sending::delivered;
  if (state != State::requested || requested_at + limits::kHoldTried < now) return Sending::stopped;
  return failed_at ? Sending::failed : Sending::waiting;
}

void HoldBook::apply(const HoldStep& step) {
  ++steps_;
  if (step.step == Step::request && !holds_.contains(step.hold_id)) {
    Hold& made = holds_[step.hold_id];
    made.id = step.hold_id;
    made.alert_id = step.alert_id;
    made.organisation = step.organisation;
    made.container = step.container;
    made.facility = step.facility;
    made.requested_at = step.at;
    made.receiver = step.receiver;
    of_alert_[step.alert_id].push_back(step.hold_id);
  }
  const auto at = holds_.find(step.hold_id);
  if (at == holds_.end()) return;
  Hold& hold = at->second;
  hold.state = state_after(step.step, hold.state);
  if (step.step == Step::sent) hold.sent_at = step.at;
  if (step.step == Step::answer || step.step == Step::refuse) hold.answered_at = step.at;
  if (step.step == Step::delivered) hold.delivered_at = step.at;
  if (step.step == Step::failed) {
    hold.failed_at = step.at;
    ++hold.failures;
    std::erase_if(hold.steps, [](const HoldStep& s) { return s.step == Step::failed; });
  }
  hold.steps.push_back(step);
  if (hold.receiver.empty() || hold.delivered_at || hold.state != State::requested)
    unsent_.erase(hold.id);
  else
    unsent_.insert(hold.id);
}

std::string HoldBook::refuse(const HoldStep& step) const {
  const bool is_of_sending = step.step == Step::delivered || step.step == Step::failed;
  const bool needs_reason = step.step != Step::sent && step.step != Step::delivered;
  if (needs_reason && step.reason.empty()) return "a reason is needed";
  if (step.reason.size() > limits::kReasonBytes) return "the reason is too long";
  if (step.step == Step::request) {
    for (const Hold* hold : of_alert(step.alert_id, step.organisation))
      if (hold->is_open() && hold->container == step.container)
        return "this hold was asked for already, and stands";
    return {};
  }
  const Hold* hold = find(step.hold_id);
  if (hold == nullptr || hold->organisation != step.organisation) return "there is no such hold";
  // An answer by telephone may come while the request is on its way.
  const bool may_follow = is_of_sending                 ? !hold->receiver.empty() && !hold->delivered_at
                          : step.step == Step::sent     ? !hold->sent_at
                          : step.step == Step::too_late ? hold->is_open()
                                                        : hold->state == State::requested;
  if (may_follow) return {};
  return fmt::format("the hold is {} already", name(hold->state));
}

const Hold* HoldBook::find(const std::string& hold_id) const {
  const auto at = holds_.find(hold_id);
  return at == holds_.end() ? nullptr : &at->second;
}

std::vector<const Hold*> HoldBook::of_alert(const std::string& alert_id, const std::string& organisation) const {
  std::vector<const Hold*> out;
  const auto at = of_alert_.find(alert_id);
  if (at == of_alert_.end()) return out;
  for (const std::string& id : at->second)
    if (const Hold* hold = find(id); hold != nullptr && hold->organisation == organisation) out.push_back(hold);
  return out;
}

std::vector<Hold> HoldBook::to_send(Timestamp now) const {
  std::vector<Hold> out;
  for (const std::string& id : unsent_)
    if (const Hold& hold = holds_.at(id); hold.sending(now) != Sending::stopped) out.push_back(hold);
  return out;
}

Timestamp Hold::at_gate_until() const {
  return answered_at ? *answered_at + limits::kHoldAtGate : requested_at + limits::kHoldTried;
}

std::vector<Hold> HoldBook::at_gate(const std::string& organisation, Timestamp now) const {
  std::vector<Hold> out;
  for (const auto& [id, hold] : holds_)
    if (hold.organisation == organisation && hold.is_open() && hold.at_gate_until() >= now) out.push_back(hold);
  std::sort(out.begin(), out.end(), [](const Hold& a, const Hold& b) {
    return std::tie(b.requested_at, b.id) < std::tie(a.requested_at, a.id);
  });
  return out;
}

std::vector<Hold> HoldBook::open(Timestamp now) const {
  std::vector<Hold> out;
  for (const auto& [id, hold] : holds_) {
    const bool is_over = hold.answered_at && *hold.answered_at + limits::kHoldFollowed < now;
    if (hold.is_open() && !is_over) out.push_back(hold);
  }
  return out;
}

}  // namespace quaywatch::holds
