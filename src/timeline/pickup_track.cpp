#include "timeline/pickup_track.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxDenials = 64;
constexpr Duration kDenialSpan = hours(24);  // "within 24 h" of the catalogue's pickup.denials

}  // namespace

void PickupTrack::apply(const EventPtr& event) {
  switch (event->type) {
    case EventType::release_issued:
    case EventType::release_replaced:
      release_ = event;
      break;
    case EventType::release_cancelled:
      if (release_ && release_->text(FieldId::release_ref) == event->text(FieldId::release_ref)) release_ = nullptr;
      break;
    case EventType::pickup_announced:
      announced_ = event;
      break;
    case EventType::pickup_denied:
      if (denied_.size() == kMaxDenials) denied_.erase(denied_.begin());
      denied_.push_back(event);
      break;
    default:
      break;
  }
}

std::string_view PickupTrack::release_ref(const Event& event) const {
  if (const std::string_view own = event.text(FieldId::release_ref); !own.empty()) return own;
  return release_ ? release_->text(FieldId::release_ref) : std::string_view{};
}

void PickupTrack::facts(const Event& event, Facts& out) const {
  using enum FieldId;
  const std::string_view party = event.text(party_code);
  if (announced_) {
    const std::string_view by = announced_->text(party_code);
    out.text(pickup_announced_by, by, announced_);
    if (!party.empty() && !by.empty()) out.boolean(pickup_announcer_is_party, by == party, announced_);
  }
  std::int64_t denials = 0;
  for (const EventPtr& d : denied_) {
    if (d->text(party_code) != party || event.event_time - d->event_time > kDenialSpan) continue;
    ++denials;
    out.cite(pickup_denials, d);
  }
  out.values.add_integer(pickup_denials, denials);
}

}  // namespace quaywatch::timeline
