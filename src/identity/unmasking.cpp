#include "identity/unmasking.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/limits_server.h"
#include "base/text.h"

namespace quaywatch::identity {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

struct GroundKey {
  const char* key;
  std::string UnmaskingGround::* value;
};
constexpr GroundKey kGroundKeys[] = {
    {"pseudonym", &UnmaskingGround::pseudonym}, {"alert_id", &UnmaskingGround::alert_id},
    {"case_id", &UnmaskingGround::case_id},     {"event_id", &UnmaskingGround::event_id},
    {"field", &UnmaskingGround::field},         {"subject", &UnmaskingGround::subject},
    {"outside_reviewer", &UnmaskingGround::outside_reviewer},
};

std::string text(const json& j, const char* key) {
  const auto at = j.find(key);
  return at != j.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

bool begins(UnmaskingAction action) {
  return action == UnmaskingAction::ask || action == UnmaskingAction::break_glass;
}

bool is_review(UnmaskingAction action) {
  return action == UnmaskingAction::find_justified || action == UnmaskingAction::find_unjustified;
}

}  // namespace

UnmaskingState Unmasking::state(Timestamp now) const {
  if (is_broken()) return UnmaskingState::broken;
  if (!decided) return now < due_at() ? UnmaskingState::asked : UnmaskingState::lapsed;
  return decided->action == UnmaskingAction::approve ? UnmaskingState::granted : UnmaskingState::refused;
}

bool Unmasking::waits(Timestamp now) const {
  return !decided && state(now) != UnmaskingState::lapsed;
}

Timestamp Unmasking::due_at() const {
  return begun.at + (is_broken() ? limits::kBrokenGlassReview : limits::kUnmaskingAnswered);
}

std::optional<Timestamp> Unmasking::readable_until() const {
  if (is_broken()) {
    const bool is_ended = decided && decided->action == UnmaskingAction::find_unjustified;
    return is_ended ? std::nullopt : std::optional(begun.at + limits::kBrokenGlassReadable);
  }
  const bool is_granted = decided && decided->action == UnmaskingAction::approve;
  return is_granted ? std::optional(decided->at + limits::kUnmaskingReadable) : std::nullopt;
}

bool Unmasking::may_read(const std::string& user_id, Timestamp now) const {
  const auto until = readable_until();
  // Whoever reviews broken glass judges the ground, for which the value is not needed.
  const bool is_party = begun.by == user_id || (!is_broken() && decided && decided->by == user_id);
  return until && now < *until && is_party;
}

std::string to_text(const UnmaskingStep& s) {
  ordered_json j{{"by", s.by}, {"organisation", s.organisation}, {"unmasking_id", s.unmasking_id}};
  j["action"] = name(s.action);
  if (!s.reason.empty()) j["reason"] = s.reason;
  for (const GroundKey& k : kGroundKeys)
    if (const std::string& value = s.ground.*k.value; !value.empty()) j[k.key] = value;
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<UnmaskingStep> read_unmasking_step(std::string_view bytes, Timestamp at) {
  const json j = json::parse(bytes, nullptr, false);
  if (!j.is_object() || text(j, "unmasking_id").empty()) return std::nullopt;
  const auto word = std::find(kUnmaskingActionNames.begin(), kUnmaskingActionNames.end(), text(j, "action"));
  if (word == kUnmaskingActionNames.end()) return std::nullopt;
  UnmaskingStep out{at,
                    text(j, "by"),
                    text(j, "organisation"),
                    text(j, "unmasking_id"),
                    static_cast<UnmaskingAction>(word - kUnmaskingActionNames.begin()),
                    text(j, "reason"),
                    {}};
  for (const GroundKey& k : kGroundKeys) out.ground.*k.value = text(j, k.key);
  return out;
}

void UnmaskingBook::apply(const UnmaskingStep& step) {
  const auto at = unmaskings_.find(step.unmasking_id);
  if (begins(step.action)) {
    if (at == unmaskings_.end())
      unmaskings_.emplace(step.unmasking_id, Unmasking{step.unmasking_id, step.organisation, step, {}, {}});
    return;
  }
  if (at == unmaskings_.end()) return;
  Unmasking& unmasking = at->second;
  const bool is_second = unmasking.organisation == step.organisation && unmasking.begun.by != step.by;
  if (step.action == UnmaskingAction::read)
    unmasking.readings.push_back(step);
  else if (is_second && !unmasking.decided && unmasking.is_broken() == is_review(step.action))
    unmasking.decided = step;
}

std::string UnmaskingBook::refuse_begin(const UnmaskingStep& step) const {
  if (find(step.unmasking_id) != nullptr) return "this unmasking stands already";
  const bool is_question = step.action == UnmaskingAction::ask;
  std::size_t questions = 0, unreviewed = 0;
  for (const Unmasking* u : of(step.organisation)) {
    const bool is_his = u->begun.by == step.by;
    const bool is_open_question = !u->is_broken() && u->waits(step.at);
    if (u->ground().pseudonym == step.ground.pseudonym && u->ground().alert_id == step.ground.alert_id) {
      if (u->may_read(step.by, step.at)) return "you may read this already; it stands under your unmaskings";
      if (is_question && is_his && is_open_question) return "you asked for this already, and it waits";
    }
    if (is_open_question) ++questions;
    if (u->is_broken() && u->waits(step.at) && is_his) ++unreviewed;
  }
  if (is_question && questions >= limits::kUnmaskingsOpen)
    return "too many unmaskings of your organisation wait for a second person; have those decided first";
  if (!is_question && unreviewed >= limits::kBrokenGlassUnreviewed)
    return "too much of what you broke was not reviewed yet; have that reviewed first";
  return {};
}

std::string UnmaskingBook::refuse(const UnmaskingStep& step) const {
  const bool is_reasoned = trim(step.reason).size() >= limits::kUnmaskingReasonLeast;
  if (step.action != UnmaskingAction::read && !is_reasoned) return "a reason of at least 10 characters is needed";
  if (step.reason.size() > limits::kReasonBytes) return "the reason is too long";
  if (begins(step.action)) return refuse_begin(step);
  const Unmasking* unmasking = find(step.unmasking_id);
  if (unmasking == nullptr || unmasking->organisation != step.organisation) return "there is no such unmasking";
  if (step.action == UnmaskingAction::read) {
    if (!unmasking->may_read(step.by, step.at)) return "you may not read this, or no more";
    return unmasking->readings.size() < limits::kUnmaskingReadings ? "" : "this was read too often; ask again";
  }
  if (unmasking->is_broken() != is_review(step.action))
    return unmasking->is_broken() ? "broken glass is reviewed, not decided" : "only broken glass is reviewed";
  if (unmasking->begun.by == step.by) return "a second person must do this, not the one who asked";
  if (unmasking->decided) return "this was decided already";
  return unmasking->waits(step.at) ? "" : "nobody decided this in time; it can be asked for again";
}

const Unmasking* UnmaskingBook::find(const std::string& id) const {
  const auto at = unmaskings_.find(id);
  return at == unmaskings_.end() ? nullptr : &at->second;
}

std::vector<const Unmasking*> UnmaskingBook::of(const std::string& organisation) const {
  std::vector<const Unmasking*> out;
  for (const auto& [id, unmasking] : unmaskings_)
    if (unmasking.organisation == organisation) out.push_back(&unmasking);
  std::sort(out.begin(), out.end(), [](const Unmasking* a, const Unmasking* b) {
    return std::tie(b->begun.at, b->id) < std::tie(a->begun.at, a->id);
  });
  return out;
}

std::vector<const Unmasking*> UnmaskingBook::waiting(Timestamp now) const {
  std::vector<const Unmasking*> out;
  for (const auto& [id, unmasking] : unmaskings_)
    if (unmasking.waits(now)) out.push_back(&unmasking);
  return out;
}

}  // namespace quaywatch::identity
