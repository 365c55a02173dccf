#include "pipeline/detection.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "pipeline/correlator.h"
#include "pipeline/lists.h"
#include "pipeline/permission.h"
#include "pipeline/tell.h"

namespace quaywatch::pipeline {
namespace {

using timeline::EventTypes;
using timeline::Facts;
using Change = timeline::Coverage::Change;

constexpr std::size_t kUnknownCauseCount = static_cast<std::size_t>(UnknownCause::erased) + 1;
constexpr Duration kForgetEvery = days(7);  // what forgetting costs is a walk over all subjects

struct Open {  // a rule without an answer
  std::size_t rule = 0;
  UnknownCause cause{};
  std::optional<EventType> missing;  // whose search was not answered
};

// The first search behind the open facts that nobody answered.
std::optional<EventType> missing_of(const rules::Verdict& verdict, const Facts& facts) {
  std::optional<EventType> out;
  facts.each_search([&](FieldId fact, const timeline::Searched& s) {
    if (!out && s.cover != timeline::Cover::covered && contains(verdict.open, fact)) out = s.type;
  });
  return out;
}

BlindHour hour_of_question(const Event& event, const Open& open) {
  return {hour_of(event.event_time), open.rule, open.cause, event.facility, open.missing};
}

// What may be otherwise when an event is judged again.
enum class Again : std::uint8_t {
  all,   // any fact
  open,  // what was not known may be; by the logic of three values, a verdict that was certain without it stands
};
struct Queued {
  EventPtr event;
  Again again{};
};

EventTypes set_of(const std::vector<EventType>& types) {
  EventTypes out;
  for (const EventType t : types) out.set(static_cast<std::size_t>(t));
  return out;
}

// What may be answered otherwise than before: questions after one of `types` that the interval concerns.
struct Changed {
  timeline::Coverage::Change change{};
  Timestamp from, until;
  EventTypes types;
};

// What the last judgement of one event left behind.
struct Standing {
  EventPtr event;
  std::vector<std::pair<std::size_t, std::string>> matches;  // rule index, group
  std::vector<Open> open;
  // Of the questions to coverage, that of the event's instant among them: where the first begins, and all ends, sorted.
  Timestamp searched_from;
  std::vector<Timestamp> search_ends;
  EventTypes searched;  // after what they ask
  bool asks_within(Timestamp from, Timestamp until) const {
    return searched_from <= until && from <= search_ends.back();
  }
  bool cites_pending = false;  // a match cites a search whose answer is still awaited, though it decides nothing
  bool is_joined = false;      // correlations look at the event
  bool waits() const {
    return cites_pending ||
           std::any_of(open.begin(), open.end(), [](const Open& o) { return o.cause == UnknownCause::pending; });
  }
};

Standing standing_of(const EventPtr& event, const Facts& facts) {
  Standing out{event, {}, {}, event->event_time, {event->event_time}, {}};
  facts.each_search([&](FieldId, const timeline::Searched& s) {
    out.searched.set(static_cast<std::size_t>(s.type));
    out.searched_from = std::min(out.searched_from, s.from);
    const auto at = std::lower_bound(out.search_ends.begin(), out.search_ends.end(), s.until);
    if (at == out.search_ends.end() || *at != s.until) out.search_ends.insert(at, s.until);
  });
  return out;
}

bool cites_pending(const Match& m) {
  return std::any_of(m.evidence.begin(), m.evidence.end(),
                     [](const Evidence& e) { return !e.event && e.cover == timeline::Cover::pending; });
}

// One word of a feed on a happening that it may speak of again.
struct Word {
  EventPtr event;
  bool is_too_late = false;  // counted as that, whatever is said later
};
// What still counts of a feed's words on one happening: the last correction or void, and what was said after it; in the
// order said. Nearly always one.
using Words = boost::container::small_vector<Word, 1>;

// The first that was not said before `event`. At one instant what is said comes before what takes it back.
template <typename W>
auto said_from(W& words, const Event& event) {
  const auto said = [](const Event& e) { return std::tie(e.reported_at, e.op, e.id); };
  return std::lower_bound(words.begin(), words.end(), event,
                          [&](const Word& w, const Event& e) { return said(*w.event) < said(e); });
}

}  // namespace

struct Detection::State {
  State(rules::Pack p, AlertBook::OnRevision on_revision, Judges j, Permits permits)
      : pack(std::move(p)),
        judges(std::move(j)),
        permission(pack, std::move(permits)),
        timelines([this](EventType type, FieldId fact) { return pack.wants(type, fact); }),
        book(std::move(on_revision),
             [this](const rules::Rule& rule, const EventPtr& event) {
               return make_match(rule, {}, {}, event, {}, coverage);
             }),
        open_now(pack.rules().size()) {
    for (const rules::Rule& rule : pack.rules()) {
      told_alone.push_back(is_told_alone(rule));
      if (told_alone.back()) told_alone_types |= rule.types.empty() ? ~EventTypes() : set_of(rule.types);
    }
  }

