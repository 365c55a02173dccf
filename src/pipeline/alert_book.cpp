#include "pipeline/alert_book.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "base/limits.h"
#include "pipeline/lists.h"

namespace quaywatch::pipeline {
namespace {

Id128 alert_id(const rules::Rule& rule, const std::string& group, const EventId& first) {
  thread_local Sha256 h;
  h.update_u64(rule.id.size()).update(rule.id).update_u64(group.size()).update(group);
  h.update_u64(first.high).update_u64(first.low);
  return Id128::from(h.finish());
}

auto search_key(const Evidence& e) {
  return std::tie(e.cover, e.searched, e.from, e.until, e.facility);
}

bool same_source(const Evidence& a, const Evidence& b) {
  return a.event == b.event && (a.event || search_key(a) == search_key(b));
}

bool evidence_order(const Evidence& a, const Evidence& b) {
  if ((a.event == nullptr) != (b.event == nullptr)) return a.event != nullptr;
  if (a.event) return place(*a.event) < place(*b.event);
  return search_key(a) < search_key(b);
}

// Keeps the evidence in order. `beyond` are the events that found no room: the next match of a correlation names most
// of them again.
void add_evidence(Alert& alert, const Evidence& e, std::set<Place>& beyond) {
  const auto at = std::lower_bound(alert.evidence.begin(), alert.evidence.end(), e, evidence_order);
  if (at != alert.evidence.end() && same_source(*at, e)) {
    for (const FieldId f : e.facts) add_new(at->facts, f);
    return;
  }
  if (alert.evidence.size() < limits::kAlertEvidence)
    alert.evidence.insert(at, e);
  else if (!e.event || beyond.insert(place(*e.event)).second)
    ++alert.evidence_omitted;
}

// What the first matches of an episode say. Count, last time and status are of the whole episode: see finish().
Alert build(const rules::Rule& rule, const std::string& group, const std::vector<const Match*>& matches) {
  const Match& head = *matches.front();
  Alert a;
  a.id = alert_id(rule, group, head.event->id);
  a.rule = &rule;
  a.group = group;
  a.facility = head.event->facility;
  a.direction = head.direction;
  a.event_time = head.surest->event_time;
  std::int64_t error_s = head.surest->time_error_s;
  a.knowable_at = head.knowable_at;
  a.evidence_omitted = head.evidence_omitted;
  std::set<Place> beyond;
  const Match* speaks = nullptr;  // facts shown are those of the first final match, else of the first
  for (const Match* m : matches) {
    // Two feeds may have seen one happening: the better clock says when it was.
    if (m->surest->time_error_s < error_s) {
      error_s = m->surest->time_error_s;
      a.event_time = m->surest->event_time;
    }
    a.knowable_at = std::min(a.knowable_at, m->knowable_at);
    if (m->act_before && (!a.act_before || *m->act_before < *a.act_before)) a.act_before = m->act_before;
    for (const AlertSubject& s : m->subjects) add_new(a.subjects, s);
    if (speaks == nullptr || (speaks->provisional && !m->provisional)) speaks = m;
  }
  // First what identity and facts need: beyond kAlertEvidence the other matches go short.
  std::vector<const Match*> order = {&head};
  if (speaks != &head) order.push_back(speaks);
  for (const Match* m : matches)
    if (m != &head && m != speaks) order.push_back(m);
  for (const Match* m : order)
    for (const Evidence& e : m->evidence) add_evidence(a, e, beyond);
  a.judged = speaks->event;
  a.facts = speaks->shown;
  a.missing_inputs = speaks->missing;
  a.missing_cause = speaks->missing_cause;
  return a;
}

// But for its facts.
bool is_of(const EvidenceSource& s, const Evidence& e) {
  if (s.is_search || !e.event) return s.is_search && !e.event && s.type == e.searched;
  return s.type == e.event->type && s.feed == e.event->feed && s.owner == e.event->owner;
}

bool is_shown(const EvidenceSource& s, const Alert& alert) {
  return std::any_of(alert.evidence.begin(), alert.evidence.end(), [&](const Evidence& e) {
    return is_of(s, e) && std::all_of(s.facts.begin(), s.facts.end(), [&](FieldId f) { return contains(e.facts, f); });
  });
}

// What is kept of a match that no alert is told from as long as the episode keeps its first matches.
Match event_alone(const Match& m) {
  Match alone;
  alone.event = m.event;
  alone.provisional = m.provisional;
  alone.missing_cause = m.missing_cause;
  alone.knowable_at = m.knowable_at;
  alone.act_before = m.act_before;
  alone.direction = m.direction;
  alone.exception = m.exception;
  alone.evidence.push_back({m.event, {}, {}, {}, {}});
  // Of the rest, what says who may read it.
  alone.omitted_sources = m.omitted_sources;
  for (const Evidence& e : m.evidence) add_new(alone.omitted_sources, source_of(e));
  return alone;
}

bool same_content(const Alert& a, const Alert& b) {
  if (a.status != b.status || a.exception != b.exception || a.facts != b.facts || a.subjects != b.subjects ||
      a.act_before != b.act_before || a.matches != b.matches || a.missing_inputs != b.missing_inputs ||
      a.evidence.size() != b.evidence.size() || a.omitted_sources != b.omitted_sources ||
      a.last_event_time != b.last_event_time || a.event_time != b.event_time)
    return false;
  return std::equal(a.evidence.begin(), a.evidence.end(), b.evidence.begin(),
                    [](const Evidence& x, const Evidence& y) {
                      return same_source(x, y) && x.facts == y.facts && x.feeds == y.feeds;
                    });
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

EvidenceSource source_of(const Evidence& e) {
  if (!e.event) return {e.searched, true, {}, {}, e.facts};
  return {e.event->type, false, e.event->feed, e.event->owner, e.facts};
}

void AlertBook::Episode::count_source(const EvidenceSource& source, bool comes) {
  auto at = std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.first == source; });
  if (at == sources.end()) at = sources.insert(at, {source, 0});
  at->second += comes ? 1 : std::size_t(-1);
  if (at->second == 0) sources.erase(at);
}

// Every match of the episode is counted once: when it comes and when it goes.
void AlertBook::Episode::count(const Kept& kept, bool comes) {
  const std::size_t by = comes ? 1 : std::size_t(-1);  // modulo 2^64: -1 takes one away
  if (kept.is_final()) finals += by;
  if (kept.is_covered()) covered += by;
  if (!kept.match) return count_source(source_of({kept.event, {}, {}, {}, {}}), comes);
  for (const Evidence& e : kept.match->evidence) count_source(source_of(e), comes);
  for (const EvidenceSource& source : kept.match->omitted_sources) count_source(source, comes);
}

void AlertBook::Episode::put(Kept kept) {
  const Place p = place(*kept.event);
  if (size() > 0 && p <= last()) take(p);  // nearly every match is the latest
  count(kept, true);
  const auto in_rest = [&](Kept& k) {
    if (k.match) {
      count(k, false);
      *k.match = event_alone(*k.match);
      count(k, true);
    }
    const Place at = place(*k.event);
    rest.emplace_hint(rest.end(), at, std::move(k));
  };
  if (whole.size() == limits::kEpisodeMatches && whole.rbegin()->first < p) return in_rest(kept);
  whole.emplace_hint(whole.end(), p, std::move(kept));
  if (whole.size() <= limits::kEpisodeMatches) return;
  in_rest(whole.rbegin()->second);
  whole.erase(std::prev(whole.end()));
}

void AlertBook::Episode::take(const Place& p) {
  std::map<Place, Kept>& from = whole.contains(p) ? whole : rest;
  const auto at = from.find(p);
  if (at == from.end()) return;
  count(at->second, false);
  from.erase(at);
  if (whole.size() < limits::kEpisodeMatches && !rest.empty()) whole.insert(rest.extract(rest.begin()));
}

std::optional<std::pair<Place, Place>> AlertBook::Episode::around(const Place& p) const {
  if (p <= first() || p >= last()) return std::nullopt;
  const auto next = whole.upper_bound(p);
  const Place after = next != whole.end() ? next->first : rest.upper_bound(p)->first;
  const auto at = rest.lower_bound(p);
  const Place before = at != rest.begin() ? std::prev(at)->first : std::prev(whole.lower_bound(p))->first;
  return std::pair(before, after);
}

// The matches behind `p`, which leave this episode.
AlertBook::Episode AlertBook::Episode::split_behind(const Place& p) {
  Episode tail;
  for (auto* from : {&whole, &rest})
    for (auto at = from->upper_bound(p); at != from->end();) {
      const auto here = at++;
      count(here->second, false);
      tail.put(std::move(from->extract(here).mapped()));
    }
  return tail;
}

// The smaller goes into the larger: however matches arrive, one is moved a logarithmic number of times.
void AlertBook::Episode::join(Episode other) {
  if (other.size() > size()) std::swap(*this, other);
  for (auto* from : {&other.whole, &other.rest})
    for (auto& [p, kept] : *from) put(std::move(kept));
}

bool AlertBook::Episode::is_continued_by(const Match& m) const {
  return read == size() && read < limits::kAlertMatches && last() < place(*m.event) &&
         (m.provisional || finals > 0) &&                           // another speaks
         whole.begin()->second.match->surest->time_error_s == 0 &&  // none dates it better
         alert.evidence.size() + m.evidence.size() <= limits::kAlertEvidence;
}

void AlertBook::Episode::append(Match m) {
  alert.knowable_at = std::min(alert.knowable_at, m.knowable_at);
  if (m.act_before && (!alert.act_before || *m.act_before < *alert.act_before)) alert.act_before = m.act_before;
  for (const AlertSubject& s : m.subjects) add_new(alert.subjects, s);
  std::set<Place> none_beyond;
  for (const Evidence& e : m.evidence) add_evidence(alert, e, none_beyond);
  put({m.event, std::make_unique<Match>(std::move(m))});
  if (++read == limits::kAlertMatches) told = last();
}

AlertBook::Group& AlertBook::group_of(const rules::Rule& rule, const std::string& group) {
  auto found = groups_.find(KeyView{&rule, group});
  if (found == groups_.end()) found = groups_.emplace(Key{&rule, group}, std::make_unique<Group>()).first;
  return *found->second;
}

AlertBook::Neighbours AlertBook::neighbours(const rules::Rule& rule, Group& g, const Place& p) {
  const auto none = g.episodes.end();
  const auto after = g.episodes.upper_bound(p);
  const auto before = after == g.episodes.begin() ? none : std::prev(after);
  return {before != none && p.time - before->second.last().time <= rule.timespan ? before : none,
          after != none && after->first.time - p.time <= rule.timespan ? after : none};
}

void AlertBook::set(const rules::Rule& rule, const std::string& group, const EventPtr& event) {
  Group& g = group_of(rule, group);
  const Place p = place(*event);
  const Neighbours near = neighbours(rule, g, p);
  const auto [before, after] = near;
  if (before != g.episodes.end() && before->second.has(p)) return;  // it tells the same for good
  if (before == g.episodes.end() || after != g.episodes.end() || p <= before->second.told)
    return add(rule, group, g, near, tell_alone_(rule, event));
  before->second.put({event, nullptr});
  tell_more(before->second);
}

void AlertBook::set(const rules::Rule& rule, const std::string& group, Match match) {
  Group& g = group_of(rule, group);
  const Neighbours near = neighbours(rule, g, place(*match.event));
  add(rule, group, g, near, std::move(match));
}

void AlertBook::add(const rules::Rule& rule, const std::string& group, Group& g, const Neighbours& near, Match match) {
  const Place p = place(*match.event);
  const auto none = g.episodes.end();
  const auto [before, after] = near;
  if (before != none && after == none && before->second.told < p) {
    before->second.put({match.event, std::make_unique<Match>(std::move(match))});
    return tell_more(before->second);
  }
  if (before != none && after == none && before->second.is_continued_by(match)) {
    before->second.append(std::move(match));
    ++matches_told_;
    return tell_more(before->second);
  }
  Alerts was;
  Episode episode;
  const auto absorb = [&](std::map<Place, Episode>::iterator at) {
    if (at == none) return;
    was.emplace(at->second.alert.id, std::move(at->second.alert));
    episode.join(std::move(at->second));
    g.episodes.erase(at);
  };
  absorb(before);
  absorb(after);
  episode.put({match.event, std::make_unique<Match>(std::move(match))});
  std::vector<Episode> one;
  one.push_back(std::move(episode));
  tell(rule, group, g, std::move(was), std::move(one));
}

void AlertBook::remove(const rules::Rule& rule, const std::string& group, const Place& event) {
  const auto found = groups_.find(KeyView{&rule, group});
  if (found == groups_.end()) return;
  Group& g = *found->second;
  const auto after = g.episodes.upper_bound(event);
  if (after == g.episodes.begin() || !std::prev(after)->second.has(event)) return;
  const auto at = std::prev(after);
  Episode& whole = at->second;
  const auto neighbours = whole.around(event);
  const bool splits = neighbours && neighbours->second.time - neighbours->first.time > rule.timespan;
  if (!splits && whole.told < event) {
    whole.take(event);
    return tell_more(whole);
  }
  Alerts was;
  was.emplace(whole.alert.id, std::move(whole.alert));
  std::vector<Episode> episodes;
  episodes.push_back(std::move(whole));
  g.episodes.erase(at);
  episodes.front().take(event);
  if (splits) episodes.push_back(episodes.front().split_behind(event));
  tell(rule, group, g, std::move(was), std::move(episodes));
}

// Count, last time and status, which every match of the episode moves.
void AlertBook::finish(Episode& e) {
  Alert& a = e.alert;
  a.matches = e.size();
  a.last_event_time = e.last().time;
  a.evidence_omitted = e.omitted + (e.size() - e.read);
  a.omitted_sources.clear();
  for (const auto& [source, n] : e.sources)
    if (!is_shown(source, a)) a.omitted_sources.push_back(source);
  std::sort(a.omitted_sources.begin(), a.omitted_sources.end());
  a.status = e.finals > 0 ? AlertStatus::final : AlertStatus::provisional;
  a.exception = e.covered == e.size() ? e.whole.begin()->second.match->exception : std::nullopt;
  a.missing_inputs = e.finals > 0 ? std::vector<FieldId>{} : e.missing;
}

void AlertBook::tell_more(Episode& e) {
  const auto heart = [](const Alert& a) { return std::tuple(a.matches, a.last_event_time, a.status, a.exception); };
  const auto was = heart(e.alert);
  finish(e);
  if (heart(e.alert) == was) return;
  ++e.alert.revision;
  on_revision_(e.alert);
}

// The first matches, made where they were kept as their event alone.
std::vector<const Match*> AlertBook::told_from(const rules::Rule& rule, Episode& e) const {
  std::vector<const Match*> out;
  for (auto at = e.whole.begin(); at != e.whole.end() && out.size() < limits::kAlertMatches; ++at) {
    Kept& kept = at->second;
    if (!kept.match) {
      e.count(kept, false);
      kept.match = std::make_unique<Match>(tell_alone_(rule, kept.event));
      e.count(kept, true);
    }
    out.push_back(kept.match.get());
  }
  return out;
}

void AlertBook::tell(const rules::Rule& rule, const std::string& group, Group& g, Alerts was,
                     std::vector<Episode> episodes) {
  std::erase_if(episodes, [](const Episode& e) { return e.size() == 0; });
  Alerts now;
  std::vector<Alerts::iterator> told;  // by episode
  for (Episode& e : episodes) {
    const auto matches = told_from(rule, e);
    e.alert = build(rule, group, matches);
    e.read = matches.size();
    e.omitted = e.alert.evidence_omitted;
    e.missing = e.alert.missing_inputs;
    e.told = e.read < limits::kAlertMatches ? Place{Timestamp::max(), {}} : place(*matches.back()->event);
    matches_told_ += e.read;
    finish(e);
    const Id128 id = e.alert.id;
    told.push_back(now.emplace(id, std::move(e.alert)).first);
  }
  publish(g, was, now);
  for (std::size_t i = 0; i < episodes.size(); ++i) {
    episodes[i].alert = std::move(told[i]->second);
    const Place first = episodes[i].first();
    g.episodes.emplace(first, std::move(episodes[i]));
  }
}

// From the alerts `was` of the episodes that a match touched to the alerts `now`; the others of the group stand.
void AlertBook::publish(Group& g, const Alerts& was, Alerts& now) {
  for (const auto& [id, old] : was) {
    if (now.contains(id)) continue;
    Alert gone = old;
    ++gone.revision;
    gone.status = AlertStatus::withdrawn;
    // Another alert of the group that covers the same time took the episode over.
    for (const auto& [other, a] : now)
      if (!was.contains(other) && a.event_time <= old.last_event_time && old.event_time <= a.last_event_time)
        gone.superseded_by = other;
    g.retired[id] = gone.revision;
    on_revision_(gone);
  }
  for (auto& [id, a] : now) {
    if (const auto old = was.find(id); old != was.end()) {
      a.revision = old->second.revision;
      if (same_content(old->second, a)) continue;
      ++a.revision;
    } else if (const auto r = g.retired.find(id); r != g.retired.end()) {
      a.revision = r->second + 1;
    }
    on_revision_(a);
  }
}

std::vector<Alert> AlertBook::standing() const {
  std::vector<const Alert*> all;
  for (const auto& [key, g] : groups_)
    for (const auto& [first, e] : g->episodes) all.push_back(&e.alert);
  std::sort(all.begin(), all.end(), [](const Alert* a, const Alert* b) {
    return std::tie(a->event_time, a->id) < std::tie(b->event_time, b->id);
  });
  std::vector<Alert> out;
  out.reserve(all.size());
  for (const Alert* a : all) out.push_back(*a);
  return out;
}

}  // namespace quaywatch::pipeline
