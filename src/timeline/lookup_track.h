// Look-ups of one container: which account opened its release or asked where it is, and with what task. Pure.
#pragma once

#include <compare>
#include <cstddef>
#include <string_view>
#include <vector>

#include "timeline/facts.h"

namespace quaywatch::timeline {

class ReleaseTrack;
class TaskTrack;

// Of a container's number, for those who compare it with many. Never written.
std::size_t box_hash(std::string_view number);

class LookupTrack {
 public:
  static constexpr bool is_about(EventType type) {
    return type == EventType::release_viewed || type == EventType::account_queried;
  }
  void apply(const EventPtr& event);
  // The look-ups within a week before `event` that carry no task and were made neither by the party that acts in it
  // nor by anyone who held the release; the latest first.
  std::vector<EventPtr> without_task(const Event& event, const ReleaseTrack* release) const;
  // Facts about that look-up; `tasks` are those of its account, null when the account has none on record.
  static void facts(const EventPtr& lookup, const TaskTrack* tasks, const Event& event, const Coverage& coverage,
                    Facts& out);

 private:
  std::vector<EventPtr> lookups_;  // the latest kMaxLookups
};

// A ticket may be written a while before or shortly after the look-up that it explains.
inline constexpr Duration kTaskBefore = days(7);
inline constexpr Duration kTaskAfter = hours(1);
// How far back unexplained look-ups are counted.
inline constexpr Duration kTaskCounted = hours(1);
// The part of kTaskBefore that must be covered before "no task" can be concluded.
inline constexpr Duration kTaskCovered = hours(8);

// Tickets and jobs of one account: what it had a reason to look at. Pure.
class TaskTrack {
 public:
  static constexpr bool is_asked(EventType type) { return LookupTrack::is_about(type); }
  static constexpr bool is_about(EventType type) { return type == EventType::task_opened; }
  static constexpr Duration kAhead = kTaskAfter;
  static constexpr Duration ahead(EventType) { return kAhead; }
  void apply(const EventPtr& event);
  // The task that explains the look-up; null when none is on record.
  EventPtr explaining(const Event& lookup) const {
    return explaining(lookup, box_hash(lookup.text(FieldId::container_number)));
  }
  EventPtr explaining(const Event& lookup, std::size_t box) const;  // the same with the box_hash at hand

  // Of which earlier look-ups a task that comes behind all others changes what is said, told in order: of its box and
  // of that of the task whose place it takes, and of those within kTaskCounted behind such.
  class Change {
   public:
    static constexpr Duration kBehind = kTaskCounted;
    Change(const Event& task, const TaskTrack& before);
    bool reaches(const Event& lookup);

   private:
    std::string_view box_, forgotten_box_;
    Timestamp until_ = Timestamp::min();
  };

 private:
  struct Key {
    std::size_t box = 0;     // hash of its number
    std::size_t number = 0;  // of the task: as many were opened before it
    auto operator<=>(const Key&) const = default;
  };
  bool is_kept(const Key& key) const;

  std::vector<EventPtr> tasks_;  // the latest kMaxTasks; each where its number modulo kMaxTasks says
  std::vector<Key> by_box_;      // sorted; at most as many again of older tasks
  std::size_t opened_ = 0;
};

}  // namespace quaywatch::timeline