  rules::Pack pack;
  Judges judges;
  Permission permission;
  EventTypes kept_types = ~EventTypes();  // others are counted, and that is all
  timeline::Coverage coverage;
  timeline::Timelines timelines;
  AlertBook book;
  Correlator correlator{pack, coverage, book,
                        [this](std::size_t rule, Timestamp at) { return permission.is_off(rule, at); }};
  DetectionAccount account;
  std::array<std::uint64_t, kEventTypeCount> evaluated{};        // account.evaluated by event type
  std::map<Place, Standing> standings;                           // only events with a match or an open question
  std::set<std::pair<Timestamp, Place>> other_ends;              // their search_ends, but that of their own instant
  std::set<Place> waiting;                                       // those of which waits() is true
  boost::unordered_flat_map<Id128, Words, Id128Hash> keyed;      // words of feeds that can be corrected
  std::map<Place, Queued> queued;                                // re-evaluations beyond the bound of one entry
  Place last_queued{Timestamp::min(), {}};                       // up to here they were judged
  Facts facts;                                                   // of the event being judged
  std::vector<JoinedVerdict> joined;                             // what correlations join of it
  std::vector<std::pair<std::size_t, rules::Verdict>> verdicts;  // scratch of judge
  std::vector<std::uint32_t> undecided;                          // scratch of judge_open
  // By event type and rule, as far as it was wanted: what may tell a fact that the rule tells of.
  std::array<std::vector<std::optional<timeline::Timelines::Questions>>, kEventTypeCount> asked_for;
  Timestamp now = Timestamp::min();                              // of advance
  Timestamp ticked = Timestamp::min();                           // of tick
  Timestamp next_forget = Timestamp::min();
  std::vector<bool> told_alone;  // by rule
  EventTypes told_alone_types;   // that one of them can match
  std::vector<std::array<std::uint64_t, kUnknownCauseCount>> open_now;  // questions of standings, by rule and cause
  OpenCounts forgotten_open;                                            // questions that stayed open for good
  BlindHours forgotten_hours;

