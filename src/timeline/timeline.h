// Timeline: the one ordered history of a subject, and what its tracks fold from it. R is a row of timeline/subjects.h.
//
// A track that looks back is folded as the history grows. One that looks ahead is folded when it is asked, up to the
// instant that it looks to, and kept where the history is long. Either way its state is a pure function of the events
// in the order (event_time, event_id). What is older than the history is folded into a base and can no longer be
// corrected. Not thread-safe.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "model/event.h"
#include "timeline/event_types.h"
#include "timeline/folding.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {

inline bool in_order(const EventPtr& a, const EventPtr& b) {
  return place(*a) < place(*b);
}
inline bool before_place(const EventPtr& a, const Place& p) {
  return place(*a) < p;
}
// Their clocks do not tell which came first (DESIGN section 6a, "Skew").
inline bool touch(const Event& a, const Event& b) {
  return before(a, b) == Truth::unknown;
}
template <typename Tracks>
bool is_any_live(const Tracks& tracks, Timestamp horizon) {
  const auto is_live = [&](const auto& track) {
    if constexpr (requires { track.is_live(horizon); }) return track.is_live(horizon);
    return false;
  };
  return std::apply([&](const auto&... track) { return (is_live(track) || ...); }, tracks);
}

template <typename R>
class Timeline {
  using Back = typename R::Back;
  using Ahead = typename R::Ahead;

 public:
  bool contains(const Place& p) const {
    const std::size_t at = lower(p);
    return at < history_.size() && place(*history_[at]) == p;
  }
  // The last that was folded may be delivered again: it is in the base already.
  bool is_too_late(const Place& p) const { return base_ && p <= base_->last; }
  std::size_t size() const { return history_.size(); }
  // Has the processor fetch it.
  void fetch() const {
    constexpr std::size_t kLine = 64;
    for (std::size_t at = 0; at < sizeof *this; at += kLine)
      __builtin_prefetch(reinterpret_cast<const char*>(this) + at);
  }
  const std::vector<EventPtr>& history() const { return history_; }
  // What of it lies behind `e` and before `p`.
  std::span<const EventPtr> between(const Event& e, const Place& p) const {
    const std::size_t until = lower(p);
    std::size_t from = lower(place(e));
    if (from < until && place(*history_[from]) == place(e)) ++from;
    return std::span(history_).subspan(from, std::max(from, until) - from);
  }

  // False where it is there already.
  bool insert(const EventPtr& e) {
    const Place p = place(*e);
    const std::size_t at = lower(p);
    if (at < history_.size() && place(*history_[at]) == p) return false;
    has_errors_ |= e->time_error_s != 0;
    if (at == history_.size()) last_ = p;
    history_.insert(history_.begin() + static_cast<std::ptrdiff_t>(at), e);
    rewind(at);
    return true;
  }
  bool remove(const EventPtr& e) {
    const std::size_t at = lower(place(*e));
    if (at == history_.size() || history_[at] != e) return false;
    history_.erase(history_.begin() + static_cast<std::ptrdiff_t>(at));
    if (!history_.empty()) last_ = place(*history_.back());
    rewind(at);
    return true;
  }

  // What looks back, after every event before `p`.
  const Back& before(const Place& p) { return back_.after(lower(p), history_, base_ ? &base_->back : nullptr); }
  // One track for judging `e`: what lies before its place and, where the track says so, what lies behind it within the
  // clocks' errors. `around` holds the answer in that case.
  template <typename Track>
  const Track& before(const EventPtr& e, std::optional<Track>& around) {
    const Place p = place(*e);
    const Track& sure = std::get<Track>(before(p));
    if constexpr (requires { Track::kAppliesUncertain; }) {
      if (!has_errors_ && e->time_error_s == 0) return sure;
      for (std::size_t i = lower(p); i < history_.size() && history_[i]->event_time - p.time <= kErrorReach; ++i) {
        if (!Track::is_about(history_[i]->type) || history_[i] == e || !touch(*history_[i], *e)) continue;
        if (!around) around = sure;
        around->apply(history_[i]);
      }
    }
    return around ? *around : sure;
  }
  // One track that looks ahead, for judging `e`. `alone` holds the answer of a short history.
  template <typename Track>
  const Track& ahead_of(const Event& e, std::optional<Track>& alone) {
    const Duration ahead = Track::ahead(e.type);
    // Ends included (DESIGN section 6a, "Windows").
    return ahead_after(lower(ahead.us == 0 ? place(e) : Place{e.event_time + ahead + Duration{1}, {}}), alone);
  }
  // The report of the same occurrence with the smallest error; `e` itself when none is surer.
  EventPtr surest(const EventPtr& e) const {
    EventPtr best = e;
    for (std::size_t i = lower({e->event_time - kErrorReach, {}});
         i < history_.size() && history_[i]->event_time - e->event_time <= kErrorReach; ++i)
      if (history_[i]->time_error_s < best->time_error_s && same_occurrence(*history_[i], *e)) best = history_[i];
    return best;
  }

