#include "pipeline/correlator.h"

#include <algorithm>

#include "base/limits.h"
#include "pipeline/field_value.h"
#include "pipeline/lists.h"
#include "pipeline/tell.h"

namespace quaywatch::pipeline {
namespace {

using rules::Correlation;
using rules::CorrelationType;
using rules::RuleSet;
using timeline::Cover;
using timeline::Coverage;
using timeline::Facts;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
using Numbers = boost::container::small_vector<std::size_t, 4>;

constexpr EventId kLastId = {~std::uint64_t{0}, ~std::uint64_t{0}};

// What a hit adds to what is told of a match.
void add_told(Match& m, const Match& told) {
  m.knowable_at = std::max(m.knowable_at, told.knowable_at);
  if (told.act_before && (!m.act_before || *told.act_before < *m.act_before)) m.act_before = told.act_before;
  for (const AlertSubject& s : told.subjects) add_new(m.subjects, s);
  for (const Evidence& e : told.evidence) {
    const auto known = std::find_if(m.evidence.begin(), m.evidence.end(), [&](const Evidence& k) {
      return k.event == e.event && k.searched == e.searched && k.from == e.from && k.until == e.until;
    });
    if (known != m.evidence.end())
      for (const FieldId f : e.facts) add_new(known->facts, f);
    else if (m.evidence.size() < limits::kAlertEvidence)
      m.evidence.push_back(e);
    else
      ++m.evidence_omitted, add_new(m.omitted_sources, source_of(e));
  }
  for (const EvidenceSource& s : told.omitted_sources) add_new(m.omitted_sources, s);
}

// Where nobody has spoken of the end of the interval yet, and nobody is late with it: a deadline that has not expired.
bool is_deadline_open(const Coverage& coverage, EventType type, std::string_view facility, Timestamp from,
                      Timestamp until) {
  for (const Coverage::Row& row : coverage.rows(type)) {
    if (row.expected || row.pieces.empty() || (!facility.empty() && !row.facility.empty() && row.facility != facility))
      continue;
    const Timestamp reached = row.pieces.back().reach;
    if (from <= reached && reached < until && coverage.ask(type, facility, from, reached).cover == Cover::covered)
      return true;
  }
  return false;
}

// Where the intervals that a correlation asks coverage of begin and end, from its event on.
std::set<Duration> ends_of(const Correlation& c, const std::vector<Duration>& reach) {
  std::set<Duration> out{{}, c.timespan, {-c.timespan.us}};
  for (const std::size_t rule : c.joins) {
    out.insert({-reach[rule].us});
    out.insert({-c.timespan.us - reach[rule].us});
  }
  return out;
}

void sort_once(Numbers& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

template <typename List, typename Is>
void drop_if(List& list, Is is) {
  list.erase(std::remove_if(list.begin(), list.end(), is), list.end());
}

// The first hit that is not before the place.
Hits::iterator from_place(Hits& hits, const Place& p) {
  return std::lower_bound(hits.begin(), hits.end(), p,
                          [](const Hit& h, const Place& other) { return place(*h.event) < other; });
}

// An integer times a million may pass 64 bits; such a value is as good as absent, like the result of a let.
bool to_millionths(const Value& v, std::int64_t& out) {
  if (v.kind == Kind::decimal) return out = v.number, true;
  constexpr std::int64_t kMost = 9'200'000'000'000;
  if (v.kind != Kind::integer || v.number > kMost || v.number < -kMost) return false;
  return out = v.number * kDecimalOne, true;
}

}  // namespace

Correlator::Correlator(const rules::Pack& pack, const Coverage& coverage, AlertBook& book, IsOff is_off)
    : pack_(pack), coverage_(coverage), book_(book), is_off_(std::move(is_off)) {
  const auto& rules = pack.rules();
  const auto& correlations = pack.correlations();
  above_.resize(rules.size());
  reach_.resize(rules.size());
  correlation_of_.assign(rules.size(), kNone);
  outer_.resize(correlations.size());
  groups_.resize(correlations.size());
  touched_.resize(correlations.size());
  joins_correlations_.resize(correlations.size());
  for (std::size_t c = 0; c < correlations.size(); ++c) {
    const Correlation& correlation = correlations[c];
    correlation_of_[correlation.rule] = c;
    for (const std::size_t rule : correlation.joins) {
      reach_[correlation.rule] = std::max(reach_[correlation.rule], reach_[rule]);
      if (correlation_of_[rule] == kNone) {
        add_new(above_[rule], c);
        continue;
      }
      joins_correlations_[c] = true;
      outer_[correlation_of_[rule]].push_back(c);
      for (auto& above : above_)
        if (contains(above, correlation_of_[rule])) add_new(above, c);
    }
    reach_[correlation.rule] = reach_[correlation.rule] + correlation.timespan;
    asks_.push_back(correlation.searched || correlation.at_close || !rules[correlation.rule].needs_types.empty());
    if (!asks_.back()) continue;
    longest_ = std::max(longest_, reach_[correlation.rule]);
    for (const Duration at : ends_of(correlation, reach_)) asked_at_[at].push_back(c);
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    bool rests = any_fact(rules[i].reads) || !rules[i].needs_types.empty();
    for (const std::size_t c : above_[i]) {
      const rules::Rule& r = rules[correlations[c].rule];
      for (const auto* told : {&r.reads, &r.fields, &r.about, &r.acted, &r.mentioned, &r.act_before})
        rests |= any_fact(*told);
    }
    rests_on_facts_.push_back(rests);
  }
}

// Can the event be evidence, or only be what was searched for and found?
bool Correlator::speaks(std::size_t correlation, std::span<const JoinedVerdict> verdicts) const {
  const Correlation& c = of(correlation);
  return std::any_of(verdicts.begin(), verdicts.end(), [&](const JoinedVerdict& v) {
    const auto at = std::find(c.joins.begin(), c.joins.end(), v.rule);
    if (at == c.joins.end()) return contains(above_[v.rule], correlation);
    return !(c.searched & (RuleSet{1} << (at - c.joins.begin())));
  });
}

Correlator::Member* Correlator::find(Seen& seen, std::size_t correlation) {
  const auto at = std::find_if(seen.members.begin(), seen.members.end(),
                               [&](const Member& m) { return m.correlation == correlation; });
  return at == seen.members.end() ? nullptr : &*at;
}

Correlator::Parts Correlator::parts_of(std::size_t correlation, const Event& event, const Facts& facts) const {
  constexpr char kSeparator = '\x1f';
  const Correlation& c = of(correlation);
  Parts m;
  const bool is_one = std::equal(c.group_by.begin() + 1, c.group_by.end(), c.group_by.begin());
  for (const auto& fields : std::span(c.group_by).first(is_one ? 1 : c.group_by.size())) {
    std::string& key = m.keys.emplace_back();
    for (const FieldId field : fields) {
      const Value v = field_or_fact(event, facts, field);
      if (v.is_absent() || v.is_unknown()) {
        key.clear();
        break;
      }
      if (!key.empty()) key += kSeparator;
      key += to_text(v);
    }
  }
  std::string combination;
  bool is_whole = true;
  for (const FieldId field : c.values) {
    bool any = false;
    each_value(event, facts, field, [&](const Value& v) {
      any = true;
      if (v.is_unknown()) return m.is_value_open = true, m.value_cause = v.cause, void();
      if (std::int64_t number = 0; c.type != CorrelationType::value_count && to_millionths(v, number))
        m.numbers.push_back(number);
      if (c.values.size() == 1) return add_new(m.values, to_text(v));
      combination += to_text(v) + kSeparator;
    });
    combination += kSeparator;
    is_whole &= any;
  }
  // Several fields count as one value: what stands in them together.
  if (c.values.size() > 1 && is_whole && !m.is_value_open) m.values.push_back(combination);
  if (!is_whole) m.is_value_open = false;
  return m;
}

Hit& Correlator::hit_in(NewHits& hits, const Seen& seen, const Parts& m, std::size_t position) const {
  const std::string_view key = m.key(position);
  for (auto& [group, hit] : hits)
    if (group == key) return hit;
  Hit& hit = hits.emplace_back(key, Hit()).second;
  hit.event = seen.event;
  hit.values = m.values;
  hit.numbers = m.numbers;
  hit.is_value_open = m.is_value_open;
  if (m.is_value_open) hit.cause = m.value_cause;
  hit.speaks = m.speaks;
  hit.told = m.told;
  return hit;
}

std::shared_ptr<const Match> Correlator::told_of(std::size_t correlation, const EventPtr& event,
                                                 const std::shared_ptr<const Match>& kept) const {
  return kept ? kept : std::make_shared<const Match>(book_.tell_alone(pack_.rules()[of(correlation).rule], event));
}

// What an alert tells of a match of `inner` as a part of another correlation.
std::shared_ptr<const Match> Correlator::told_with(const Hit& hit, const Match& inner, std::size_t correlation) const {
  auto told = std::make_shared<Match>(*told_of(correlation, hit.event, hit.told));
  Match whole = inner;
  whole.subjects.clear();
  for (const Evidence& e : inner.evidence) {
    const auto seen = e.event ? seen_.find(place(*e.event)) : seen_.end();
    if (seen == seen_.end()) continue;
    for (const Member& m : seen->second.members) {
      if (m.correlation != correlation || !m.parts || !m.parts->speaks) continue;
      const auto part = told_of(correlation, seen->second.event, m.parts->told);
      for (const AlertSubject& s : part->subjects) add_new(whole.subjects, s);
    }
  }
  whole.act_before.reset();
  add_told(*told, whole);
  told->evidence_omitted += inner.evidence_omitted;
  return told;
}

void Correlator::add_inner(const Seen& seen, std::size_t correlation, const Parts& m, std::size_t position,
                           NewHits& hits) const {
  const std::size_t inner = correlation_of_[of(correlation).joins[position]];
  const RuleSet bit = RuleSet{1} << position;
  for (const Member& other : seen.members) {
    if (other.correlation != inner) continue;
    for (const Group* g : other.in) {
      const auto answer = g->answers.find(place(*seen.event));
      if (answer == g->answers.end()) continue;
      const Answer& a = answer->second;
      Hit& hit = hit_in(hits, seen, m, position);
      (a.truth == Truth::unknown ? hit.unknown : a.provisional ? hit.provisional : hit.yes) |= bit;
      if (a.cause != UnknownCause::none && hit.cause != UnknownCause::pending) hit.cause = a.cause;
      if (a.match && hit.speaks) hit.told = told_with(hit, *a.match, correlation);
    }
  }
}

Correlator::NewHits Correlator::hits_of(const Seen& seen, std::size_t correlation, const Parts& m) const {
  NewHits hits;
  const Correlation& c = of(correlation);
  if (!c.values.empty() && m.values.empty() && m.numbers.empty() && !m.is_value_open) return hits;
  for (std::size_t i = 0; i < c.joins.size(); ++i) {
    if (m.key(i).empty()) continue;
    if (correlation_of_[c.joins[i]] != kNone) {
      add_inner(seen, correlation, m, i, hits);
      continue;
    }
    for (const JoinedVerdict& v : m.verdicts) {
      if (v.rule != c.joins[i]) continue;
      Hit& hit = hit_in(hits, seen, m, i);
      const bool is_unknown = v.verdict.truth == Truth::unknown;
      (is_unknown ? hit.unknown : v.verdict.provisional ? hit.provisional : hit.yes) |= RuleSet{1} << i;
      if (!is_unknown && !v.verdict.provisional) continue;
      if (hit.cause != UnknownCause::pending) hit.cause = v.verdict.cause;
      for (const FieldId f : v.verdict.open) add_new(hit.open, f);
    }
  }
  // What may be one rule and is certainly another is certain where either will do.
  for (auto& [group, hit] : hits) hit.provisional &= ~hit.yes, hit.unknown &= ~(hit.yes | hit.provisional);
  return hits;
}

void Correlator::take(const EventPtr& event, const Facts& facts, std::span<const JoinedVerdict> verdicts,
                      const Tell& tell) {
  const Place p = place(*event);
  Seen& seen = seen_.try_emplace(seen_.end(), p)->second;
  seen.event = event;
  // What an alert tells is what the event says, now and later: most hits never make one.
  const bool is_alone = event->time_error_s == 0 && std::none_of(verdicts.begin(), verdicts.end(), [&](const auto& v) {
                          return rests_on_facts(v.rule);
                        });
  Numbers wanted;
  for (const JoinedVerdict& v : verdicts) wanted.insert(wanted.end(), above_[v.rule].begin(), above_[v.rule].end());
  sort_once(wanted);
  Numbers all = wanted;
  for (const Member& m : seen.members) all.push_back(m.correlation);
  sort_once(all);
  decltype(seen.members) members;
  boost::container::small_vector<Parts, 1> parts;  // by member
  for (const std::size_t c : all) {
    Member& m = members.emplace_back();
    Parts& made_of = parts.emplace_back();
    m.correlation = c;
    m.is_joined = std::binary_search(wanted.begin(), wanted.end(), c);
    if (m.is_joined) {
      made_of = parts_of(c, *event, facts);
      for (const JoinedVerdict& v : verdicts) {
        const auto at = std::find(of(c).joins.begin(), of(c).joins.end(), v.rule);
        if (at != of(c).joins.end() && v.verdict.truth == Truth::yes)
          ungrouped_ += made_of.key(static_cast<std::size_t>(at - of(c).joins.begin())).empty();
      }
      made_of.verdicts.assign(verdicts.begin(), verdicts.end());
      made_of.speaks = speaks(c, verdicts);
      if (made_of.speaks && !is_alone) {
        auto told = std::make_shared<Match>(tell(pack_.rules()[of(c).rule], event));
        for (const JoinedVerdict& v : verdicts) told->knowable_at = std::max(told->knowable_at, v.known_at);
        made_of.told = std::move(told);
      }
      if (joins_correlations_[c]) m.parts = std::make_unique<Parts>(made_of);
    }
    if (Member* old = find(seen, c)) m.in = std::move(old->in), m.is_dropped = old->is_dropped;
  }
  seen.members = std::move(members);
  for (std::size_t i = 0; i < all.size(); ++i) {
    Member& m = seen.members[i];
    refresh(seen, m, m.is_joined ? hits_of(seen, m.correlation, parts[i]) : NewHits());
  }
  drop_if(seen.members, [](const Member& m) { return !m.is_joined; });
  if (wanted.empty()) seen_.erase(p);
  while (hits_ > limits::kCorrelationHits) drop_oldest();
}

void Correlator::remove(const Place& event) {
  const auto at = seen_.find(event);
  if (at == seen_.end()) return;
  for (Member& m : at->second.members) refresh(at->second, m, {});
  seen_.erase(event);
}

// Replaces the hits of an event in one correlation.
void Correlator::refresh(Seen& seen, Member& m, NewHits now) {
  for (std::size_t i = 0; i < m.in.size();) {
    Group& g = *m.in[i];
    if (std::any_of(now.begin(), now.end(), [&](const auto& n) { return n.first == g.key; })) {
      ++i;
      continue;
    }
    m.in.erase(m.in.begin() + static_cast<std::ptrdiff_t>(i));
    erase(m.correlation, g, place(*seen.event));
  }
  for (auto& [key, hit] : now) {
    Group& g = group_at(m.correlation, key);
    const bool is_kept = put(m.correlation, g, std::move(hit));
    if (is_kept && std::find(m.in.begin(), m.in.end(), &g) == m.in.end()) m.in.push_back(&g);
    if (!is_kept && !std::exchange(m.is_dropped, true)) ++dropped_;
  }
}

Correlator::Group& Correlator::group_at(std::size_t correlation, std::string_view key) {
  auto& groups = groups_[correlation];
  if (const auto known = groups.find(key); known != groups.end()) return *known->second;
  auto group = std::make_unique<Group>(key);
  Group& g = *group;
  groups.emplace(g.key, std::move(group));
  return g;
}

bool Correlator::put(std::size_t correlation, Group& g, Hit hit) {
  const Place p = place(*hit.event);
  if (p <= g.dropped) return false;
  g.error = std::max(g.error, seconds(hit.event->time_error_s));
  RuleSet changed = hit.any();
  // Nearly every hit is the latest: to see that, none of the others need be fetched.
  auto at = g.latest < p ? g.hits.end() : from_place(g.hits, p);
  g.latest = std::max(g.latest, p);
  if (at != g.hits.end() && place(*at->event) == p) {
    changed |= at->any();
    *at = std::move(hit);
  } else {
    // Boost 1.81's devector cannot always insert in its midst.
    const auto behind = g.hits.end() - at;
    g.hits.push_back(std::move(hit));
    at = g.hits.end() - behind - 1;
    std::rotate(at, g.hits.end() - 1, g.hits.end());
    ++hits_;
  }
  touch_around(correlation, g, *at, changed);
  if (g.hits.size() <= limits::kGroupHits) return true;
  const Place first = place(*g.hits.front().event);
  drop_first(correlation, g);
  if (first == p) return false;
  ++dropped_;
  if (Member* m = find(seen_.at(first), correlation)) {
    drop_if(m->in, [&](const Group* in) { return in == &g; });
    m->is_dropped = true;
  }
  return true;
}

void Correlator::erase(std::size_t correlation, Group& g, const Place& event) {
  const auto at = from_place(g.hits, event);
  if (at == g.hits.end() || place(*at->event) != event) return;
  touch_around(correlation, g, *at, at->any());
  g.hits.erase(at);
  --hits_;
  answer(correlation, g, event, {});
}

void Correlator::touch(std::size_t correlation, Group& g, const Place& from, const Place& until) {
  if (g.touched) {
    g.touched = {std::min(g.touched->first, from), std::max(g.touched->second, until)};
    return;
  }
  g.touched = {from, until};
  touched_[correlation].push_back(&g);
  ++waiting_;
}

void Correlator::touch_around(std::size_t correlation, Group& g, const Hit& hit, RuleSet changed) {
  const auto [from, until] = affected(of(correlation), changed, hit.event->event_time, g.error);
  touch(correlation, g, {from, {}}, {until, kLastId});
}

// A correlation has its turn when nothing waits in those that it may join: they come before it.
void Correlator::settle() {
  std::size_t left = limits::kReevaluationsPerEntry;
  for (std::size_t c = 0; waiting_ > 0 && left > 0; c = touched_[c].empty() ? c + 1 : c) {
    if (touched_[c].empty()) continue;
    Group& g = *touched_[c].front();
    touched_[c].pop_front();
    --waiting_;
    settle(c, g, left);
    if (g.hits.empty() && g.dropped.time == Timestamp::min() && !g.touched) groups_[c].erase(std::string_view(g.key));
  }
}

void Correlator::settle(std::size_t correlation, Group& g, std::size_t& left) {
  const auto [from, until] = *std::exchange(g.touched, std::nullopt);
  for (std::size_t at = first_from(g.hits, from.time); at < g.hits.size(); ++at) {
    const Place p = place(*g.hits[at].event);
    if (p < from) continue;
    if (p > until) break;
    if (left == 0) return touch(correlation, g, p, until);
    judge_hit(correlation, g, at);
    --left;
  }
}

void Correlator::judge_hit(std::size_t correlation, Group& g, std::size_t at) {
  const Correlation& c = of(correlation);
  const rules::Rule& rule = pack_.rules()[c.rule];
  const Event& event = *g.hits[at].event;
  const auto old = g.answers.find(place(event));
  // Hits of its window are dropped: what was said of it stands.
  const bool is_cut = !c.at_close && event.event_time - c.timespan <= g.dropped.time;
  if (is_cut && old != g.answers.end() && old->second.truth == Truth::yes) return;
  Judgement j =
      judge(c, g.hits, at, [&](std::size_t joined, std::string_view facility, Timestamp from, Timestamp until) {
        return search(c.joins[joined], facility, from, until);
      });
  if (is_off_(c.rule, event.event_time)) j.truth = Truth::no;
  if (j.truth == Truth::yes) require(rule, event, j);
  Answer now{j.truth, j.provisional, j.cause, nullptr};
  if (j.truth == Truth::yes) {
    Match m = match_of(correlation, g, at, j);
    if (!outer_[correlation].empty()) now.match = std::make_shared<Match>(m);
    if (!rule.is_part) book_.set(rule, g.key, std::move(m));
  }
  answer(correlation, g, place(event), std::move(now));
}

// The types that the correlation requires must be covered over the whole window.
void Correlator::require(const rules::Rule& rule, const Event& event, Judgement& j) const {
  for (const EventType type : rule.needs_types) {
    const auto a = coverage_.ask(type, event.facility, j.from, j.until);
    j.absence.known_at = std::max(j.absence.known_at, a.known_at);
    if (a.cover == Cover::covered) continue;
    j.truth = Truth::unknown;
    j.cause = a.cover == Cover::pending ? UnknownCause::pending : UnknownCause::no_coverage;
    return;
  }
}

// What was told once is kept: the next match of the episode is likely to ask for it again.
Match Correlator::match_of(std::size_t correlation, Group& g, std::size_t at, const Judgement& j) const {
  Hit& anchor = g.hits[at];
  anchor.told = told_of(correlation, anchor.event, anchor.told);
  Match m = *anchor.told;
  m.provisional = j.provisional;
  m.missing = j.open;
  m.missing_cause = j.cause;
  m.knowable_at = std::max(m.knowable_at, j.absence.known_at);
  m.evidence = j.absence.searches;  // first, so that no crowd of events leaves them out
  add_told(m, *anchor.told);
  for (std::size_t i = j.first; i < j.last; ++i) {
    Hit& hit = g.hits[i];
    const RuleSet speaking = (j.provisional ? hit.yes | hit.provisional : hit.yes) & ~of(correlation).searched;
    if (i == at || !speaking) continue;
    hit.told = told_of(correlation, hit.event, hit.told);
    add_told(m, *hit.told);
  }
  return m;
}

// Replaces what was said of a hit, in the book and for the correlations that join this one.
void Correlator::answer(std::size_t correlation, Group& g, const Place& event, Answer now) {
  const rules::Rule& rule = pack_.rules()[of(correlation).rule];
  const auto old = g.answers.find(event);
  const bool was_open = old != g.answers.end();
  if (was_open && old->second.truth == Truth::yes && now.truth != Truth::yes && !rule.is_part)
    book_.remove(rule, g.key, event);
  if (now.truth != Truth::no && now.cause == UnknownCause::pending)
    pending_.insert({correlation, &g, event});
  else if (was_open && old->second.cause == UnknownCause::pending)
    pending_.erase({correlation, &g, event});
  const bool is_open = now.truth != Truth::no;
  if (is_open)
    g.answers.insert_or_assign(event, std::move(now));
  else if (was_open)
    g.answers.erase(old);
  if ((!is_open && !was_open) || outer_[correlation].empty()) return;
  const auto seen = seen_.find(event);
  if (seen == seen_.end()) return;
  for (const std::size_t outer : outer_[correlation])
    if (Member* m = find(seen->second, outer); m != nullptr && m->is_joined)
      refresh(seen->second, *m, hits_of(seen->second, outer, *m->parts));
}

// One record may be of any of the rule's types: those that nobody provides are not waited for.
Searched Correlator::search(std::size_t rule, std::string_view facility, Timestamp from, Timestamp until) const {
  Searched out;
  bool is_pending = false, is_hole = false;
  from = from - reach_[rule];
  for (const EventType type : pack_.rules()[rule].types) {
    const auto a = coverage_.ask(type, facility, from, until);
    if (a.cover == Cover::covered) {
      out.known_at = std::max(out.known_at, a.known_at);
      out.searches.push_back({nullptr, {}, type, from, until, std::string(facility), a.cover,
                              coverage_.answerers(type, facility, from, until)});
    } else if (a.cover != Cover::no_provider) {
      const bool waits = a.cover == Cover::pending || is_deadline_open(coverage_, type, facility, from, until);
      (waits ? is_pending : is_hole) = true;
    }
  }
  if (!out.searches.empty() && !is_pending && !is_hole) return out;
  return {is_pending && !is_hole ? UnknownCause::pending : UnknownCause::no_coverage, Timestamp::min(), {}};
}

void Correlator::cover(Timestamp from, Timestamp until) {
  const Timestamp last = until + longest_;
  for (auto at = seen_.lower_bound({from - longest_, {}}); at != seen_.end() && at->first.time <= last; ++at)
    for (const Member& m : at->second.members)
      if (asks_[m.correlation])
        for (Group* g : m.in) touch(m.correlation, *g, at->first, at->first);
}

// Of an interval in whose midst it grew the same is said as before: that its end is awaited, or lost.
void Correlator::cover_grew(Timestamp from, Timestamp until) {
  for (const auto& [offset, correlations] : asked_at_) {
    const Timestamp last = until - offset;
    for (auto at = seen_.lower_bound({from - offset, {}}); at != seen_.end() && at->first.time <= last; ++at)
      for (const Member& m : at->second.members)
        if (contains(correlations, m.correlation))
          for (Group* g : m.in) touch(m.correlation, *g, at->first, at->first);
  }
}

void Correlator::tick() {
  for (const Pending& p : pending_) touch(p.correlation, *p.group, p.event, p.event);
}

// What was said of it stands; nothing can change it any more.
void Correlator::drop_first(std::size_t correlation, Group& g) {
  g.dropped = place(*g.hits.front().event);
  if (const auto old = g.answers.find(g.dropped); old != g.answers.end()) {
    const Answer& a = old->second;
    const std::size_t rule = of(correlation).rule;
    if (a.cause != UnknownCause::none && !pack_.rules()[rule].is_part) ++forgotten_[{rule, a.cause}];
    pending_.erase({correlation, &g, g.dropped});
    g.answers.erase(old);
  }
  g.hits.pop_front();
  --hits_;
}

void Correlator::drop_oldest() {
  const auto oldest = seen_.begin();
  for (const Member& m : oldest->second.members)
    for (Group* g : m.in) {
      ++dropped_;
      drop_first(m.correlation, *g);
    }
  seen_.erase(oldest);
}

void Correlator::forget_before(Timestamp horizon) {
  const std::uint64_t before = dropped_;
  while (!seen_.empty() && seen_.begin()->first.time < horizon) drop_oldest();
  dropped_ = before;  // of age, not for a limit
  for (auto& groups : groups_)
    erase_if(groups, [](const auto& entry) { return entry.second->hits.empty() && !entry.second->touched; });
}

void Correlator::add_open(OpenCounts& counts, OpenFirst* first) const {
  for (const auto& [key, n] : forgotten_) counts[key] += n;
  // Most events leave nothing open, and their groups need not be looked for.
  std::set<Place> open;
  for (const auto& groups : groups_)
    for (const auto& [key, g] : groups)
      for (const auto& [p, answer] : g->answers)
        if (answer.cause != UnknownCause::none) open.insert(p);
  for (const Place& p : open) {
    const Seen& seen = seen_.at(p);  // every hit is of one
    for (const Member& m : seen.members) {
      const std::size_t rule = of(m.correlation).rule;
      if (pack_.rules()[rule].is_part) continue;
      for (const Group* g : m.in) {
        const auto a = g->answers.find(p);
        if (a == g->answers.end() || a->second.cause == UnknownCause::none) continue;
        ++counts[{rule, a->second.cause}];
        if (first != nullptr) first->try_emplace({rule, a->second.cause}, seen.event);
        break;
      }
    }
  }
}

}  // namespace quaywatch::pipeline
