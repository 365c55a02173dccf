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
  // Look-ups of an hour that nothing explains, the latest of each box, by place.
  class Hour {
   public:
    const std::vector<Asked>& all() const { return all_; }
    // What goes when a word on the box comes at `at`: `old` at the front are older than an hour, and one of the box.
    struct Going {
      std::ptrdiff_t old = 0, same = 0;  // `same` past the end: none
      std::ptrdiff_t of = 0;             // as many there are
      bool is_any() const { return old > 0 || same < of; }
    };
    Going going(Timestamp at, std::size_t box, std::string_view number) const;
    void forget(const Going& going);
    void add(Asked asked);
    bool is_full() const;

   private:
    std::vector<Asked> all_;  // the latest kMaxOpen
  };
  struct Turn {  // half a day
    std::int64_t number = 0;
    std::vector<Asked> most;  // the look-ups of its busiest hour, of the last turn before those that are still open
  };
  // Where more are settled than ever before in the last turn, they are its busiest hour: kept when the first of them
  // goes, not with each that comes.
  bool is_settled_most() const { return !turns_.empty() && settled_.all().size() > turns_.back().most.size(); }
  void keep_most() {
    if (is_settled_most()) turns_.back().most = settled_.all();
  }
  void settle_before(Timestamp at);
  void settle(const Asked& asked);
  void usual_fact(const EventPtr& event, const Coverage& coverage, Facts& out) const;

  TaskTrack tasks_;
  Hour open_;                    // up to the last look-up, by the tickets so far
  std::vector<Asked> awaiting_;  // look-ups of the last hour, explained or not, by place: the latest kMaxOpen
  Hour settled_;                 // up to the last look-up that no further ticket can explain
  std::vector<Turn> turns_;      // of settled look-ups, in order; those at most kUsualTurns before the last
};

}  // namespace quaywatch::timeline