  void count(const Event& event, std::int64_t change);
  void insert(const EventPtr& event);
  void remove(const Word& word);
  void refuse(const EventPtr& event);
  bool is_judged(const Event& event) const {
    return event.classifier == Classifier::actual && pack.wants(event.type) && (!judges || judges(event));
  }
  bool take_keyed(const EventPtr& event);
  bool judge(const EventPtr& event);
  bool judge_open(const EventPtr& event);
  bool judge_again(const EventPtr& event, Again again) {
    return again == Again::all ? judge(event) : judge_open(event);
  }
  const timeline::Timelines::Questions& questions_of(std::size_t rule, EventType type);
  bool is_apart(std::size_t rule) const;
  void conclude(const EventPtr& event, std::map<Place, Standing>::iterator old);
  void correlate(const EventPtr& event, Standing& standing);
  void settle_verdict(std::size_t index, const rules::Verdict& verdict, Standing& standing);
  template <typename M>  // a Match or, where that alone tells it, the event
  std::optional<std::string> enter(const rules::Rule& rule, const EventPtr& event, M match);
  void remove_told_alone(const EventPtr& event);
  void keep(Standing standing);
  std::map<Place, Standing>::iterator drop(std::map<Place, Standing>::iterator at);
  std::vector<FieldId> needed_facts(std::size_t index, const rules::Verdict& verdict, const Event& event);
  std::optional<std::pair<EventType, UnknownCause>> missing_type(const rules::Rule& rule, const Event& event,
                                                                 Match& m) const;
  void rejudge(std::vector<EventPtr> events, Again again);
  void queue(const EventPtr& event, Again again);
  void rejudge_queued();
  void add_standing(const Changed& changed, std::vector<EventPtr>& out) const;
  void rejudge_all();
  void changed_coverage(std::span<const Changed> changes);
  void advance(Timestamp at);
};

Detection::Detection(rules::Pack pack, AlertBook::OnRevision on_revision, Judges judges, Permits permits)
    : state_(std::make_unique<State>(std::move(pack), std::move(on_revision), std::move(judges), std::move(permits))) {}
Detection::~Detection() = default;

// A rule needs its required types covered at the instant of the event; where they are not, nothing may be concluded.
std::optional<std::pair<EventType, UnknownCause>> Detection::State::missing_type(const rules::Rule& rule,
                                                                                 const Event& event, Match& m) const {
  for (const EventType type : rule.needs_types) {
    const auto a = coverage.ask(type, event.facility, event.event_time, event.event_time);
    if (a.cover == timeline::Cover::pending) return std::pair(type, UnknownCause::pending);
    if (a.cover != timeline::Cover::covered) return std::pair(type, UnknownCause::no_coverage);
    m.knowable_at = std::max(m.knowable_at, a.known_at);
    m.evidence.push_back(
        search_of({type, event.event_time, event.event_time, event.facility, a.cover, a.known_at}, coverage));
  }
  return std::nullopt;
}

// A smallest set of facts on which the verdict still rests when all others it reads are taken as unknown; also of facts
// that are absent, as "none on record" is. Computed for matches only, which are rare.
std::vector<FieldId> Detection::State::needed_facts(std::size_t index, const rules::Verdict& verdict,
                                                    const Event& event) {
  std::vector<FieldId> needed;
  const std::vector<FieldId>& reads = pack.rules()[index].reads;
  if (!any_fact(reads)) return needed;
  Record probe = facts.values;
  for (const FieldId fact : reads) {
    if (!info(fact).is_fact) continue;
    Record without = probe;
    without.remove(fact);
    without.add_unknown(fact, UnknownCause::no_coverage);
    bool still = false;
    const auto only = static_cast<std::uint32_t>(index);
    pack.evaluate({&event, &without}, {&only, 1}, [&](std::size_t, const rules::Verdict& v) {
      still |= v.truth == verdict.truth && v.provisional == verdict.provisional;
    });
    if (still)
      probe = std::move(without);
    else
      needed.push_back(fact);
  }
  return needed;
}

void Detection::State::settle_verdict(std::size_t index, const rules::Verdict& verdict, Standing& standing) {
  const rules::Rule& rule = pack.rules()[index];
  const EventPtr& event = standing.event;
  const bool is_joined = correlator.joins(index);
  const auto leave_open = [&](UnknownCause cause, std::optional<EventType> missing) {
    standing.open.push_back({index, cause, missing});
  };
  if (verdict.truth == Truth::unknown) {
    if (is_joined) joined.push_back({index, verdict});
    return leave_open(verdict.cause, missing_of(verdict, facts));
  }
  if (rule.is_part && !correlator.rests_on_facts(index)) {
    joined.push_back({index, verdict, event->received_at});
    if (verdict.provisional) leave_open(verdict.cause, missing_of(verdict, facts));
    return;
  }
  // It stands for as long as the event does, whatever is judged again: no standing has it (remove_told_alone).
  if (told_alone[index] && !verdict.provisional && event->time_error_s == 0) {
    if (is_joined) joined.push_back({index, verdict, event->received_at});
    if (!enter(rule, event, event)) ++account.ungrouped;
    return;
  }
  Match m = make_match(rule, verdict, needed_facts(index, verdict, *event), event, facts, coverage);
  m.surest = timelines.surest_report(event);
  m.exception = pack.exception(index, {event.get(), &facts.values});
  if (m.surest != event) m.evidence.push_back({m.surest, {}, {}, {}, {}});
  standing.searched |= set_of(rule.needs_types);
  if (const auto missing = missing_type(rule, *event, m)) {
    if (is_joined) joined.push_back({index, {Truth::unknown, false, missing->second, {}}});
    return leave_open(missing->second, missing->first);
  }
  if (is_joined) joined.push_back({index, verdict, m.knowable_at});
  if (rule.is_part) {
    if (verdict.provisional) leave_open(verdict.cause, missing_of(verdict, facts));
    return;
  }
  const bool awaits = cites_pending(m);
  auto group = enter(rule, event, std::move(m));
  if (!group) return ++account.ungrouped, void();
  standing.matches.emplace_back(index, std::move(*group));
  if (verdict.provisional) leave_open(verdict.cause, missing_of(verdict, facts));
  standing.cites_pending |= awaits;
}

// Into the book, under the group that is returned; none where the event states none, and cannot be told apart.
template <typename M>
std::optional<std::string> Detection::State::enter(const rules::Rule& rule, const EventPtr& event, M match) {
  std::string group = group_of(rule, *event, facts);
  if (group.empty()) return std::nullopt;
  book.set(rule, group, std::move(match));
  return group;
}

// An alert of a correlation tells of the event what its joined rules rest on.
void Detection::State::correlate(const EventPtr& event, Standing& standing) {
  std::vector<FieldId> needed;
  for (const JoinedVerdict& j : joined)
    if (j.verdict.truth == Truth::yes)
      for (const FieldId f : needed_facts(j.rule, j.verdict, *event)) needed.push_back(f);
  correlator.take(event, facts, joined, [&](const rules::Rule& rule, const EventPtr&) {
    std::vector<FieldId> read;
    for (const FieldId f : needed)
      if (contains(rule.reads, f)) read.push_back(f);
    Match m = make_match(rule, {}, read, event, facts, coverage);
    m.surest = timelines.surest_report(event);
    standing.cites_pending |= cites_pending(m);
    m.exception = pack.exception(static_cast<std::size_t>(&rule - pack.rules().data()), {event.get(), &facts.values});
    return m;
  });
  joined.clear();
}

bool Detection::State::judge(const EventPtr& event) {
  if (!is_judged(*event)) return false;
  timelines.facts(event, coverage, facts);
  verdicts.clear();
  pack.evaluate({event.get(), &facts.values},
                [&](std::size_t index, const rules::Verdict& verdict) {
                  if (!permission.is_off(index, event->event_time)) verdicts.emplace_back(index, verdict);
                });
  // In sorted input the event is the latest: nothing can be known of it yet.
  const bool is_new = standings.empty() || standings.rbegin()->first < place(*event);
  conclude(event, is_new ? standings.end() : standings.find(place(*event)));
  return true;
}

const timeline::Timelines::Questions& Detection::State::questions_of(std::size_t rule, EventType type) {
  auto& of_type = asked_for[static_cast<std::size_t>(type)];
  if (of_type.empty()) of_type.resize(pack.rules().size());
  auto& questions = of_type[rule];
  if (!questions)
    questions = timelines.telling(type, [&](FieldId fact) { return tells_of(pack.rules()[rule], fact); });
  return *questions;
}

// What it says depends on no other rule, and on nothing but the facts that it tells of.
bool Detection::State::is_apart(std::size_t rule) const {
  return !pack.rules()[rule].is_part && !correlator.joins(rule) && pack.rules()[rule].exceptions.empty();
}

// Only the rules that matched or did not know, and only the facts that they tell of: most of what waits for coverage
// waits for the answer of one rule among dozens.
bool Detection::State::judge_open(const EventPtr& event) {
  const auto at = standings.find(place(*event));
  if (at == standings.end() || at->second.is_joined || correlator.knows(place(*event))) return judge(event);
  undecided.clear();
  for (const auto& [rule, group] : at->second.matches) undecided.push_back(static_cast<std::uint32_t>(rule));
  for (const Open& open : at->second.open) undecided.push_back(static_cast<std::uint32_t>(open.rule));
  std::sort(undecided.begin(), undecided.end());
  undecided.erase(std::unique(undecided.begin(), undecided.end()), undecided.end());
  if (!std::all_of(undecided.begin(), undecided.end(), [&](std::size_t rule) { return is_apart(rule); }))
    return judge(event);
  timeline::Timelines::Questions which;
  for (const std::size_t rule : undecided) which |= questions_of(rule, event->type);
  timelines.facts(event, coverage, which, facts);
  verdicts.clear();
  pack.evaluate({event.get(), &facts.values}, undecided, [&](std::size_t index, const rules::Verdict& verdict) {
    verdicts.emplace_back(index, verdict);
  });
  conclude(event, at);
  return true;
}

// From the verdicts and the facts behind them; `old` is what the judgement before left of the event, if anything.
void Detection::State::conclude(const EventPtr& event, std::map<Place, Standing>::iterator old) {
  Standing now_standing;  // most events leave nothing behind
  if (!verdicts.empty()) now_standing = standing_of(event, facts);
  for (const auto& [index, verdict] : verdicts) settle_verdict(index, verdict, now_standing);
  const bool is_kept = std::any_of(joined.begin(), joined.end(),
                                   [&](const JoinedVerdict& j) { return correlator.rests_on_facts(j.rule); });
  now_standing.is_joined = !joined.empty();
  if (!joined.empty() || correlator.knows(place(*event))) correlate(event, now_standing);
  if (old != standings.end())
    for (const auto& [index, group] : old->second.matches)
      if (std::find(now_standing.matches.begin(), now_standing.matches.end(), std::pair(index, group)) ==
          now_standing.matches.end())
        book.remove(pack.rules()[index], group, place(*event));
  if (old != standings.end()) drop(old);
  if (!now_standing.matches.empty() || !now_standing.open.empty() || now_standing.cites_pending || is_kept)
    keep(std::move(now_standing));
}

void Detection::State::keep(Standing standing) {
  const Place p = place(*standing.event);
  for (const Timestamp end : standing.search_ends)
    if (end != p.time) other_ends.emplace(end, p);
  if (standing.waits()) waiting.insert(waiting.end(), p);
  for (const Open& open : standing.open) ++open_now[open.rule][static_cast<std::size_t>(open.cause)];
  standings.emplace_hint(standings.end(), p, std::move(standing));
}

std::map<Place, Standing>::iterator Detection::State::drop(std::map<Place, Standing>::iterator at) {
  const auto& [p, standing] = *at;
  for (const Timestamp end : standing.search_ends)
    if (end != p.time) other_ends.erase({end, p});
  waiting.erase(p);
  for (const Open& open : standing.open) --open_now[open.rule][static_cast<std::size_t>(open.cause)];
  return standings.erase(at);
}

void Detection::State::rejudge(std::vector<EventPtr> events, Again again) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    // What was corrected away may still be known as a reader of another subject.
    if (again == Again::all && !timelines.holds(*events[i])) continue;
    if (i < limits::kReevaluationsPerEntry)
      account.reevaluations += judge_again(events[i], again);
    else
      queue(events[i], again);
  }
}

