#include "pipeline/alert_book.h"

#include <algorithm>

#include "base/limits.h"

namespace quaywatch::pipeline {
namespace {

Id128 alert_id(const rules::Rule& rule, const std::string& group, const EventId& first) {
  thread_local Sha256 h;
  h.update_u64(rule.id.size()).update(rule.id).update_u64(group.size()).update(group);
  h.update_u64(first.high).update_u64(first.low);
  return Id128::from(h.finish());
}

template <typename T>
void add_new(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

bool same_source(const Evidence& a, const Evidence& b) {
  return a.event == b.event && (a.event || (a.searched == b.searched && a.from == b.from && a.until == b.until));
}

bool evidence_order(const Evidence& a, const Evidence& b) {
  if ((a.event == nullptr) != (b.event == nullptr)) return a.event != nullptr;
  if (a.event) return place(*a.event) < place(*b.event);
  return std::tie(a.searched, a.from, a.until) < std::tie(b.searched, b.from, b.until);
}

void add_evidence(Alert& alert, const Evidence& e) {
  for (Evidence& known : alert.evidence)
    if (same_source(known, e)) {
      for (const FieldId f : e.facts) add_new(known.facts, f);
      return;
    }
  if (alert.evidence.size() == limits::kAlertEvidence)
    ++alert.evidence_omitted;
  else
    alert.evidence.push_back(e);
}

// The alert of the matches [first, last), which are one episode.
template <typename Iterator>
Alert build(const rules::Rule& rule, const std::string& group, Iterator first, Iterator last) {
  const Match& head = first->second;
  Alert a;
  a.id = alert_id(rule, group, head.event->id);
  a.rule = &rule;
  a.group = group;
  a.direction = head.direction;
  a.event_time = head.event->event_time;
  std::int64_t error_s = head.event->time_error_s;
  a.knowable_at = head.knowable_at;
  a.status = AlertStatus::provisional;
  a.matches = 0;
  const Match* speaks = nullptr;  // facts shown are those of the first final match, else of the first
  for (auto it = first; it != last; ++it) {
    const Match& m = it->second;
    ++a.matches;
    a.last_event_time = m.event->event_time;
    // Two feeds may have seen one happening: the better clock says when it was.
    if (m.event->time_error_s < error_s) {
      error_s = m.event->time_error_s;
      a.event_time = m.event->event_time;
    }
    a.knowable_at = std::min(a.knowable_at, m.knowable_at);
    if (m.act_before && (!a.act_before || *m.act_before < *a.act_before)) a.act_before = m.act_before;
    for (const AlertSubject& s : m.subjects) add_new(a.subjects, s);
    for (const Evidence& e : m.evidence) add_evidence(a, e);
    if (!m.provisional) a.status = AlertStatus::final;
    if (speaks == nullptr || (speaks->provisional && !m.provisional)) speaks = &m;
  }
  a.facts = speaks->shown;
  a.missing_inputs = speaks->missing;
  a.missing_cause = speaks->missing_cause;
  std::sort(a.evidence.begin(), a.evidence.end(), evidence_order);
  return a;
}

bool same_content(const Alert& a, const Alert& b) {
  if (a.status != b.status || a.facts != b.facts || a.subjects != b.subjects || a.act_before != b.act_before ||
      a.matches != b.matches || a.missing_inputs != b.missing_inputs || a.evidence.size() != b.evidence.size() ||
      a.last_event_time != b.last_event_time)
    return false;
  return std::equal(a.evidence.begin(), a.evidence.end(), b.evidence.begin(),
                    [](const Evidence& x, const Evidence& y) { return same_source(x, y) && x.facts == y.facts; });
}

}  // namespace

std::string_view name(AlertStatus status) {
  switch (status) {
    case AlertStatus::provisional:
      return "provisional";
    case AlertStatus::final:
      return "final";
    case AlertStatus::withdrawn:
      return "withdrawn";
  }
  return "final";
}

std::string_view name(SubjectRole role) {
  switch (role) {
    case SubjectRole::about:
      return "about";
    case SubjectRole::acted:
      return "acted";
    case SubjectRole::mentioned:
      return "mentioned";
  }
  return "about";
}

void AlertBook::set(const rules::Rule& rule, const std::string& group, Match match) {
  Group& g = groups_[{rule.id, group}];
  g.matches.insert_or_assign(place(*match.event), std::move(match));
  settle(rule, group, g);
}

void AlertBook::remove(const rules::Rule& rule, const std::string& group, const Place& event) {
  const auto at = groups_.find({rule.id, group});
  if (at == groups_.end() || at->second.matches.erase(event) == 0) return;
  settle(rule, group, at->second);
}

void AlertBook::settle(const rules::Rule& rule, const std::string& group, Group& g) {
  std::map<Id128, Alert> now;
  for (auto first = g.matches.begin(); first != g.matches.end();) {
    auto last = std::next(first);
    for (auto previous = first; last != g.matches.end() && last->first.time - previous->first.time <= rule.timespan;
         previous = last++) {
    }
    Alert a = build(rule, group, first, last);
    now.emplace(a.id, std::move(a));
    first = last;
  }
  publish(g, std::move(now));
}

void AlertBook::publish(Group& g, std::map<Id128, Alert> now) {
  for (auto& [id, old] : g.alerts) {
    if (now.contains(id)) continue;
    Alert gone = old;
    ++gone.revision;
    gone.status = AlertStatus::withdrawn;
    // Another alert of the group that covers the same time took the episode over.
    for (const auto& [other, a] : now)
      if (!g.alerts.contains(other) && a.event_time <= old.last_event_time && old.event_time <= a.last_event_time)
        gone.superseded_by = other;
    g.retired[id] = gone.revision;
    on_revision_(gone);
  }
  for (auto& [id, a] : now) {
    if (const auto old = g.alerts.find(id); old != g.alerts.end()) {
      a.revision = old->second.revision;
      if (same_content(old->second, a)) continue;
      ++a.revision;
    } else if (const auto r = g.retired.find(id); r != g.retired.end()) {
      a.revision = r->second + 1;
    }
    on_revision_(a);
  }
  g.alerts = std::move(now);
}

std::vector<Alert> AlertBook::standing() const {
  std::vector<Alert> all;
  for (const auto& [key, g] : groups_)
    for (const auto& [id, a] : g.alerts) all.push_back(a);
  std::sort(all.begin(), all.end(),
            [](const Alert& a, const Alert& b) { return std::tie(a.event_time, a.id) < std::tie(b.event_time, b.id); });
  return all;
}

}  // namespace quaywatch::pipeline