  // An event of another subject that was judged on the state here.
  void add_reader(const EventPtr& reader) {
    if (!readers_.empty() && readers_.back() == reader) return;
    if (readers_.empty() || in_order(readers_.back(), reader)) return readers_.push_back(reader);
    const auto at = std::lower_bound(readers_.begin(), readers_.end(), reader, in_order);
    if (at == readers_.end() || *at != reader) readers_.insert(at, reader);
  }
  // Whose judgement `event` can change by appearing or disappearing: earlier reports of the same occurrence, and what
  // takes it in because its clock does not tell which came first; if a track is about it, also the later events and
  // readers, and earlier events of the types `told` that look as far ahead.
  void affected(const EventPtr& event, const EventTypes& told, std::vector<EventPtr>& out) {
    const Place p = place(*event);
    std::size_t at = lower(p);
    if (R::kAppliesUncertain && has_errors_)
      for (std::size_t i = at; i > 0 && p.time - history_[i - 1]->event_time <= kErrorReach; --i) {
        const Event& earlier = *history_[i - 1];
        if ((R::takes_in(earlier.type, event->type) && touch(earlier, *event)) || same_occurrence(earlier, *event))
          out.push_back(history_[i - 1]);
      }
    if (!R::is_about(event->type)) return;
    add_looking_ahead(event, at, told, out);
    if (at < history_.size() && place(*history_[at]) == p) ++at;
    out.insert(out.end(), history_.begin() + static_cast<std::ptrdiff_t>(at), history_.end());
    if (readers_.empty() || place(*readers_.back()) < Place{p.time, {}}) return;
    out.insert(out.end(), std::lower_bound(readers_.begin(), readers_.end(), Place{p.time, {}}, before_place),
               readers_.end());
  }

  // Folds what is older than the horizon, and what is more than `most` events, into the base.
  void fold_before(Timestamp horizon, std::size_t most) {
    std::size_t n = lower({horizon, {}});
    if (history_.size() > most) n = std::max(n, history_.size() - most);
    if (n > 0) fold_away(n);
    readers_.erase(readers_.begin(),
                   std::lower_bound(readers_.begin(), readers_.end(), Place{horizon, {}}, before_place));
  }
  bool has_older(Timestamp horizon) const {
    const Place p{horizon, {}};
    return (!history_.empty() && place(*history_.front()) < p) || (!readers_.empty() && place(*readers_.front()) < p);
  }
  // Nothing at or after the horizon, so nobody will ask again, and no track wants its state kept all the same.
  bool is_over(Timestamp horizon) const {
    const Place p{horizon, {}};
    if (!history_.empty() && !(place(*history_.back()) < p)) return false;
    if (!readers_.empty() && !(place(*readers_.back()) < p)) return false;
    return !base_ || !(is_any_live(base_->back, horizon) || is_any_live(base_->ahead, horizon));
  }

 private:
  struct Base {  // after everything folded
    Back back;
    Ahead ahead;
    Place last;  // the last of it
  };
  static constexpr std::size_t kKeptAhead = 128;  // events: few boxes have as many, and folding those is cheap