void Detection::State::queue(const EventPtr& event, Again again) {
  const auto [at, is_new] = queued.try_emplace(place(*event), Queued{event, again});
  if (!is_new && again == Again::all) at->second.again = again;
}

void Detection::State::refuse(const EventPtr& event) {
  ++account.too_late;
  const auto words = keyed.find(event->natural_key);
  if (words == keyed.end()) return;
  const auto word = said_from(words->second, *event);
  if (word != words->second.end() && word->event->id == event->id) word->is_too_late = true;
}

// One entry's worth, going round: what is put back at every tick must not keep the rest waiting for ever.
void Detection::State::rejudge_queued() {
  std::vector<Queued> batch;
  while (!queued.empty() && batch.size() < limits::kReevaluationsPerEntry) {
    auto at = queued.upper_bound(last_queued);
    if (at == queued.end()) at = queued.begin();
    last_queued = at->first;
    batch.push_back(std::move(at->second));
    queued.erase(at);
  }
  // What was corrected away may have waited here.
  for (const auto& [event, again] : batch)
    if (timelines.holds(*event)) account.reevaluations += judge_again(event, again);
}

void Detection::State::count(const Event& event, std::int64_t change) {
  const auto by = static_cast<std::uint64_t>(change);  // modulo 2^64: -1 takes one away
  if (!is_judged(event)) return account.no_rule += by, void();
  account.evaluated += by;
  evaluated[static_cast<std::size_t>(event.type)] += by;
  permission.count(event, change);
}

