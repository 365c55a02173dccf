// Correlator: which events the joined rules of each correlation matched, by group, and what the correlations say of
// them. It keeps hits, judges again what a changed hit, coverage or clock may have changed, and gives matches to the
// AlertBook. The result depends on the set of hits and on coverage, never on the order in which they came.
//
// A match of one correlation is a hit of those that join it, on the same event and in their own groups.
//
// Bounds: limits::kGroupHits of a group and limits::kCorrelationHits of all. Beyond them the oldest are dropped: what
// was said of them stands, and what lands before them is too late. Not thread-safe; owned by Detection.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pipeline/window.h"
#include "timeline/coverage.h"
#include "timeline/facts.h"

namespace quaywatch::pipeline {

// What one joined detection says about an event: yes, provisional or unknown.
struct JoinedVerdict {
  std::size_t rule = 0;
  rules::Verdict verdict;
  Timestamp known_at = Timestamp::min();  // of the coverage that it required
};

// By rule: events without an answer, and the first of them that is still known.
using OpenCounts = std::map<std::pair<std::size_t, UnknownCause>, std::uint64_t>;
using OpenFirst = std::map<std::pair<std::size_t, UnknownCause>, EventPtr>;

class Correlator {
 public:
  using Tell = AlertBook::Tell;
  // A rule is off at that time: it says nothing.
  using IsOff = std::function<bool(std::size_t rule, Timestamp)>;
  // The three outlive it.
  Correlator(const rules::Pack& pack, const timeline::Coverage& coverage, AlertBook& book, IsOff is_off);

  // Does some correlation join this rule, be it through another?
  bool joins(std::size_t rule) const { return !above_[rule].empty(); }
  // May what the rule says of an event, or what an alert tells of it, change with coverage?
  bool rests_on_facts(std::size_t rule) const { return rests_on_facts_[rule]; }
  // In sorted input the event is the latest: nothing can be known of it yet.
  bool knows(const Place& event) const {
    return !seen_.empty() && event <= seen_.rbegin()->first && seen_.contains(event);
  }

  // What the joined detections say about an event; replaces what they said before. `tell` is asked at once, and only
  // where facts have a part in what is told.
  void take(const EventPtr& event, const timeline::Facts& facts, std::span<const JoinedVerdict> verdicts,
            const Tell& tell);
  void remove(const Place& event);
  // What coverage says of intervals that share an instant with this one changed; min and max where everything may have.
  void cover(Timestamp from, Timestamp until);
  // The same, where it only grew by this one (Coverage::Change::grown).
  void cover_grew(Timestamp from, Timestamp until);
  void tick();
  // Judges what was touched since, at most limits::kReevaluationsPerEntry hits.
  void settle();
  std::size_t waiting() const { return waiting_; }
  void forget_before(Timestamp horizon);

  // Adds the events on which a correlation that raises alerts has no answer, or a provisional one; and, where
  // asked, the first of each.
  void add_open(OpenCounts& counts, OpenFirst* first) const;
  std::uint64_t ungrouped() const { return ungrouped_; }
  std::uint64_t dropped() const { return dropped_; }  // hits dropped for a limit, and those that came too late after it

 private:
  // What is said of one hit.
  struct Answer {
    Truth truth = Truth::no;
    bool provisional = false;
    UnknownCause cause = UnknownCause::none;
    std::shared_ptr<const Match> match;  // where another correlation joins it
  };
  using Interval = std::pair<Place, Place>;
  // Lies still for as long as it has hits, was dropped from or is touched.
  struct Group {
    explicit Group(std::string_view k) : key(k) {}
    const std::string key;
    Hits hits;
    std::map<Place, Answer> answers;  // other than no
    Place dropped{Timestamp::min(), {}};
    Place latest{Timestamp::min(), {}};  // no hit lies behind it
    Duration error;  // largest clock error
    std::optional<Interval> touched;     // hits to be judged again: it stands in touched_ once
  };
  // What the hits of one event in one correlation are made of.
  struct Parts {
    // By joined rule, or one for all of them; empty: it has none.
    boost::container::small_vector<std::string, 1> keys;
    std::vector<std::string> values;
    std::vector<std::int64_t> numbers;
    bool is_value_open = false;
    UnknownCause value_cause = UnknownCause::none;
    bool speaks = false;                // else it can only be searched for
    std::shared_ptr<const Match> told;  // null where the event alone tells it
    boost::container::small_vector<JoinedVerdict, 1> verdicts;

