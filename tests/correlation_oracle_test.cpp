// Correlations against the oracle: small random streams of three boxes on a coarse grid, so that ties, clock errors,
// corrections, silent feeds and open facts meet at the edges of windows, delivered in any order and more than once.
// What stands and what stays open must be what the oracle reads from the sorted list, and the whole text of the
// alerts must be the same in another order of arrival.
#include "tests/correlation_oracle.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <tuple>
#include <variant>

#include "pipeline/detection.h"
#include "pipeline/give.h"
#include "pipeline/field_value.h"
#include "tests/standing_text.h"

namespace quaywatch {
namespace {

constexpr unsigned kStreams = 2'000;
constexpr std::uint32_t kGrid = 30;                    // instants of the stream, ten minutes apart
constexpr Timestamp kStart = {1'773'216'000'000'000};  // 2026-03-11T08:00:00Z

using Entry = std::variant<EventPtr, CoverageStatement, FeedExpectation, Timestamp>;

// --- the rules
// --------------------------------------------------------------------------------------------------------

std::string part(std::string_view name, std::string_view detection, std::string_view block = "") {
  return fmt::format(
      "title: {0}\nname: {0}\nlogsource: {{product: port, category: container}}\ndetection:\n{1}{2}---\n", name,
      detection, block);
}

struct Joined {
  const char* section;  // of the correlation
  const char* block = "";
  const char* name = "";  // of a part
};

std::string correlation(const Joined& j, std::size_t n) {
  const std::string head = fmt::format("title: C{:02} {}\nid: 00000000-0000-4000-8000-0000000000{:02}\n", n, j.name, n);
  const std::string section = fmt::format("correlation: {{{}}}\n", j.section);
  if (*j.name) return fmt::format("{}name: {}\n{}---\n", head, j.name, section);
  return fmt::format("{}level: low\nfalsepositives: [none]\n{}quaywatch: {{direction: [inbound]{}}}\n---\n", head,
                     section, j.block);
}

const Joined kJoined[] = {
    {"type: event_count, rules: [in, stray], group-by: [container.number], timespan: 60m, condition: {gte: 3}"},
    {"type: event_count, rules: [loose], group-by: [container.number], timespan: 40m, condition: {gt: 1}"},
    {"type: event_count, rules: [in], group-by: [container.number], timespan: 50m, condition: {lt: 3}"},
    {"type: event_count, rules: [in, out], group-by: [container.number, event.facility], timespan: 30m, "
     "condition: {eq: 2}"},
    {"type: event_count, rules: [loose, out], group-by: [container.number], timespan: 30m, condition: {neq: 2}"},
    {"type: event_count, rules: [in, stray], group-by: [location.to], timespan: 60m, condition: {gt: 1, lte: 3}"},
    {"type: value_count, rules: [in, out], group-by: [container.number], timespan: 60m, "
     "condition: {field: location.to, gte: 2}"},
    {"type: value_count, rules: [in], group-by: [container.number], timespan: 2h, "
     "condition: {field: [location.to, event.facility], eq: 2}"},
    {"type: value_count, rules: [in], group-by: [container.number], timespan: 2h, "
     "condition: {field: release.holder, gte: 2}"},
    {"type: value_sum, rules: [in, stray], group-by: [container.number], timespan: 60m, "
     "condition: {field: container.weight_kg, gt: 45000}"},
    {"type: value_sum, rules: [in, loose], group-by: [container.number], timespan: 60m, "
     "condition: {field: container.weight_kg, lte: 30000}"},
    {"type: value_avg, rules: [in, stray], group-by: [container.number], timespan: 60m, "
     "condition: {field: container.weight_kg, gte: 20000}"},
    {"type: temporal, rules: [in, out, stray], group-by: [container.number], timespan: 50m"},
    {"type: temporal, rules: [in, out, loose], group-by: [container.number], timespan: 40m, condition: {gte: 2}"},
    {"type: temporal, rules: [in, out, stray], group-by: [container.number], timespan: 40m, condition: {lt: 2}"},
    {"type: temporal, rules: [in, out], group-by: [container.number], timespan: 20m, condition: in and not out"},
    {"type: temporal, rules: [in, loose, out], group-by: [container.number], timespan: 20m, "
     "condition: (in or loose) and not out",
     ", exonerates: [out]"},
    {"type: temporal_ordered, rules: [in, out], group-by: [container.number], timespan: 40m"},
    {"type: temporal_ordered, rules: [in, loose, out], group-by: [container.number], timespan: 90m"},
    {"type: temporal_ordered, rules: [in, out], group-by: [container.number], timespan: 30m, "
     "condition: in and not out"},
    {"type: temporal_ordered, rules: [out, in], group-by: [container.number], timespan: 30m, "
     "condition: not out and in",
     ", exonerates: [out]"},
    {"type: temporal_ordered, rules: [stray, in, out], group-by: [container.number], timespan: 30m, "
     "condition: in and not stray and not out"},
    {"type: event_count, rules: [in], group-by: [container.number], timespan: 40m, condition: {gte: 2}", "", "twice"},
    {"type: temporal_ordered, rules: [twice, out], group-by: [event.facility], timespan: 40m"},
    {"type: temporal_ordered, rules: [out, twice], group-by: [container.number], timespan: 30m, "
     "condition: out and not twice"},
    {"type: temporal, rules: [in, out], group-by: [container.number], timespan: 20m, condition: in and not out", "",
     "stays"},
    {"type: event_count, rules: [stays, loose], group-by: [container.number], timespan: 60m, condition: {gte: 2}"},
    {"type: temporal, rules: [in, out], group-by: [place], timespan: 40m, "
     "aliases: {place: {in: location.to, out: location.from}}"},
    {"type: event_count, rules: [in, out], group-by: [container.number], timespan: 40m, condition: {gte: 2}",
     ", requires: [order.issued]"},
};

rules::Pack pack() {
  const char* const kMoved = "  s: {event.type: container.moved}\n";
  std::string text =
      part("in", "  s: {event.type: container.gate_in}\n  condition: s\n") +
      part("out", "  s: {event.type: container.gate_out}\n  condition: s\n") +
      part("stray", std::string(kMoved) + "  o: {move.ordered: false}\n  condition: s and o\n") +
      part("loose", std::string(kMoved) + "  o: {move.ordered: true}\n  condition: s and not o\n",
           "quaywatch: {exonerates: [o]}\n");
  for (std::size_t n = 0; n < std::size(kJoined); ++n) text += correlation(kJoined[n], n);
  auto loaded = rules::Pack::load({{"joined.yml", text}});
  for (const auto& r : loaded.refused) ADD_FAILURE() << r.rule << ":" << r.line << ": " << r.reason;
  return std::move(loaded.pack);
}

// --- the streams
// ------------------------------------------------------------------------------------------------------

class Stream {
 public:
  explicit Stream(unsigned seed) : random_(seed) {
    const std::uint32_t n = 5 + pick(20);
    for (std::uint32_t i = 0; i < n; ++i) tell();
    for (std::uint32_t i = pick(7); i > 0; --i) cover();
    for (std::uint32_t i = pick(3); i > 0; --i) expect();
    for (const EventPtr& w : words) entries.emplace_back(w);
    for (const EventPtr& w : words)
      if (one_in(5)) entries.emplace_back(EventPtr(new Event(*w)));
    for (const auto& s : coverage) entries.emplace_back(s);
    for (const auto& e : expected) entries.emplace_back(e);
    for (std::uint32_t i = pick(4); i > 0; --i) entries.emplace_back(kStart + minutes(10 * pick(kGrid + 20)));
    now = kStart + minutes(10 * (kGrid / 2 + pick(kGrid)));
    shuffle();
  }
  void shuffle() { std::shuffle(entries.begin(), entries.end(), random_); }

  std::vector<EventPtr> words;
  std::vector<CoverageStatement> coverage;
  std::vector<FeedExpectation> expected;
  std::vector<Entry> entries;  // as they arrive
  Timestamp now;               // the last tick; earlier ones may lie behind it

 private:
  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  bool one_in(std::uint32_t n) { return pick(n) == 0; }
  const char* any(std::initializer_list<const char*> of) {
    return of.begin()[pick(static_cast<std::uint32_t>(of.size()))];
  }

  boost::intrusive_ptr<Event> event() {
    using enum EventType;
    static constexpr EventType kTypes[] = {container_gate_in,  container_gate_in, container_gate_in, container_gate_out,
                                           container_gate_out, container_moved,   container_moved,   order_issued,
                                           release_issued};
    boost::intrusive_ptr<Event> e(new Event);
    e->type = kTypes[pick(std::size(kTypes))];
    e->feed = any({"gate-a", "gate-b"});
    e->facility = one_in(4) ? "ZZQAY/T2" : "ZZQAY/T1";
    if (one_in(15)) e->classifier = Classifier::planned;
    e->event_time = kStart + minutes(10 * pick(kGrid));
    if (one_in(5)) e->time_error_s = 300 * (1 + pick(4));
    e->reported_at = e->event_time + minutes(pick(30));
    e->received_at = e->reported_at;
    if (!one_in(12)) e->fields.add_text(FieldId::container_number, any({"QAXU0000018", "QAXU0000023"}));
    if (!one_in(4)) e->fields.add_text(FieldId::location_to, any({"A1", "B2", "C3"}));
    if (one_in(6)) e->fields.add_text(FieldId::location_to, "D4");
    if (!one_in(3)) e->fields.add_text(FieldId::location_from, any({"A1", "B2"}));
    if (!one_in(3)) e->fields.add_decimal(FieldId::container_weight_kg, kDecimalOne * (5'000 * pick(7) - 5'000));
    if (one_in(8)) e->fields.add_decimal(FieldId::container_weight_kg, 12'345'500'000);
    if (e->type == release_issued || one_in(3)) e->fields.add_text(FieldId::release_ref, any({"R-1", "R-2"}));
    if (e->type == release_issued) e->fields.add_text(FieldId::release_holder_named, any({"HT-XAAA", "HT-XBBB"}));
    if (e->type == container_gate_in) e->fields.add_text(FieldId::party_code, "HT-XAAA");
    if (e->type == order_issued) e->fields.add_text(FieldId::order_ref, any({"W-1", "W-2"}));
    return e;
  }

  // A happening, and what its feed says of it over time.
  void tell() {
    boost::intrusive_ptr<Event> e = event();
    if (one_in(3)) e->natural_key = make_natural_key(e->feed, fmt::format("{}", pick(6)));
    seal_event_id(*e, 0);
    words.push_back(e);
    if (e->natural_key.is_zero() || !one_in(2)) return;
    boost::intrusive_ptr<Event> later = one_in(2) ? event() : boost::intrusive_ptr<Event>(new Event(*e));
    later->op = one_in(2) ? Op::void_ : Op::correct;
    later->feed = e->feed;
    later->natural_key = e->natural_key;
    later->reported_at = e->reported_at + minutes(pick(3));
    seal_event_id(*later, 0);
    words.push_back(later);
  }

  std::vector<EventType> types() {
    using enum EventType;
    static const std::vector<EventType> kFamilies[] = {{container_gate_in, container_gate_out},
                                                       {container_gate_out},
                                                       {container_gate_in, container_gate_out, container_moved},
                                                       {container_moved, order_issued},
                                                       {order_issued}};
    return kFamilies[pick(std::size(kFamilies))];
  }
  void cover() {
    CoverageStatement s;
    s.feed = any({"gate-a", "gate-b"});
    s.facility = one_in(2) ? "" : one_in(4) ? "ZZQAY/T2" : "ZZQAY/T1";
    s.types = types();
    s.from = one_in(2) ? kStart - days(2) : kStart + minutes(10 * pick(kGrid));
    s.until = s.from + (one_in(2) ? days(3) : minutes(10 * pick(kGrid)));
    s.stated_at = s.until;
    coverage.push_back(s);
  }
  void expect() {
    FeedExpectation e;
    e.feed = any({"gate-a", "gate-b"});
    e.facility = one_in(2) ? "" : "ZZQAY/T1";
    e.types = types();
    e.lateness = minutes(5 + 60 * pick(3));
    e.stated_at = kStart + minutes(pick(3));
    expected.push_back(e);
  }

  std::mt19937 random_;
};

// --- the comparison
// ---------------------------------------------------------------------------------------------------

// "correct and void act on every event of the same feed with this key": on those said before them.
std::vector<EventPtr> in_the_end(std::vector<EventPtr> words) {
  const auto by_place = [](const EventPtr& a, const EventPtr& b) { return place(*a) < place(*b); };
  std::sort(words.begin(), words.end(), by_place);
  words.erase(std::unique(words.begin(), words.end(), [](auto& a, auto& b) { return a->id == b->id; }), words.end());
  const auto said = [](const Event& e) { return std::tie(e.reported_at, e.op, e.id); };
  std::vector<EventPtr> out;
  for (const EventPtr& w : words) {
    const bool taken_back = std::any_of(words.begin(), words.end(), [&](const EventPtr& other) {
      return !w->natural_key.is_zero() && other->natural_key == w->natural_key && other->op != Op::assert_ &&
             said(*w) < said(*other);
    });
    if (!taken_back && w->op != Op::void_ && w->classifier == Classifier::actual) out.push_back(w);
  }
  return out;
}

// DESIGN 6a: "128 bits of SHA-256(rule id, group, event_id of the episode's first event)".
std::string alert_id(const rules::Rule& rule, const std::string& group, const EventId& first) {
  Sha256 h;
  h.update_u64(rule.id.size()).update(rule.id).update_u64(group.size()).update(group);
  h.update_u64(first.high).update_u64(first.low);
  return Id128::from(h.finish()).hex();
}

using Lines = std::set<std::string>;

std::string line(const std::string& title, const std::string& id, std::size_t matches, Timestamp last, bool is_final) {
  return fmt::format("{} alert {} matches {} last {} {}", title, id.substr(0, 8), matches, format_rfc3339(last),
                     is_final ? "final" : "provisional");
}
std::string open_line(const std::string& title, std::uint64_t n) {
  return fmt::format("{} open on {}", title, n);
}

struct Replay {
  pipeline::Detection detection{pack(), [](const pipeline::Alert&) {}};

  explicit Replay(const Stream& stream) {
    for (const Entry& entry : stream.entries) std::visit(pipeline::Give{detection}, entry);
    detection.tick(now(stream));
  }
  static Timestamp now(const Stream& stream) {
    Timestamp last = stream.now;
    for (const Entry& entry : stream.entries)
      if (const auto* at = std::get_if<Timestamp>(&entry)) last = std::max(last, *at);
    return last;
  }

  Lines lines() const {
    Lines out;
    for (const auto& a : detection.standing())
      out.insert(line(a.rule->title, a.id.hex(), a.matches, a.last_event_time,
                      a.status == pipeline::AlertStatus::final));
    std::map<std::string, std::uint64_t> open;
    for (const auto& n : detection.not_evaluated()) open[n.rule->title] += n.events;
    for (const auto& [title, n] : open) out.insert(open_line(title, n));
    return out;
  }
  std::string whole() const {
    std::string out;
    for (const auto& a : detection.standing()) out += tests::text_of(a);
    for (const auto& n : detection.not_evaluated()) out += tests::text_of(n);
    return out;
  }
};

// What the oracle says stands and stays open.
Lines expected_lines(const Stream& stream, Replay& replay, std::map<std::string, unsigned>& seen) {
  static rules::Pack base = pack();
  timeline::Facts facts;
  const std::vector<EventPtr> events = in_the_end(stream.words);
  std::map<EventId, std::map<std::size_t, tests::Said>> said;
  std::map<EventId, std::map<FieldId, std::vector<std::string>>> values;
  for (const EventPtr& e : events) {
    replay.detection.facts(e, facts);
    base.evaluate({e.get(), &facts.values}, [&](std::size_t rule, const rules::Verdict& v) {
      said[e->id][rule] = {v.truth, v.provisional};
    });
    for (const FieldId f : {FieldId::container_number, FieldId::event_facility, FieldId::location_to,
                            FieldId::location_from, FieldId::container_weight_kg, FieldId::release_holder})
      pipeline::each_value(*e, facts, f, [&](const Value& v) {
        values[e->id][f].push_back(v.is_unknown() ? "?" : to_text(v));
      });
  }
  const tests::CorrelationOracle oracle(
      base, events, stream.coverage, stream.expected, Replay::now(stream),
      [&](std::size_t rule, const EventPtr& e) { return said[e->id][rule]; },
      [&](const EventPtr& e, FieldId f) { return values[e->id][f]; });
  Lines out;
  for (const auto& c : base.correlations()) {
    const rules::Rule& rule = base.rules()[c.rule];
    if (rule.is_part) continue;
    std::map<std::string, std::vector<std::pair<EventPtr, bool>>> matches;
    std::uint64_t open = 0;
    for (const EventPtr& e : events) {
      bool is_open = false;
      for (const std::string& group : oracle.groups(c.rule, e)) {
        const tests::Said s = oracle.says(c.rule, group, e);
        is_open |= s.truth == Truth::unknown || s.provisional;
        if (s.truth == Truth::yes) matches[group].emplace_back(e, s.provisional);
        ++seen[rule.title + (s.truth == Truth::no        ? "no"
                             : s.truth == Truth::unknown ? "unknown"
                             : s.provisional             ? "provisional"
                                                         : "yes")];
      }
      open += is_open;
    }
    if (open > 0) out.insert(open_line(rule.title, open));
    for (const auto& [group, of_group] : matches)
      for (std::size_t i = 0; i < of_group.size();) {
        std::size_t n = i;
        bool is_final = false;
        do is_final |= !of_group[n++].second;
        while (n < of_group.size() && of_group[n].first->event_time - of_group[n - 1].first->event_time <= c.timespan);
        out.insert(line(rule.title, alert_id(rule, group, of_group[i].first->id), n - i,
                        of_group[n - 1].first->event_time, is_final));
        i = n;
      }
  }
  return out;
}

std::string text_of(const Event& e) {
  std::string out = fmt::format("  {} {} {} +-{} s, {} {}", info(e.type).name, e.id.hex().substr(0, 8),
                                format_rfc3339(e.event_time), e.time_error_s, e.feed, e.facility);
  e.fields.each([&](FieldId f, const Value& v) { out += fmt::format(", {} {}", info(f).name, to_text(v)); });
  return out + '\n';
}

std::string difference(const Lines& ours, const Lines& theirs) {
  std::string out;
  for (const std::string& l : ours)
    if (!theirs.contains(l)) out += "oracle only: " + l + "\n";
  for (const std::string& l : theirs)
    if (!ours.contains(l)) out += "engine only: " + l + "\n";
  return out;
}

TEST(CorrelationOracle, TheEngineSaysWhatTheDefinitionsSay) {
  std::map<std::string, unsigned> seen;
  unsigned failed = 0;
  for (unsigned seed = 1; seed <= kStreams; ++seed) {
    Stream stream(seed);
    Replay replay(stream);
    std::string found = difference(expected_lines(stream, replay, seen), replay.lines());
    const std::string as_it_came = replay.whole();
    stream.shuffle();
    if (const std::string other = Replay(stream).whole(); other != as_it_came)
      found += "another order of arrival says\n" + other + "than\n" + as_it_came;
    if (found.empty()) continue;
    if (++failed > 3) continue;
    for (const EventPtr& e : in_the_end(stream.words)) found += text_of(*e);
    for (const auto& s : stream.coverage)
      found += fmt::format("  covered {} {} {} to {}\n", s.feed, s.facility, format_rfc3339(s.from),
                           format_rfc3339(s.until));
    ADD_FAILURE() << "seed " << seed << "\n" << found;
  }
  EXPECT_EQ(failed, 0u) << "streams differ";
  // Every correlation reaches a match, and those over open facts or coverage an open question.
  const auto loaded = pack();
  for (const auto& c : loaded.correlations()) {
    const rules::Rule& rule = loaded.rules()[c.rule];
    if (rule.is_part) continue;
    EXPECT_GE(seen[rule.title + "yes"], 40u) << rule.title;
    EXPECT_GE(seen[rule.title + "unknown"], (c.searched || c.at_close) && !c.exonerating ? 50u : 0u) << rule.title;
    EXPECT_GE(seen[rule.title + "provisional"], c.exonerating ? 50u : 0u) << rule.title;
  }
}

}  // namespace
}  // namespace quaywatch
