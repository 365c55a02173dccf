// What one account looks up: how many boxes within the hour that no task explains, and how many it used to. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "timeline/facts.h"
#include "timeline/lookup_track.h"

namespace quaywatch::timeline {

class QueryTrack {
 public:
  static constexpr bool is_query(EventType type) {
    return type == EventType::release_viewed || type == EventType::account_queried;
  }
  static constexpr bool is_about(EventType type) { return is_query(type) || TaskTrack::is_about(type); }
  void apply(const EventPtr& event);
  // Does the look-up `event`, which no task explains so far, come after so many others that tickets must be asked?
  bool is_busy(const Event& event) const;
  const TaskTrack& tasks() const { return tasks_; }
  // Facts about that look-up; `tasks` reach beyond it by kTaskAfter.
  void facts(const EventPtr& event, const TaskTrack& tasks, const Coverage& coverage, Facts& out) const;

 private:
  struct Asked {  // a look-up; its box and time at hand, since whoever asks much is gone through at each
    EventPtr event;
    std::size_t box = 0;  // hash of its number
    Timestamp at;
    bool is_of(std::size_t hash, std::string_view number) const {
      return box == hash && event->text(FieldId::container_number) == number;
    }
  };
  struct Turn {  // half a day
    std::int64_t number = 0;
    std::vector<Asked> most;  // the look-ups of its busiest hour, of the last turn before those that are still open
  };
  // Where more are open than ever before in the last turn, they are its busiest hour: kept when the first of them goes,
  // not with each that comes.
  bool is_open_most() const { return !turns_.empty() && open_.size() > turns_.back().most.size(); }
  void keep_most() {
    if (is_open_most()) turns_.back().most = open_;
  }
  void forget(Timestamp at, std::size_t box, std::string_view number);
  void usual_fact(const EventPtr& event, const Coverage& coverage, Facts& out) const;

  TaskTrack tasks_;
  std::vector<Asked> open_;  // of the last hour, without a task, the latest of each box, by place; the latest kMaxOpen
  std::vector<Turn> turns_;  // in order; the latest kMaxTurns
};

}  // namespace quaywatch::timeline