    const std::string& key(std::size_t joined) const { return keys.size() == 1 ? keys.front() : keys[joined]; }
  };
  // One event as one correlation sees it.
  struct Member {
    std::size_t correlation = 0;
    boost::container::small_vector<Group*, 1> in;  // groups that have a hit of it now
    std::unique_ptr<Parts> parts;  // where answers of correlations that it joins may come later
    bool is_joined = false;        // or only in groups that it is about to leave
    bool is_dropped = false;       // counted as that
  };
  struct Seen {
    EventPtr event;
    boost::container::small_vector<Member, 1> members;  // by correlation
  };
  // The hits of one event by group, in the order of the joined rules.
  using NewHits = boost::container::small_vector<std::pair<std::string_view, Hit>, 1>;
  struct Pending {
    std::size_t correlation = 0;
    Group* group = nullptr;
    Place event;
    bool operator<(const Pending& other) const {
      return std::tie(event, correlation, group->key) < std::tie(other.event, other.correlation, other.group->key);
    }
  };

  const rules::Correlation& of(std::size_t correlation) const { return pack_.correlations()[correlation]; }
  bool speaks(std::size_t correlation, std::span<const JoinedVerdict> verdicts) const;
  static Member* find(Seen& seen, std::size_t correlation);
  Parts parts_of(std::size_t correlation, const Event& event, const timeline::Facts& facts) const;
  NewHits hits_of(const Seen& seen, std::size_t correlation, const Parts& parts) const;
  Hit& hit_in(NewHits& hits, const Seen& seen, const Parts& parts, std::size_t position) const;
  void add_inner(const Seen& seen, std::size_t correlation, const Parts& parts, std::size_t position,
                 NewHits& hits) const;
  std::shared_ptr<const Match> told_of(std::size_t correlation, const EventPtr& event,
                                       const std::shared_ptr<const Match>& kept) const;
  std::shared_ptr<const Match> told_with(const Hit& hit, const Match& inner, std::size_t correlation) const;
  void refresh(Seen& seen, Member& member, NewHits now);
  Group& group_at(std::size_t correlation, std::string_view key);
  bool put(std::size_t correlation, Group& g, Hit hit);  // false: it came too late
  void erase(std::size_t correlation, Group& g, const Place& event);
  void touch(std::size_t correlation, Group& g, const Place& from, const Place& until);
  void touch_around(std::size_t correlation, Group& g, const Hit& hit, rules::RuleSet changed);
  void settle(std::size_t correlation, Group& g, std::size_t& left);
  void judge_hit(std::size_t correlation, Group& g, std::size_t at);
  void require(const rules::Rule& rule, const Event& event, Judgement& j) const;
  Match match_of(std::size_t correlation, Group& g, std::size_t at, const Judgement& j) const;
  void answer(std::size_t correlation, Group& g, const Place& event, Answer now);
  Searched search(std::size_t rule, std::string_view facility, Timestamp from, Timestamp until) const;
  void drop_oldest();
  void drop_first(std::size_t correlation, Group& g);

  const rules::Pack& pack_;
  const timeline::Coverage& coverage_;
  AlertBook& book_;
  const IsOff is_off_;
  std::vector<std::vector<std::size_t>> above_;       // by detection: correlations that join it, also through others
  std::vector<std::vector<std::size_t>> outer_;       // by correlation: those that join it themselves
  std::vector<bool> joins_correlations_;              // by correlation
  std::vector<std::size_t> correlation_of_;           // by rule; kNone of a detection
  std::vector<Duration> reach_;                       // by rule: how far before its event it looks
  std::vector<bool> rests_on_facts_;                  // by detection
  std::vector<bool> asks_;                            // by correlation: does coverage change what it says?
  Duration longest_;                                  // how far from its event any of them asks
  std::map<Duration, std::vector<std::size_t>> asked_at_;  // who asks of intervals that begin or end so far from it
  std::vector<boost::unordered_flat_map<std::string_view, std::unique_ptr<Group>>> groups_;  // by correlation
  std::map<Place, Seen> seen_;
  std::vector<std::deque<Group*>> touched_;  // by correlation: what joins others waits for their answers
  std::size_t waiting_ = 0;                  // groups in touched_
  std::set<Pending> pending_;  // hits whose answer waits for a watermark
  OpenCounts forgotten_;                     // questions that stayed open for good
  std::size_t hits_ = 0;
  std::uint64_t ungrouped_ = 0, dropped_ = 0;
};

}  // namespace quaywatch::pipeline