void Detection::State::insert(const EventPtr& event) {
  if (!timeline::contains(kept_types, event->type)) return count(*event, +1);
  timeline::Inserted inserted = timelines.insert(event);
  if (inserted.duplicate) return ++account.duplicates, void();
  if (inserted.too_late)
    refuse(event);
  else
    judge(event), count(*event, +1);
  // What is too late for one subject may have found its place with another.
  rejudge(std::move(inserted.affected), Again::all);
}

// What the event alone tells, the rules say of it once more.
void Detection::State::remove_told_alone(const EventPtr& event) {
  if (!is_judged(*event) || !told_alone_types.test(static_cast<std::size_t>(event->type))) return;
  facts.clear();
  pack.evaluate({event.get(), nullptr}, [&](std::size_t index, const rules::Verdict& verdict) {
    const rules::Rule& rule = pack.rules()[index];
    if (told_alone[index] && verdict.truth == Truth::yes)
      book.remove(rule, group_of(rule, *event, facts), place(*event));
  });
}

// A word taken back. The account moves it to `superseded`, so that every event taken is counted once.
void Detection::State::remove(const Word& word) {
  const EventPtr& event = word.event;
  if (!word.is_too_late) {
    count(*event, -1);
    ++account.superseded;
  }
  if (!timeline::contains(kept_types, event->type)) return;
  if (const auto old = standings.find(place(*event)); old != standings.end()) {
    for (const auto& [index, group] : old->second.matches) book.remove(pack.rules()[index], group, place(*event));
    drop(old);
  }
  remove_told_alone(event);
  correlator.remove(place(*event));
  rejudge(timelines.remove(event).affected, Again::all);
}

