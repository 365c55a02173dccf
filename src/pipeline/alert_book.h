// AlertBook: the matches of all rules, grouped into episodes, and the alerts that stand. It alone decides identity,
// revision and withdrawal. The result depends on the set of matches, never on the order in which they came.
// Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pipeline/alert.h"
#include "timeline/facts.h"

namespace quaywatch::pipeline {

// One rule matching one event.
struct Match {
  EventPtr event;
  bool provisional = false;
  UnknownCause missing_cause = UnknownCause::none;
  std::vector<FieldId> missing;
  Timestamp knowable_at;
  std::vector<ShownValue> shown;
  std::vector<AlertSubject> subjects;
  std::vector<Evidence> evidence;
  std::optional<Timestamp> act_before;
  std::string direction;
};

class AlertBook {
 public:
  // Called for every change of a standing alert, in order: raised (revision 1), revised, withdrawn.
  using OnRevision = std::function<void(const Alert&)>;
  explicit AlertBook(OnRevision on_revision) : on_revision_(std::move(on_revision)) {}

  void set(const rules::Rule& rule, const std::string& group, Match match);
  void remove(const rules::Rule& rule, const std::string& group, const Place& event);

  // Every alert that stands, by (event_time, id).
  std::vector<Alert> standing() const;

 private:
  struct Group {
    std::map<Place, Match> matches;
    std::map<Id128, Alert> alerts;  // standing
    std::map<Id128, std::uint32_t>
        retired;  // last revision of withdrawn ids, so that one that returns goes on counting
  };
  using Key = std::pair<std::string, std::string>;  // rule id, group
  void settle(const rules::Rule& rule, const std::string& group, Group& g);
  void publish(Group& g, std::map<Id128, Alert> now);

  std::map<Key, Group> groups_;
  OnRevision on_revision_;
};

}  // namespace quaywatch::pipeline