  // Index of the first event at or after `p`. Almost every question is about the end.
  std::size_t lower(const Place& p) const {
    if (history_.empty()) return 0;
    const auto order = last_ <=> p;
    if (order < 0) return history_.size();
    if (order == 0) return history_.size() - 1;
    return static_cast<std::size_t>(std::lower_bound(history_.begin(), history_.end(), p, before_place) -
                                    history_.begin());
  }
  template <typename... Track>
  static std::tuple<Folding<Track>...> foldings_of(const std::tuple<Track...>&);
  template <typename Tracks>
  using Foldings = decltype(foldings_of(std::declval<Tracks>()));
  template <typename Track>
  const Track& ahead_after(std::size_t n, std::optional<Track>& alone) {
    const Track* base = base_ ? &std::get<Track>(base_->ahead) : nullptr;
    if (history_.size() >= kKeptAhead && !ahead_) keep_ahead();
    if (ahead_) return std::get<Folding<Track>>(*ahead_).after(n, history_, base);
    alone = base != nullptr ? *base : Track{};
    for (std::size_t i = 0; i < n; ++i) fold(*alone, history_[i]);
    return *alone;
  }
  // The events before `at` that look ahead to `event`, which comes or goes there, and may be judged otherwise for it.
  void add_looking_ahead(const EventPtr& event, std::size_t at, const EventTypes& told, std::vector<EventPtr>& out) {
    const Duration ahead = R::ahead_at(event->type, told);
    if (ahead.us == 0) return;
    const auto add = [&](Timestamp from, auto&& reaches) {
      for (std::size_t i = lower({from, {}}); i < at; ++i)
        if (reaches(*history_[i]) && R::looks_ahead(*history_[i], *event)) out.push_back(history_[i]);
    };
    if constexpr (requires { typename R::Narrowing; }) {
      using Track = typename R::Narrowing;
      const Timestamp from = event->event_time - ahead - Track::Change::kBehind;
      const auto is_later = [&](const EventPtr& e) { return e != event && Track::is_about(e->type); };
      const bool is_last = std::none_of(history_.begin() + static_cast<std::ptrdiff_t>(at), history_.end(), is_later);
      if (is_last && (!base_ || base_->last.time < from)) {
        std::optional<Track> alone;
        typename Track::Change change(*event, ahead_after<Track>(at, alone));
        return add(from, [&](const Event& e) { return change.reaches(e); });
      }
    }
    add(event->event_time - ahead, [](const Event&) { return true; });
  }
  void keep_ahead() {
    ahead_ = std::make_unique<Foldings<Ahead>>();
    each_ahead([]<typename Track>(Folding<Track>& folding, const Track* base) {
      if (base != nullptr) folding = Folding<Track>(*base);
    });
  }
  // fn(Folding<Track>&, const Track* base) for each track that looks ahead and is kept.
  template <typename F>
  void each_ahead(F&& fn) {
    if (!ahead_) return;
    const auto each = [&]<typename... Track>(Folding<Track>&... folding) {
      (fn(folding, base_ ? &std::get<Track>(base_->ahead) : nullptr), ...);
    };
    std::apply(each, *ahead_);
  }
  void rewind(std::size_t at) {
    back_.rewind(at, base_ ? &base_->back : nullptr);
    each_ahead([at](auto& folding, const auto* base) { folding.rewind(at, base); });
  }
  void fold_away(std::size_t n) {
    if (!base_) base_ = std::make_unique<Base>();
    base_->back = back_.after(n, history_, &base_->back);
    for (std::size_t i = 0; i < n; ++i) fold(base_->ahead, history_[i]);
    base_->last = place(*history_[n - 1]);
    back_.drop(n, base_->back);
    each_ahead([n](auto& folding, const auto* base) { folding.drop(n, *base); });
    history_.erase(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(n));
  }

  Folding<Back> back_;
  std::unique_ptr<Foldings<Ahead>> ahead_;  // null: the history was never long
  std::unique_ptr<Base> base_;              // null: nothing was folded away yet
  std::vector<EventPtr> history_;           // by place
  Place last_;                              // of the last in it, which need not be fetched to be compared
  std::vector<EventPtr> readers_;           // by place
  bool has_errors_ = false;                 // some event here was dated with an error
};

}  // namespace quaywatch::timeline
