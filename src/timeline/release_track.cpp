#include "timeline/release_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxChain = 32;  // transfers of one right; real chains have two or three
constexpr std::size_t kMaxUses = 128;  // boxes of one release

// One release may be for several boxes, which leave one behind the other.
bool is_same_use(const Event& a, const Event& b) {
  return a.text(FieldId::container_number) == b.text(FieldId::container_number) && same_occurrence(a, b);
}

}  // namespace

void ReleaseTrack::hold(std::string_view party, const EventPtr& since) {
  if (party.empty() || chain_.size() == kMaxChain) return;
  if (chain_.empty() || chain_.back().party != party) chain_.push_back({std::string(party), since});
}

// The community system and the agent both record one release; a later word on the same right restarts the chain only
// when it is a replacement, or the right had been cancelled. A transfer may lie before the first word, where the clocks
// of two systems differ: it stays in the chain.
void ReleaseTrack::issue(const EventPtr& event) {
  const bool is_anew = event->type == EventType::release_replaced || cancelled_;
  if (is_anew) chain_.clear();
  const bool is_first = is_anew || !issued_;
  if (is_first || chain_.empty()) hold(event->text(FieldId::release_holder_named), event);
  if (is_first) {
    was_in_force_ = is_in_force();
    issued_ = event;
  }
  cancelled_ = nullptr;
}

void ReleaseTrack::apply(const EventPtr& event) {
  switch (event->type) {
    case EventType::release_replaced:
    case EventType::release_issued:
      issue(event);
      break;
    case EventType::release_cancelled:
      if (!cancelled_) was_in_force_ = is_in_force();
      if (!cancelled_ || is_surer(*event, *cancelled_)) cancelled_ = event;
      break;
    case EventType::release_transferred:
      hold(event->text(FieldId::release_to), event);
      break;
    case EventType::container_gate_out:
      if (event->classifier != Classifier::actual) break;  // what is planned collects nothing
      if (std::none_of(uses_.begin(), uses_.end(), [&](const EventPtr& use) { return is_same_use(*use, *event); }))
        keep_latest(uses_, event, kMaxUses);
      break;
    default:
      break;
  }
}

// The last word on it decides, where it changed anything.
Truth ReleaseTrack::is_in_force(const Event& event) const {
  const EventPtr& decides = cancelled_ ? cancelled_ : issued_;
  const bool is_open = decides && was_in_force_ != is_in_force() && before(*decides, event) == Truth::unknown;
  return is_open ? Truth::unknown : truth(is_in_force());
}

Truth ReleaseTrack::is_due_out(std::string_view box, const Event& event) const {
  Truth used = Truth::no;
  for (const EventPtr& use : uses_)
    if (use->text(FieldId::container_number) == box) used = either(used, before(*use, event));
  return both(is_in_force(event), !used);
}

bool ReleaseTrack::ever_held(std::string_view party) const {
  return std::any_of(chain_.begin(), chain_.end(), [&](const Holding& h) { return h.party == party; });
}

void ReleaseTrack::holder_facts(const Event& event, Facts& out) const {
  using enum FieldId;
  if (chain_.empty()) return;
  const Holding& now = chain_.back();
  out.cite(release_holder, issued_);
  out.cite(release_holder_since, issued_);
  if (before(*now.since, event) == Truth::unknown) {
    out.unknown(release_holder, UnknownCause::order, now.since);
    out.unknown(release_holder_since, UnknownCause::order, now.since);
  } else {
    out.text(release_holder, now.party, now.since);
    out.time(release_holder_since, now.since->event_time, now.since);
  }
  out.cite(release_chain, issued_);
  for (const Holding& h : chain_) out.text(release_chain, h.party, h.since);
}

void ReleaseTrack::ever_held_fact(std::string_view party, const Event& event, const Search& transfer,
                                  const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::release_party_ever_held;
  Truth held = Truth::no;
  out.cite(fact, issued_);
  for (const Holding& h : chain_) {
    out.cite(fact, h.since);
    if (h.party == party) held = either(held, before(*h.since, event));
  }
  if (held == Truth::yes) return out.values.add_boolean(fact, true), void();
  if (held == Truth::unknown) return out.unknown(fact, UnknownCause::order);
  out.if_absent(fact, false, transfer, coverage);
}

void ReleaseTrack::party_facts(const Event& event, const Coverage& coverage, Facts& out) const {
  const std::string_view party = event.text(FieldId::party_code);
  if (party.empty()) return;
  using enum FieldId;
  if (chain_.empty()) {
    out.unknown(release_party_ever_held, UnknownCause::known_since, issued_);
    return out.unknown(release_party_is_holder, UnknownCause::known_since, issued_);
  }
  const Holding& now = chain_.back();
  // Who is not yet in the chain may have been put there by a transfer that is still on its way.
  const Search transfer{{EventType::release_transferred}, {}, chain_.front().since->event_time, event.event_time};
  out.cite(release_party_is_holder, issued_);
  out.cite(release_party_is_holder, now.since);
  if (before(*now.since, event) == Truth::unknown)
    out.unknown(release_party_is_holder, UnknownCause::order);
  else if (now.party == party)
    out.values.add_boolean(release_party_is_holder, true);
  else
    out.if_absent(release_party_is_holder, false, transfer, coverage);
  ever_held_fact(party, event, transfer, coverage, out);
}

Truth ReleaseTrack::known_fact(const Event& event, const Coverage& coverage, Facts& out) const {
  const FieldId fact = FieldId::release_known;
  const Truth is_known = is_in_force(event);
  if (is_known == Truth::unknown) {
    out.unknown(fact, UnknownCause::order, cancelled_);
    out.cite(fact, issued_);
    return Truth::unknown;
  }
  if (is_known == Truth::yes) return out.boolean(fact, true, issued_), Truth::yes;
  out.cite(fact, issued_);
  out.cite(fact, cancelled_);
  out.if_absent(fact, false, {{EventType::release_issued}, {}, event.event_time - days(1), event.event_time}, coverage);
  return Truth::no;
}

void ReleaseTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  using enum FieldId;
  const Truth is_known = known_fact(event, coverage, out);
  if (is_known == Truth::unknown) {
    out.unknown(release_party_ever_held, UnknownCause::order);
    return out.cite_as(release_party_ever_held, release_known);
  }
  if (is_known == Truth::no) return out.unknown(release_party_ever_held, UnknownCause::known_since);
  out.text(release_current_ref, issued_->text(release_ref), issued_);
  holder_facts(event, out);
  party_facts(event, coverage, out);
  std::int64_t uses = 0;
  out.cite(release_uses, issued_);
  for (const EventPtr& use : uses_) {
    if (use->text(container_number) != event.text(container_number)) continue;
    uses += !is_same_use(*use, event);
    out.cite(release_uses, use);
  }
  out.values.add_integer(release_uses, uses);
}

}  // namespace quaywatch::timeline