// A correction or void takes back what the feed said before it of one happening. The result depends on the set of words
// only, so a correction may arrive before what it corrects. What is taken back is not kept: no later word revives it,
// and each word is looked at once, however many there are.
bool Detection::State::take_keyed(const EventPtr& event) {
  Words& words = keyed[event->natural_key];
  auto at = said_from(words, *event);
  if (at != words.end() && at->event->id == event->id) return ++account.duplicates, true;
  if (at == words.begin() && at != words.end() && at->event->op != Op::assert_) return ++account.superseded, true;
  if (event->op != Op::assert_) {
    for (auto old = words.begin(); old != at; ++old)
      if (old->event->op != Op::void_) remove(*old);
    at = words.erase(words.begin(), at);
  }
  words.insert(at, Word{event});
  return event->op == Op::void_ ? (++account.superseded, true) : false;
}

void Detection::State::advance(Timestamp at) {
  now = std::max(now, at);
  if (now < next_forget) return;
  next_forget = now + kForgetEvery;
  const Timestamp horizon = now - limits::kSubjectHistorySpan;
  timelines.forget_before(horizon);
  const auto kept = standings.lower_bound({horizon, {}});
  for (auto it = standings.begin(); it != kept; it = drop(it))
    for (const Open& open : it->second.open) {
      ++forgotten_open[{open.rule, open.cause}];
      account.blind_dropped += add_blind(forgotten_hours, hour_of_question(*it->second.event, open), 1);
    }
  correlator.forget_before(horizon);
  for (auto it = keyed.begin(); it != keyed.end();) {
    const auto here = it++;
    const Event& last = *here->second.back().event;
    if (last.event_time < horizon && last.reported_at < horizon) keyed.erase(here);
  }
}

