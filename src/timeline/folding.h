// Folding: what a track (or a tuple of tracks) folds from the first events of an ordered history, for any number of
// them. One state moves on with the history, since almost every question is about its end; a second looks into the
// past, from the nearest of the states kept on the way. A pure function of the events. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <tuple>
#include <vector>

#include "model/event.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

template <typename Track>
void fold(Track& track, const EventPtr& e) {
  if (Track::is_about(e->type)) track.apply(e);
}
template <typename... Track>
void fold(std::tuple<Track...>& tracks, const EventPtr& e) {
  (fold(std::get<Track>(tracks), e), ...);
}

template <typename State>
class Folding {
 public:
  Folding() = default;
  explicit Folding(const State& base) : now_{base, 0} {}

  // After the first `n` events behind `base` (null: behind nothing). Moving forward costs only the step, also among
  // looks into the past: after a late event its readers ask in order. Only a step back folds again, from the last
  // state that was kept.
  const State& after(std::size_t n, const std::vector<EventPtr>& history, const State* base) {
    if (n < now_.folded) return past(n, history, base);
    while (now_.folded < n) {
      fold(now_.state, history[now_.folded++]);
      if (now_.folded % kMarkEvery == 0) keep_latest(marks_, now_, kMarks);
    }
    return now_.state;
  }
  // The events from `at` on are no longer those that were folded.
  void rewind(std::size_t at, const State* base) {
    if (scratch_ && at < scratch_->folded) scratch_.reset();
    while (!marks_.empty() && at < marks_.back().folded) marks_.pop_back();
    if (at < now_.folded) now_ = marks_.empty() ? begin(base) : marks_.back();
  }
  // The first `n` events are part of `base` from now on, and no longer of the history.
  void drop(std::size_t n, const State& base) {
    scratch_.reset();
    std::erase_if(marks_, [n](const Look& mark) { return mark.folded <= n; });
    for (Look& mark : marks_) mark.folded -= n;
    if (now_.folded < n)
      now_ = {base, 0};
    else
      now_.folded -= n;
  }

 private:
  struct Look {
    State state;
    std::size_t folded = 0;
  };
  static constexpr std::size_t kMarkEvery = 128;  // events: most subjects have fewer
  static constexpr std::size_t kMarks = 40;       // all of a history (limits::kSubjectHistoryEvents)

  static Look begin(const State* base) { return {base != nullptr ? *base : State{}, 0}; }
  const State& past(std::size_t n, const std::vector<EventPtr>& history, const State* base) {
    const auto mark = std::find_if(marks_.rbegin(), marks_.rend(), [n](const Look& m) { return m.folded <= n; });
    const bool is_marked = mark != marks_.rend();
    if (!scratch_ || n < scratch_->folded || (is_marked && scratch_->folded < mark->folded))
      scratch_ = std::make_unique<Look>(is_marked ? *mark : begin(base));
    for (; scratch_->folded < n; ++scratch_->folded) fold(scratch_->state, history[scratch_->folded]);
    return scratch_->state;
  }

  Look now_;
  std::unique_ptr<Look> scratch_;  // the last look into the past
  std::vector<Look> marks_;        // states on the way, by `folded`
};

}  // namespace quaywatch::timeline
