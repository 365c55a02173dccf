// The conformance suite of detectors: every vector of every folder below detectors/, run with that folder's rule alone.
// First what stands at the end (the .expected file beside the vector), then the properties of DESIGN sections 2 and 6a
// that must hold for any detector: same input, same revisions; any arrival order, any splitting, repeated delivery or
// unrelated events, same standing alerts.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "adapters/canonical/canonical.h"
#include "base/limits.h"
#include "codec/json_lines.h"
#include "io/files.h"
#include "pipeline/reproduce.h"
#include "tests/standing_text.h"

namespace quaywatch {
namespace {

constexpr std::size_t kVectorBytes = 64 * 1024;
constexpr unsigned kOrders = 20;  // permutations of each vector

// --- reading
// ----------------------------------------------------------------------------------------------------------

using Entry = std::variant<EventPtr, CoverageStatement, FeedExpectation, Timestamp>;

// What the input log of a server would hold: every line, in file order.
class Lines final : public adapter::Sink {
 public:
  std::vector<Entry> entries;
  std::vector<std::string> refused;

  void event(boost::intrusive_ptr<Event> e) override {
    seal_event_id(*e, 0);
    entries.emplace_back(EventPtr(std::move(e)));
  }
  void span(adapter::SpanReport s) override {
    if (s.kind == adapter::SpanKind::rejected) refused.push_back(fmt::format("offset {}: {}", s.offset, s.message));
  }
  void finding(adapter::Finding f) override { refused.push_back(f.message); }
  void coverage(CoverageStatement s) override { entries.emplace_back(std::move(s)); }
  void expectation(FeedExpectation e) override { entries.emplace_back(std::move(e)); }
  void tick(Timestamp at) override { entries.emplace_back(at); }
};

// One line of an .expected file: rule and status, then fields that the alert must show. `cause` goes with
// not_evaluated.
struct Expected {
  std::map<std::string, std::string> head;
  std::vector<std::pair<std::string, std::string>> shown;
  std::string line;
};

struct Vector {
  std::string name;
  std::vector<Entry> entries;
  std::vector<Expected> expected;
};

std::string read(const std::string& path) {
  auto text = io::read_file(path, kVectorBytes);
  if (!text) ADD_FAILURE() << text.error().message;
  return text ? std::move(*text) : std::string();
}

std::vector<Expected> parse_expected(const std::string& text, const std::string& path) {
  std::vector<Expected> out;
  codec::JsonLineReader reader;
  std::size_t offset = 0;
  while (const auto line = codec::line_at(text, offset)) {
    offset += line->size;
    const auto members = reader.read(text, line->offset, line->text.size());
    if (!members) {
      ADD_FAILURE() << path << ": " << members.error().message;
      continue;
    }
    Expected e;
    e.line = line->text;
    for (const codec::JsonMember& m : *members) {
      if (m.path == "rule" || m.path == "status" || m.path == "cause")
        e.head[std::string(m.path)] = m.text;
      else
        e.shown.emplace_back(m.path, m.text);
      EXPECT_TRUE(e.head.contains(std::string(m.path)) || find_field(m.path)) << path << ": no field " << m.path;
    }
    out.push_back(std::move(e));
  }
  return out;
}

std::vector<Entry> parse_entries(const std::string& text, const std::string& path) {
  Lines lines;
  adapter::Source source;
  source.received_at = from_civil_utc({2100, 1, 1});
  adapters::canonical::decode_canonical(text, source, lines);
  for (const std::string& r : lines.refused) ADD_FAILURE() << path << ": " << r;
  for (const Entry& entry : lines.entries)
    if (const auto* e = std::get_if<EventPtr>(&entry)) {
      EXPECT_FALSE((*e)->feed.empty() || (*e)->facility.empty()) << path << ": a line without feed or facility";
    }
  return std::move(lines.entries);
}

std::string folder(const std::string& detector) {
  return QUAYWATCH_SOURCE_DIR "/detectors/" + detector;
}

std::vector<Vector> vectors_of(const std::string& detector) {
  std::vector<Vector> out;
  const auto files = io::list_files(folder(detector) + "/vectors");
  if (!files) return out;
  for (const std::string& path : *files) {
    if (!path.ends_with(".jsonl")) continue;
    const std::string stem = path.substr(0, path.size() - 6);
    out.push_back({stem.substr(stem.rfind('/') + 1), parse_entries(read(path), path),
                   parse_expected(read(stem + ".expected"), stem + ".expected")});
  }
  return out;
}

// --- running
// ----------------------------------------------------------------------------------------------------------

struct Stands {  // an alert, or a question that stayed open
  std::string rule, status, cause;
  std::vector<std::pair<std::string, std::string>> shown;
  std::string text;  // everything that must not depend on how the entries came
};

struct Outcome {
  std::string revisions;
  std::vector<Stands> alerts;
  std::vector<Stands> open;
};

void add_field(Stands& s, FieldId field, const std::string& text) {
  s.shown.emplace_back(info(field).name, text);
}

Stands show(const pipeline::Alert& a) {
  Stands s{a.rule->id, std::string(name(a.status)), {}, {}, tests::text_of(a)};
  for (const auto& f : a.facts) add_field(s, f.field, f.text);
  for (const auto& subject : a.subjects) add_field(s, subject.value.field, subject.value.text);
  return s;
}

Stands show(const pipeline::NotEvaluated& n) {
  Stands s{n.rule->id, "not_evaluated", std::string(name(n.cause)), {}, tests::text_of(n)};
  if (n.first) n.first->fields.each([&](FieldId f, const Value& v) { add_field(s, f, to_text(v)); });
  return s;
}

rules::Pack load_rule(const std::string& detector) {
  const std::string path = folder(detector) + "/rule.yml";
  auto loaded = rules::Pack::load({{path, read(path)}});
  for (const auto& r : loaded.refused) ADD_FAILURE() << r.path << ":" << r.line << ": " << r.reason;
  return std::move(loaded.pack);
}

// The instant after which nothing of the vector is still on its way.
Timestamp end_of(const std::vector<Entry>& entries) {
  struct Latest {
    Timestamp operator()(const EventPtr& e) const { return e->received_at; }
    Timestamp operator()(const CoverageStatement& s) const { return s.stated_at; }
    Timestamp operator()(const FeedExpectation& e) const { return e.stated_at; }
    Timestamp operator()(Timestamp at) const { return at; }
  };
  Timestamp end = Timestamp::min();
  for (const Entry& entry : entries) end = std::max(end, std::visit(Latest{}, entry));
  return end;
}

struct Give {
  pipeline::Detection& to;
  void operator()(const EventPtr& e) const { to.take(e); }
  void operator()(const CoverageStatement& s) const { to.take(s); }
  void operator()(const FeedExpectation& e) const { to.take(e); }
  void operator()(Timestamp at) const { to.tick(at); }
};

Outcome run(const std::string& detector, const std::vector<Entry>& entries) {
  Outcome out;
  pipeline::Detection detection(load_rule(detector),
                                [&](const pipeline::Alert& a) { out.revisions += tests::revision_text(a); });
  for (const Entry& entry : entries) std::visit(Give{detection}, entry);
  detection.tick(end_of(entries));
  for (const auto& a : detection.standing()) out.alerts.push_back(show(a));
  for (const auto& n : detection.not_evaluated()) out.open.push_back(show(n));
  return out;
}

std::string list(const std::vector<Stands>& all) {
  std::string out;
  for (const Stands& s : all) out += s.text;
  return out.empty() ? "  nothing\n" : out;
}

// Alerts, and the questions that stayed open: neither may depend on how the entries came.
std::string list_all(const Outcome& outcome) {
  return list(outcome.alerts) + list(outcome.open);
}

// --- what stands
// ------------------------------------------------------------------------------------------------------

bool meets(const Stands& s, const Expected& e) {
  const auto is = [&](const char* key, const std::string& value) {
    const auto at = e.head.find(key);
    return at == e.head.end() || at->second == value;
  };
  return is("rule", s.rule) && is("status", s.status) && is("cause", s.cause) &&
         std::all_of(e.shown.begin(), e.shown.end(), [&](const auto& field) {
           return std::find(s.shown.begin(), s.shown.end(), field) != s.shown.end();
         });
}

// A first record leaves "was it inside before?" open by nature, and a provisional alert says itself what is open. Any
// other open question must be expected: silence out of ignorance does not pass for silence.
bool needs_a_line(const Stands& s, const std::vector<Stands>& alerts) {
  return s.cause != "known_since" &&
         std::none_of(alerts.begin(), alerts.end(), [](const Stands& a) { return a.status == "provisional"; });
}

// Empty when the outcome is the expected one, else the difference in words.
std::string difference(const Outcome& outcome, const std::vector<Expected>& expected) {
  std::vector<Stands> unexplained = outcome.alerts;
  for (const Stands& s : outcome.open) unexplained.push_back(s);
  std::string out;
  for (const Expected& e : expected) {
    const auto at = std::find_if(unexplained.begin(), unexplained.end(), [&](const Stands& s) { return meets(s, e); });
    if (at == unexplained.end())
      out += "missing: " + e.line + "\n";
    else
      unexplained.erase(at);
  }
  for (const Stands& s : unexplained)
    if (s.status != "not_evaluated" || needs_a_line(s, outcome.alerts)) out += "unexpected: " + s.text;
  return out;
}

// --- other ways for the same things to come
// ---------------------------------------------------------------------------

std::vector<Entry> as_sorted_files(const std::vector<Entry>& entries) {
  std::vector<Entry> first, events;
  for (const Entry& e : entries) (std::holds_alternative<EventPtr>(e) ? events : first).push_back(e);
  std::sort(events.begin(), events.end(), [](const Entry& a, const Entry& b) {
    return place(*std::get<EventPtr>(a)) < place(*std::get<EventPtr>(b));
  });
  first.insert(first.end(), events.begin(), events.end());
  return first;
}

std::vector<Entry> each_twice(const std::vector<Entry>& entries) {
  std::vector<Entry> out;
  for (const Entry& e : entries) {
    out.push_back(e);
    if (const auto* event = std::get_if<EventPtr>(&e))
      out.emplace_back(EventPtr(new Event(**event)));  // read again from another file: equal, and not the same object
    else
      out.push_back(e);
  }
  return out;
}

std::vector<Entry> with_idle_ticks(const std::vector<Entry>& entries, std::mt19937& random) {
  std::vector<Entry> out;
  Timestamp now = Timestamp::min();
  for (const Entry& e : entries) {
    if (random() % 2 == 0) out.emplace_back(now);
    out.push_back(e);
    if (const auto* at = std::get_if<Timestamp>(&e)) now = std::max(now, *at);
  }
  return out;
}

// The port's other business: no event names a subject of a vector, and none can alert by itself.
EventPtr unrelated_event(unsigned i, Timestamp from, std::mt19937& random) {
  static constexpr EventType kTypes[] = {
      EventType::container_gate_in, EventType::order_issued,  EventType::release_issued, EventType::release_viewed,
      EventType::access_granted,    EventType::sensor_silent, EventType::task_opened,    EventType::container_inspected,
      EventType::pickup_denied,     EventType::roster_planned};
  boost::intrusive_ptr<Event> e(new Event);
  e->type = kTypes[i % std::size(kTypes)];
  e->feed = "other_feed";
  e->facility = "ZZQAY/T1";
  e->event_time = from + minutes(static_cast<std::int64_t>(random() % (4 * 24 * 60)));
  e->reported_at = e->received_at = e->event_time;
  e->fields.add_text(FieldId::container_number, fmt::format("QOTU{:07}", i));
  e->fields.add_text(FieldId::release_ref, fmt::format("other-{}", i));
  e->fields.add_text(FieldId::release_holder_named, fmt::format("FW-{}", i));
  e->fields.add_text(FieldId::party_code, "HT-QOTHER");
  e->fields.add_text(FieldId::account_id, fmt::format("other.{}", i % 7));
  e->fields.add_text(FieldId::credential_id, fmt::format("B-9{:03}", i));
  e->fields.add_text(FieldId::access_zone, "YARD");
  e->fields.add_text(FieldId::access_direction, "in");
  e->fields.add_text(FieldId::device_zone, "QUAY");
  seal_event_id(*e, 0);
  return e;
}

std::vector<Entry> amid_unrelated(const std::vector<Entry>& entries, std::mt19937& random) {
  Timestamp first = Timestamp::max();
  for (const Entry& e : entries)
    if (const auto* event = std::get_if<EventPtr>(&e)) first = std::min(first, (*event)->event_time);
  std::vector<Entry> out = entries;
  for (unsigned i = 0; i < 200; ++i)
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(random() % (out.size() + 1)),
               unrelated_event(i, first - days(1), random));
  return out;
}

// --- the suite
// --------------------------------------------------------------------------------------------------------

class Detector : public testing::TestWithParam<std::string> {
 protected:
  const std::vector<Vector> vectors_ = vectors_of(GetParam());