void Detection::expect(std::span<const EventPtr> events) const {
  const State& s = *state_;
  for (const EventPtr& e : events)
    if (!e->natural_key.is_zero())
      if (const auto words = s.keyed.find(e->natural_key); words != s.keyed.end()) __builtin_prefetch(&words->second);
  s.timelines.expect(events, s.kept_types);
}

void Detection::begin_sorted() {
  State& s = *state_;
  s.kept_types = s.timelines.rested_on();
  for (std::size_t i = 0; i < kEventTypeCount; ++i)
    if (s.pack.wants(static_cast<EventType>(i))) s.kept_types.set(i);
}

bool Detection::keeps(EventType type) const {
  return timeline::contains(state_->kept_types, type);
}

void Detection::take(const EventPtr& event) {
  State& s = *state_;
  ++s.account.taken;
  if (!event->natural_key.is_zero() && s.take_keyed(event)) return s.correlator.settle();
  if (event->op == Op::void_) return ++s.account.superseded, void();
  s.insert(event);
  s.correlator.settle();
}

// Words older than what is kept are not among `keyed` any more: nothing takes them back either.
bool Detection::stands(const EventPtr& event) const {
  if (event->op == Op::void_) return false;
  const auto words = state_->keyed.find(event->natural_key);
  if (words == state_->keyed.end()) return true;
  const auto word = said_from(words->second, *event);
  return word != words->second.end() && word->event->id == event->id;
}

// Matches as well as open questions: a feed met for the first time adds to what an alert searched, or leaves open what
// seemed settled without it.
void Detection::State::add_standing(const Changed& changed, std::vector<EventPtr>& out) const {
  const Timestamp from = changed.from, until = changed.until;
  const auto add = [&](const Standing& s) {
    if ((s.searched & changed.types).any()) out.push_back(s.event);
  };
  if (changed.change == Change::grown) {
    for (auto it = standings.lower_bound({from, {}}); it != standings.end() && it->first.time <= until; ++it)
      add(it->second);
    for (auto it = other_ends.lower_bound({from, {Timestamp::min(), {}}}); it != other_ends.end() && it->first <= until;
         ++it)
      add(standings.at(it->second));
    return;
  }
  // A search reaches at most a history span before its event.
  const Timestamp first = from == Timestamp::min() ? from : from - timeline::kSearchAhead;
  const Timestamp last = until == Timestamp::max() ? until : until + limits::kSubjectHistorySpan;
  for (auto it = standings.lower_bound({first, {}}); it != standings.end() && it->first.time <= last; ++it)
    if (it->second.asks_within(from, until)) add(it->second);
}

// Where nobody answered for a type, an absence was concluded from its alternatives alone ("not discharged, so not
// inside"). The first to answer for it opens that again, for events without a match or question too.
void Detection::State::rejudge_all() {
  std::vector<EventPtr> events = timelines.events();
  std::erase_if(events, [&](const EventPtr& e) { return !is_judged(*e); });
  rejudge(std::move(events), Again::all);
}

// What several changes concern is judged again once.
void Detection::State::changed_coverage(std::span<const Changed> changes) {
  account.coverage_refused = coverage.refused();
  const auto is_opened = [](const Changed& c) { return c.change == Change::opened; };
  if (std::any_of(changes.begin(), changes.end(), is_opened)) {
    rejudge_all();
    correlator.cover(Timestamp::min(), Timestamp::max());
  } else {
    std::vector<EventPtr> events;
    for (const Changed& c : changes)
      if (c.change != Change::none) add_standing(c, events);
    std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return place(*a) < place(*b); });
    events.erase(std::unique(events.begin(), events.end()), events.end());
    rejudge(std::move(events), Again::open);
    for (const Changed& c : changes) {
      if (c.change == Change::grown) correlator.cover_grew(c.from, c.until);
      if (c.change == Change::within) correlator.cover(c.from, c.until);
    }
  }
  correlator.settle();
}

