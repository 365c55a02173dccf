// Which containers one company gave, held, passed on or fetched: whether it ever had to do with another one. Pure.
#pragma once

#include <string_view>

#include "base/truth.h"
#include "timeline/party_track.h"
#include "timeline/release_track.h"

namespace quaywatch::timeline {

class HolderTrack {
 public:
  static constexpr bool is_asked(EventType type) {
    return type == EventType::container_gate_out || type == EventType::pickup_announced;
  }
  static constexpr bool is_about(EventType type) {
    return type == EventType::release_issued || type == EventType::release_replaced ||
           type == EventType::release_transferred || type == EventType::pickup_announced ||
           type == EventType::pickup_completed || type == EventType::container_gate_out;
  }
  void apply(const EventPtr& event);
  bool is_live(Timestamp horizon) const { return heard_at_ >= horizon - kRegisterSpan; }

  // Was the right given shortly before the collection?
  static Truth is_late(const ReleaseTrack::Holding& holding, const Event& collection);
  // Facts about the collection; `holding` is of this company, and late or may be.
  void facts(const ReleaseTrack::Holding& holding, const Event& collection, const Coverage& coverage, Facts& out) const;

 private:
  // Of the records that name the company, one, and one on another container.
  struct Two {
    EventPtr one, other;
    template <typename Before>
    void take(const EventPtr& event, Before&& goes_before);
    // The one on a container other than `box`; null: none.
    const EventPtr& besides(std::string_view box) const;
  };
  Two surest_;    // the first to lie surely in the past
  Two earliest_;  // the first that may have been there
  Timestamp heard_at_ = Timestamp::min();
};

// A company that a register has known for longer is no newcomer, even if it never worked here.
inline constexpr Duration kNewInRegister = days(2);

}  // namespace quaywatch::timeline
