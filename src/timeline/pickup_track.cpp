#include "timeline/pickup_track.h"

#include <algorithm>

#include "timeline/occurrence.h"
#include "timeline/release_track.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxReleases = 8;  // of one box within its history; more than one at a time is rare
constexpr std::size_t kMaxDenials = 64;
constexpr std::size_t kMaxWithdrawals = 16;
constexpr Duration kWithdrawalSpan = hours(24);
constexpr Duration kAnnouncedAhead = days(10);  // an older announcement was of an earlier stay of the box
constexpr Duration kDenialSpan = hours(24);  // "within 24 h" of the catalogue's pickup.denials

}  // namespace

void PickupTrack::apply(const EventPtr& event) {
  const auto is_same = [&](const Release& r) {
    return r.issued->text(FieldId::release_ref) == event->text(FieldId::release_ref);
  };
  switch (event->type) {
    case EventType::release_issued:
    case EventType::release_replaced:
      std::erase_if(releases_, is_same);
      if (releases_.size() == kMaxReleases) releases_.erase(releases_.begin());
      releases_.push_back({event, nullptr});
      break;
    case EventType::release_cancelled:
      for (Release& r : releases_)
        if (is_same(r) && (!r.cancelled || is_surer(*event, *r.cancelled))) r.cancelled = event;
      break;
    case EventType::pickup_announced:
      announced_ = event;
      break;
    case EventType::pickup_denied:
      keep_latest(denied_, event, kMaxDenials);
      break;
    case EventType::pickup_withdrawn:
      keep_latest(withdrawn_, event, kMaxWithdrawals);
      break;
    default:
      break;
  }
}

std::string_view PickupTrack::release_ref(const Event& event) const {
  const std::string_view own = event.text(FieldId::release_ref);
  return own.empty() ? latest_ref(event) : own;
}

std::string_view PickupTrack::latest_ref(const Event& event) const {
  const auto latest = std::find_if(releases_.rbegin(), releases_.rend(), [&](const Release& r) {
    return !r.cancelled || before(*r.cancelled, event) != Truth::yes;
  });
  return latest == releases_.rend() ? std::string_view{} : latest->issued->text(FieldId::release_ref);
}

void PickupTrack::facts(const Event& event, const Coverage&, Facts& out) const {
  if (!event.fields.has(FieldId::party_code)) return;
  using enum FieldId;
  const std::string_view party = event.text(party_code);
  if (announced_ && event.event_time - announced_->event_time <= kAnnouncedAhead) {
    const std::string_view by = announced_->text(party_code);
    if (before(*announced_, event) == Truth::unknown) {
      out.unknown(pickup_announced_by, UnknownCause::order, announced_);
      out.unknown(pickup_announcer_is_party, UnknownCause::order, announced_);
    } else {
      out.text(pickup_announced_by, by, announced_);
      if (!party.empty() && !by.empty()) out.boolean(pickup_announcer_is_party, by == party, announced_);
    }
  }
  std::int64_t denials = 0;
  for (const EventPtr& d : denied_) {
    if (d->text(party_code) != party || event.event_time - d->event_time > kDenialSpan) continue;
    ++denials;
    out.cite(pickup_denials, d);
  }
  out.values.add_integer(pickup_denials, denials);
}

void PickupTrack::withdrawal_fact(const Event& event, const ReleaseTrack& release, Facts& out) const {
  const std::string_view party = event.text(FieldId::party_code);
  const auto last = std::find_if(withdrawn_.rbegin(), withdrawn_.rend(), [&](const EventPtr& w) {
    const std::string_view by = w->text(FieldId::party_code);
    return by != party && release.ever_held(by) && event.event_time - w->event_time <= kWithdrawalSpan;
  });
  if (last == withdrawn_.rend()) return;
  if (before(**last, event) != Truth::yes)
    return out.unknown(FieldId::pickup_holder_withdrew_minutes_ago, UnknownCause::order, *last);
  out.minutes(FieldId::pickup_holder_withdrew_minutes_ago, *last, event.event_time);
}

}  // namespace quaywatch::timeline
