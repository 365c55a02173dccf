#include "timeline/release_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxChain = 32;  // transfers of one right; real chains have two or three
constexpr std::size_t kMaxUses = 32;

}  // namespace

void ReleaseTrack::apply(const EventPtr& event) {
  const auto hold = [&](std::string_view party) {
    if (party.empty() || chain_.size() == kMaxChain) return;
    if (chain_.empty() || chain_.back().party != party) chain_.push_back({std::string(party), event});
  };
  switch (event->type) {
    case EventType::release_replaced:
    case EventType::release_issued:
      // The community system and the agent both record one release; a later word on the same right restarts the chain
      // only when it is a replacement, or the right had been cancelled.
      if (event->type == EventType::release_replaced || cancelled_) chain_.clear();
      if (chain_.empty()) {
        issued_ = event;
        hold(event->text(FieldId::release_holder_named));
      }
      cancelled_ = nullptr;
      break;
    case EventType::release_cancelled:
      cancelled_ = event;
      break;
    case EventType::release_transferred:
      hold(event->text(FieldId::release_to));
      break;
    case EventType::container_gate_out:
      if (uses_.size() < kMaxUses && (uses_.empty() || !same_occurrence(*uses_.back(), *event))) uses_.push_back(event);
      break;
    default:
      break;
  }
}

bool ReleaseTrack::ever_held(std::string_view party) const {
  return std::any_of(chain_.begin(), chain_.end(), [&](const Holding& h) { return h.party == party; });
}

void ReleaseTrack::party_facts(const Event& event, const Coverage& coverage, Facts& out) const {
  const std::string_view party = event.text(FieldId::party_code);
  if (party.empty()) return;
  using enum FieldId;
  if (chain_.empty()) {
    out.unknown(release_party_ever_held, UnknownCause::known_since);
    return out.unknown(release_party_is_holder, UnknownCause::known_since);
  }
  const Holding& now = chain_.back();
  // Who is not yet in the chain may have been put there by a transfer that is still on its way.
  const Search transfer{{EventType::release_transferred}, {}, chain_.front().since->event_time, event.event_time};
  if (now.party == party)
    out.boolean(release_party_is_holder, true, now.since);
  else if (out.if_absent(release_party_is_holder, false, transfer, coverage))
    out.cite(release_party_is_holder, now.since);
  if (ever_held(party))
    out.boolean(release_party_ever_held, true, now.since);
  else if (out.if_absent(release_party_ever_held, false, transfer, coverage))
    for (const Holding& h : chain_) out.cite(release_party_ever_held, h.since);
}

void ReleaseTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  using enum FieldId;
  if (!is_in_force()) {
    out.if_absent(release_known, false, {{EventType::release_issued}, {}, event.event_time - days(1), event.event_time},
                  coverage);
    out.unknown(release_party_ever_held, UnknownCause::known_since);
    return out.unknown(release_party_is_holder, UnknownCause::known_since);
  }
  out.boolean(release_known, true, issued_);
  out.text(release_current_ref, issued_->text(release_ref), issued_);
  if (!chain_.empty()) {
    out.text(release_holder, chain_.back().party, chain_.back().since);
    out.time(release_holder_since, chain_.back().since->event_time, chain_.back().since);
    for (const Holding& h : chain_) out.text(release_chain, h.party, h.since);
  }
  party_facts(event, coverage, out);
  std::int64_t uses = static_cast<std::int64_t>(uses_.size());
  if (!uses_.empty() && same_occurrence(*uses_.back(), event)) --uses;
  out.integer(release_uses, uses, uses_.empty() ? nullptr : uses_.back());
}

}  // namespace quaywatch::timeline
