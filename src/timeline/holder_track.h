// Which containers one company gave, held, passed on or fetched: whether it ever had to do with another one. Pure.
#pragma once

#include <string_view>

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
  // The first record of a container other than `box`; null: none.
  EventPtr first_besides(std::string_view box) const;
  bool is_live(Timestamp horizon) const { return heard_at_ >= horizon - kRegisterSpan; }

  // Was the right given shortly before the collection?
  static bool is_late(const ReleaseTrack::Holding& holding, const Event& collection);
  // Facts about the collection; `holding` is late, and of this company.
  void facts(const ReleaseTrack::Holding& holding, const Event& collection, const Coverage& coverage, Facts& out) const;

 private:
  EventPtr first_;  // of all
  EventPtr other_;  // the first on another container than first_
  Timestamp heard_at_ = Timestamp::min();
};

// A company that a register has known for longer is no newcomer, even if it never worked here.
inline constexpr Duration kNewInRegister = days(2);

}  // namespace quaywatch::timeline