void Detection::take(std::span<const CoverageStatement> statements) {
  std::vector<Changed> changes;
  for (const CoverageStatement& s : statements)
    changes.push_back({state_->coverage.add(s), s.from, s.until, set_of(s.types)});
  state_->changed_coverage(changes);
}

void Detection::take(const CoverageStatement& statement) {
  take(std::span(&statement, 1));
}

void Detection::take(const FeedExpectation& expectation) {
  const Changed changed{state_->coverage.expect(expectation), Timestamp::min(), Timestamp::max(),
                        set_of(expectation.types)};
  state_->changed_coverage({&changed, 1});
}

void Detection::advance(Timestamp at) {
  state_->advance(at);
}

void Detection::tick(Timestamp at) {
  State& s = *state_;
  // Only a clock that moved can end a wait.
  if (at <= s.ticked) return s.rejudge_queued(), s.correlator.settle();
  s.coverage.tick(s.ticked = at);
  for (const Place& p : s.waiting) s.queue(s.standings.at(p).event, Again::open);
  s.rejudge_queued();
  s.correlator.tick();
  s.correlator.settle();
}

std::size_t Detection::waiting() const {
  return state_->queued.size() + state_->correlator.waiting();
}

std::vector<Alert> Detection::standing() const {
  return state_->book.standing();
}
const DetectionAccount& Detection::account() const {
  state_->account.ungrouped_hits = state_->correlator.ungrouped();
  state_->account.dropped_hits = state_->correlator.dropped();
  return state_->account;
}
const rules::Pack& Detection::pack() const {
  return state_->pack;
}
const timeline::Timelines& Detection::timelines() const {
  return state_->timelines;
}
const timeline::Coverage& Detection::coverage() const {
  return state_->coverage;
}
void Detection::facts(const EventPtr& event, Facts& out) {
  state_->timelines.all_facts(event, state_->coverage, out);
}

std::vector<NotEvaluated> Detection::counted_not_evaluated() const {
  const State& s = *state_;
  OpenCounts counts = s.forgotten_open;
  for (std::size_t rule = 0; rule < s.open_now.size(); ++rule)
    for (std::size_t cause = 0; cause < kUnknownCauseCount; ++cause)
      if (const std::uint64_t n = s.open_now[rule][cause]; n > 0) counts[{rule, static_cast<UnknownCause>(cause)}] += n;
  // What a part left open is asked by the correlation that joins it.
  std::erase_if(counts, [&](const auto& open) { return s.pack.rules()[open.first.first].is_part; });
  s.correlator.add_open(counts, nullptr);
  std::vector<NotEvaluated> out;
  for (const auto& [key, n] : counts) out.push_back({&s.pack.rules()[key.first], key.second, n, {}});
  return out;
}

std::vector<NotEvaluated> Detection::not_evaluated() const {
  OpenFirst first;
  for (const auto& [p, standing] : state_->standings)
    for (const Open& open : standing.open) first.try_emplace({open.rule, open.cause}, standing.event);
  OpenCounts counted;
  state_->correlator.add_open(counted, &first);
  std::vector<NotEvaluated> out = counted_not_evaluated();
  for (NotEvaluated& row : out)
    row.first = first[{static_cast<std::size_t>(row.rule - state_->pack.rules().data()), row.cause}];
  return out;
}

BlindHours Detection::blind_hours() const {
  BlindHours hours = state_->forgotten_hours;
  for (const auto& [p, standing] : state_->standings)
    for (const Open& open : standing.open) ++hours[hour_of_question(*standing.event, open)];
  return hours;
}

std::vector<std::uint64_t> Detection::off() const {
  return state_->permission.off();
}

std::vector<std::uint64_t> Detection::asked() const {
  std::vector<std::uint64_t> out;
  for (const rules::Rule& rule : state_->pack.rules()) {
    std::uint64_t& n = out.emplace_back(0);
    if (!rule.is_port) continue;
    for (const EventType type : rule.types) n += state_->evaluated[static_cast<std::size_t>(type)];
    if (rule.types.empty()) n = state_->account.evaluated;
  }
  return out;
}

}  // namespace quaywatch::pipeline