  Outcome run_here(const std::vector<Entry>& entries) const { return run(GetParam(), entries); }

  // For each vector: what stands after `change` is what stands without it, by `text`.
  template <typename Change>
  void expect_same_standing(unsigned seeds, Change&& change, std::string (*text)(const Outcome&) = list_all) const {
    for (const Vector& v : vectors_) {
      const std::string as_it_came = text(run_here(v.entries));
      for (unsigned seed = 1; seed <= seeds; ++seed) {
        std::mt19937 random(seed);
        const std::string changed = text(run_here(change(v.entries, random)));
        EXPECT_EQ(changed, as_it_came) << "vector " << v.name << ", seed " << seed;
        if (changed != as_it_came) break;  // one seed per vector is enough to see why
      }
    }
  }
};

TEST_P(Detector, ExpectedAlertsStand) {
  ASSERT_FALSE(vectors_.empty());
  for (const Vector& v : vectors_) {
    const Outcome outcome = run_here(v.entries);
    EXPECT_EQ(difference(outcome, v.expected), "") << "vector " << v.name << "\nstanding:\n"
                                                   << list(outcome.alerts) << "open:\n"
                                                   << list(outcome.open);
  }
}

TEST_P(Detector, SameInputGivesSameRevisions) {
  for (const Vector& v : vectors_)
    EXPECT_EQ(run_here(v.entries).revisions, run_here(v.entries).revisions) << "vector " << v.name;
}

TEST_P(Detector, BatchesDoNotMatter) {
  for (const Vector& v : vectors_) {
    const std::string whole = run_here(v.entries).revisions;
    for (unsigned seed = 1; seed <= 5; ++seed) {
      std::mt19937 random(seed);
      EXPECT_EQ(run_here(with_idle_ticks(v.entries, random)).revisions, whole)
          << "vector " << v.name << ", seed " << seed;
    }
  }
}

TEST_P(Detector, SortedFilesGiveTheSame) {
  expect_same_standing(1, [](const auto& entries, std::mt19937&) { return as_sorted_files(entries); });
}

TEST_P(Detector, ArrivalOrderDoesNotMatter) {
  expect_same_standing(kOrders, [](auto entries, std::mt19937& random) {
    std::shuffle(entries.begin(), entries.end(), random);
    return entries;
  });
}

TEST_P(Detector, RepeatedDeliveryChangesNothing) {
  expect_same_standing(1, [](const auto& entries, std::mt19937&) { return each_twice(entries); });
  expect_same_standing(3, [](const auto& entries, std::mt19937& random) {
    auto twice = each_twice(entries);
    std::shuffle(twice.begin(), twice.end(), random);
    return twice;
  });
}

// What an alert says, without its evidence and what it counts beyond it.
std::string told(pipeline::Alert alert) {
  alert.evidence.clear();
  std::string missing;
  if (!alert.missing_inputs.empty()) missing = name(alert.missing_cause);
  return tests::text_of(alert) + alert.rule->version + alert.direction + alert.facility + missing;
}

TEST_P(Detector, EveryAlertIsToldAgainByItsEvidenceAlone) {
  for (const Vector& v : vectors_) {
    pipeline::Detection whole(load_rule(GetParam()), [](const pipeline::Alert&) {});
    for (const Entry& entry : v.entries) std::visit(Give{whole}, entry);
    whole.tick(end_of(v.entries));
    for (const pipeline::Alert& alert : whole.standing()) {
      const auto again = pipeline::retell(load_rule(GetParam()), alert.evidence);
      const auto same = pipeline::find_alert(*again, alert.id);
      EXPECT_TRUE(same) << "vector " << v.name << "\n" << tests::text_of(alert) << "open:\n" << [&] {
        std::string open;
        for (const auto& n : again->not_evaluated()) open += tests::text_of(n);
        for (const auto& a : again->standing()) open += tests::text_of(a);
        return open;
      }();
      if (same) {
        EXPECT_EQ(told(*same), told(alert)) << "vector " << v.name << "\n" << tests::text_of(alert);
      }
    }
  }
}

using Said = std::map<FieldId, std::string>;

Said said_of(pipeline::Detection& detection, const EventPtr& event, timeline::Facts& facts) {
  detection.facts(event, facts);
  Said out;
  facts.values.each([&](FieldId field, const Value& v) {
    out[field] += fmt::format("{} = {}{}\n", info(field).name, to_text(v), v.is_unknown() ? name(v.cause) : "");
  });
  return out;
}

std::vector<pipeline::Evidence> evidence_of(const timeline::Facts& facts, const timeline::Coverage& coverage,
                                            const EventPtr& event) {
  std::vector<pipeline::Evidence> out = {{event, {}, {}, {}, {}}};
  for (const timeline::Citation& c : facts.citations) {
    out.push_back({c.event, {c.fact}, c.searched, c.from, c.until, std::string(c.facility), c.cover, {}});
    if (!c.event && c.cover == timeline::Cover::covered)
      out.back().feeds = coverage.answerers(c.searched, c.facility, c.from, c.until);
  }
  return out;
}

// Not only of alerts: whatever a track says of an event, the citations of all facts together must be enough to say it
// again, and those of one fact to say that one.
TEST_P(Detector, EveryFactIsToldAgainByItsCitationsAlone) {
  for (const Vector& v : vectors_) {
    pipeline::Detection whole(load_rule(GetParam()), [](const pipeline::Alert&) {});
    for (const Entry& entry : v.entries) std::visit(Give{whole}, entry);
    whole.tick(end_of(v.entries));
    for (const EventPtr& event : whole.timelines().events()) {
      timeline::Facts facts, scratch;
      Said said = said_of(whole, event, facts);
      const auto evidence = evidence_of(facts, whole.coverage(), event);
      const auto where = fmt::format("vector {}, {} at {}", v.name, info(event->type).name,
                                     format_rfc3339(event->event_time));
      EXPECT_EQ(said_of(*pipeline::retell({}, evidence), event, scratch), said) << where;
      for (const timeline::Citation& c : facts.citations) said.try_emplace(c.fact);  // the answer "none" too
      for (const auto& [fact, words] : said) {
        std::vector<pipeline::Evidence> own;
        std::string cited;
        for (const auto& e : evidence)
          if (e.facts.empty() || e.facts.front() == fact) own.push_back(e), cited += tests::text_of(e);
        const auto again = said_of(*pipeline::retell({}, own), event, scratch);
        const auto at = again.find(fact);
        EXPECT_EQ(at == again.end() ? "" : at->second, words) << where << ": " << info(fact).name << "\n" << cited;
      }
    }
  }
}

TEST_P(Detector, UnrelatedEventsChangeNothing) {
  // Alerts only: the others have open questions of their own.
  expect_same_standing(
      1, [](const auto& entries, std::mt19937& random) { return amid_unrelated(entries, random); },
      [](const Outcome& outcome) { return list(outcome.alerts); });
}

std::vector<std::string> detectors() {
  std::vector<std::string> out;
  const auto files = io::list_files(QUAYWATCH_SOURCE_DIR "/detectors");
  if (!files) return out;
  for (const std::string& path : *files)
    if (path.ends_with("/rule.yml")) {
      const std::string where = path.substr(0, path.size() - 9);
      out.push_back(where.substr(where.rfind('/') + 1));
    }
  return out;
}

INSTANTIATE_TEST_SUITE_P(Vectors, Detector, testing::ValuesIn(detectors()), [](const auto& p) { return p.param; });

// --- the suite can fail
// -----------------------------------------------------------------------------------------------

const char* const kUnordered =
    R"({"type":"container.moved","feed":"tos","facility":"ZZQAY/T1","event_time":"2026-03-02T08:20:00Z",)"
    R"("container.number":"QAYU1000011"})"
    "\n"
    R"({"type":"feed.coverage","feed":"tos","types":["order.issued"],"from":"2026-03-01T00:00:00Z",)"
    R"("until":"2026-03-03T00:00:00Z","stated_at":"2026-03-03T00:00:00Z"})"
    "\n";

TEST(ConformanceSelfTest, WrongExpectationsAreReported) {
  const std::string rule = R"({"rule":"0c5d7b1e-6a43-4f0e-9d57-1f2a6c8b9e01",)";
  const auto entries = parse_entries(kUnordered, "self test");
  const Outcome outcome = run("move_without_order", entries);
  struct Case {
    std::string expected, found;
  };
  for (const Case& c :
       std::vector<Case>{{rule + R"("status":"final","container.number":"QAYU1000011","move.ordered":false})", ""},
                         {"", "unexpected: "},
                         {rule + R"("status":"provisional","container.number":"QAYU1000011"})", "missing: "},
                         {rule + R"("status":"final","container.number":"QAYU1000027"})", "missing: "},
                         {R"({"rule":"c2f3b9d4-71aa-4d28-9f6e-6e0b1a2d3c05","status":"final"})", "missing: "}}) {
    const std::string found = difference(outcome, parse_expected(c.expected, "self test"));
    EXPECT_EQ(found.substr(0, c.found.size()), c.found) << c.expected;
    EXPECT_EQ(found.empty(), c.found.empty()) << c.expected << "\n" << found;
  }
}

TEST(ConformanceSelfTest, SilenceOutOfIgnoranceIsReported) {
  auto entries = parse_entries(kUnordered, "self test");
  entries.pop_back();
  EXPECT_EQ(difference(run("move_without_order", entries), {}).substr(0, 12), "unexpected: ");
}

TEST(ConformanceSelfTest, ALostEventShows) {
  const auto entries = parse_entries(kUnordered, "self test");
  const auto only_coverage = std::vector<Entry>(entries.begin() + 1, entries.end());
  EXPECT_NE(list(run("move_without_order", entries).alerts), list(run("move_without_order", only_coverage).alerts));
}

}  // namespace
}  // namespace quaywatch
