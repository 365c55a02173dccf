// AlertBook: the matches of all rules, grouped into episodes, and the alerts that stand. It alone decides identity,
// revision and withdrawal. The result depends on the set of matches, never on the order in which they came.
//
// Cost: a match costs the logarithm of its episode, whatever the episode's length. An alert is told from the first
// limits::kAlertMatches matches of its episode; the others move its count, its last time and its status. A match at the
// end of its episode adds to what is told; any other has the alert told anew. The first
// limits::kEpisodeMatches matches are kept whole, so that this many can be taken back without loss; a later one is kept
// as its event alone. A match that no alert is told from, and in which no fact has a part, is made when one is. Not
// thread-safe.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/alert.h"
#include "timeline/facts.h"

namespace quaywatch::pipeline {

// One rule matching one event.
struct Match {
  EventPtr event;
  EventPtr surest;  // the report of the same occurrence with the best clock; the event itself when it is alone
  bool provisional = false;
  UnknownCause missing_cause = UnknownCause::none;
  std::vector<FieldId> missing;
  Timestamp knowable_at;
  std::vector<ShownValue> shown;
  std::vector<AlertSubject> subjects;
  std::vector<Evidence> evidence;
  std::size_t evidence_omitted = 0;  // of a correlation: beyond limits::kAlertEvidence
  std::vector<EvidenceSource> omitted_sources;  // of that, each once
  std::optional<Timestamp> act_before;
  std::string direction;
  std::optional<std::size_t> exception;  // of its rule, that covers it
};

class AlertBook {
 public:
  // Called for every change of a standing alert, in order: raised (revision 1), revised, withdrawn.
  using OnRevision = std::function<void(const Alert&)>;
  // What an alert of a rule tells of an event.
  using Tell = std::function<Match(const rules::Rule&, const EventPtr&)>;
  // `tell_alone`: where no fact has a part in it; may be called whenever the book is.
  explicit AlertBook(OnRevision on_revision, Tell tell_alone = {})
      : on_revision_(std::move(on_revision)), tell_alone_(std::move(tell_alone)) {}

  Match tell_alone(const rules::Rule& rule, const EventPtr& event) const { return tell_alone_(rule, event); }
  void set(const rules::Rule& rule, const std::string& group, Match match);
  // A final match that `tell_alone` tells, and no exception covers: the same whenever it is set.
  void set(const rules::Rule& rule, const std::string& group, const EventPtr& event);
  void remove(const rules::Rule& rule, const std::string& group, const Place& event);

  // Every alert that stands, by (event_time, id).
  std::vector<Alert> standing() const;
  // Matches read to tell alerts so far: a measure of work, for tests.
  std::uint64_t matches_told() const { return matches_told_; }

 private:
  struct Kept {
    EventPtr event;
    std::unique_ptr<Match> match;  // null: what tell_alone tells; never among the first kAlertMatches
    bool is_final() const { return !match || !match->provisional; }
    bool is_covered() const { return match && match->exception; }
  };
  // Matches of which each is within the rule's timespan of the next.
  struct Episode {
    std::map<Place, Kept> whole;   // the first kEpisodeMatches
    std::map<Place, Kept> rest;    // later ones: their event and what can be said of it without the facts
    std::size_t finals = 0;        // of both
    std::size_t covered = 0;       // of both: by an exception
    std::vector<std::pair<EvidenceSource, std::size_t>> sources;  // matches of both with evidence of it; few
    Alert alert;
    std::size_t read = 0;          // matches that the alert was told from
    std::size_t omitted = 0;       // pieces of their evidence beyond kAlertEvidence
    std::vector<FieldId> missing;  // inputs, told while no match is final
    Place told;                    // of the last of them, or no bound: a change up to here makes the alert be told anew

    std::size_t size() const { return whole.size() + rest.size(); }
    const Place& first() const { return whole.begin()->first; }
    const Place& last() const { return rest.empty() ? whole.rbegin()->first : rest.rbegin()->first; }
    // Would telling anew put the match behind all that is told, and change nothing before it?
    bool is_continued_by(const Match& match) const;
    void append(Match match);
    bool has(const Place& p) const { return p <= last() && (whole.contains(p) || rest.contains(p)); }
    void put(Kept kept);
    void take(const Place& p);
    void count(const Kept& kept, bool comes);
    void count_source(const EvidenceSource& source, bool comes);
    // The matches next to `p` on both sides, if it has both.
    std::optional<std::pair<Place, Place>> around(const Place& p) const;
    Episode split_behind(const Place& p);
    void join(Episode other);
  };
  struct Group {
    std::map<Place, Episode> episodes;  // by the place of the first match
    std::map<Id128, std::uint32_t>
        retired;  // last revision of withdrawn ids, so that one that returns goes on counting
  };
  struct KeyView {
    const rules::Rule* rule;
    std::string_view group;
  };
  struct Key {
    const rules::Rule* rule;
    std::string group;
    operator KeyView() const { return {rule, group}; }
  };
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(const KeyView& k) const {
      return std::hash<std::string_view>{}(k.group) ^ (std::hash<const void*>{}(k.rule) << 1);
    }
  };
  struct KeyEqual {
    using is_transparent = void;
    bool operator()(const KeyView& a, const KeyView& b) const { return a.rule == b.rule && a.group == b.group; }
  };
  using Alerts = std::map<Id128, Alert>;

  // Where a match at a place belongs: the episodes that it would join, or end().
  struct Neighbours {
    std::map<Place, Episode>::iterator before, after;
  };
  Group& group_of(const rules::Rule& rule, const std::string& group);
  static Neighbours neighbours(const rules::Rule& rule, Group& g, const Place& p);
  void add(const rules::Rule& rule, const std::string& group, Group& g, const Neighbours& near, Match match);
  std::vector<const Match*> told_from(const rules::Rule& rule, Episode& episode) const;
  static void finish(Episode& episode);
  void tell_more(Episode& episode);
  void tell(const rules::Rule& rule, const std::string& group, Group& g, Alerts was, std::vector<Episode> episodes);
  void publish(Group& g, const Alerts& was, Alerts& now);

  boost::unordered_flat_map<Key, std::unique_ptr<Group>, KeyHash, KeyEqual> groups_;
  OnRevision on_revision_;
  Tell tell_alone_;
  std::uint64_t matches_told_ = 0;
};

}  // namespace quaywatch::pipeline
