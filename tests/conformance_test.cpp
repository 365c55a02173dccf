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
#include <vector>

#include "base/limits.h"
#include "io/files.h"
#include "pipeline/reproduce.h"
#include "rulebook/vectors.h"
#include "tests/standing_text.h"

namespace quaywatch {
namespace {

constexpr unsigned kOrders = 20;  // permutations of each vector

using Entry = rulebook::VectorEntry;

std::string folder(const std::string& detector) {
  return QUAYWATCH_SOURCE_DIR "/detectors/" + detector;
}

std::vector<rulebook::Vector> vectors_of(const std::string& detector) {
  auto out = rulebook::read_vectors(folder(detector));
  for (const rulebook::Vector& v : out)
    for (const std::string& fault : v.faults) ADD_FAILURE() << fault;
  return out;
}

std::string read(const std::string& path) {
  auto text = io::read_file(path, limits::kRuleFileBytes);
  if (!text) ADD_FAILURE() << text.error().message;
  return text ? std::move(*text) : std::string();
}

struct Outcome : rulebook::Outcome {
  std::string revisions;
};

rules::Pack load_rule(const std::string& detector) {
  const std::string path = folder(detector) + "/rule.yml";
  auto loaded = rules::Pack::load({{path, read(path)}});
  for (const auto& r : loaded.refused) ADD_FAILURE() << r.path << ":" << r.line << ": " << r.reason;
  return std::move(loaded.pack);
}

Outcome run(const std::string& detector, const std::vector<Entry>& entries) {
  std::string revisions;
  const auto on_revision = [&](const pipeline::Alert& a) { revisions += tests::revision_text(a); };
  Outcome out{rulebook::run_vector(load_rule(detector), entries, on_revision), {}};
  out.revisions = std::move(revisions);
  return out;
}

// Everything that must not depend on how the entries came.
template <typename Stands>
std::string list(const std::vector<Stands>& all) {
  std::string out;
  for (const Stands& s : all) out += tests::text_of(s);
  return out.empty() ? "  nothing\n" : out;
}

// Alerts, and the questions that stayed open: neither may depend on how the entries came.
std::string list_all(const Outcome& outcome) {
  return list(outcome.alerts) + list(outcome.open);
}

// Empty when the outcome is the expected one.
std::string difference(const Outcome& outcome, const std::vector<rulebook::Expected>& expected) {
  const rulebook::Differences differences = rulebook::differences(outcome, expected);
  std::string out;
  for (const rulebook::Expected* e : differences.missing) out += "missing: " + e->line + "\n";
  for (const rulebook::Stands& s : differences.unexpected)
    out += fmt::format("unexpected: {} {} {}\n", s.rule->title, s.status, s.cause);
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
  const std::vector<rulebook::Vector> vectors_ = vectors_of(GetParam());

  Outcome run_here(const std::vector<Entry>& entries) const { return run(GetParam(), entries); }

  // For each vector: what stands after `change` is what stands without it, by `text`.
  template <typename Change>
  void expect_same_standing(unsigned seeds, Change&& change, std::string (*text)(const Outcome&) = list_all) const {
    for (const rulebook::Vector& v : vectors_) {
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
  for (const rulebook::Vector& v : vectors_) {
    const Outcome outcome = run_here(v.entries);
    EXPECT_EQ(difference(outcome, v.expected), "") << "vector " << v.name << "\nstanding:\n"
                                                   << list(outcome.alerts) << "open:\n"
                                                   << list(outcome.open);
  }
}

TEST_P(Detector, SameInputGivesSameRevisions) {
  for (const rulebook::Vector& v : vectors_)
    EXPECT_EQ(run_here(v.entries).revisions, run_here(v.entries).revisions) << "vector " << v.name;
}

TEST_P(Detector, BatchesDoNotMatter) {
  for (const rulebook::Vector& v : vectors_) {
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
  for (const rulebook::Vector& v : vectors_) {
    const Outcome whole = run(GetParam(), v.entries);
    for (const pipeline::Alert& alert : whole.alerts) {
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
  facts.each_citation([&](FieldId fact, const timeline::Citation& c) {
    if (c.event != nullptr) return void(out.push_back({c.event, {fact}, {}, {}, {}}));
    const timeline::Searched& s = *c.search;
    out.push_back({nullptr, {fact}, s.type, s.from, s.until, std::string(s.facility), s.cover, {}});
    if (s.cover == timeline::Cover::covered)
      out.back().feeds = coverage.answerers(s.type, s.facility, s.from, s.until);
  });
  return out;
}

// Not only of alerts: whatever a track says of an event, the citations of all facts together must be enough to say it
// again, and those of one fact to say that one.
TEST_P(Detector, EveryFactIsToldAgainByItsCitationsAlone) {
  for (const rulebook::Vector& v : vectors_) {
    const Outcome outcome = run(GetParam(), v.entries);
    pipeline::Detection& whole = *outcome.detection;
    for (const EventPtr& event : whole.timelines().events()) {
      timeline::Facts facts, scratch;
      Said said = said_of(whole, event, facts);
      const auto evidence = evidence_of(facts, whole.coverage(), event);
      const auto where = fmt::format("vector {}, {} at {}", v.name, info(event->type).name,
                                     format_rfc3339(event->event_time));
      EXPECT_EQ(said_of(*pipeline::retell({}, evidence), event, scratch), said) << where;
      // The answer "none" too.
      facts.each_citation([&](FieldId fact, const timeline::Citation&) { said.try_emplace(fact); });
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

std::vector<Entry> self_test_entries() {
  std::vector<std::string> faults;
  auto entries = rulebook::parse_vector(kUnordered, "self test", faults);
  EXPECT_EQ(faults, std::vector<std::string>{});
  return entries;
}

TEST(ConformanceSelfTest, WrongExpectationsAreReported) {
  const std::string rule = R"({"rule":"0c5d7b1e-6a43-4f0e-9d57-1f2a6c8b9e01",)";
  const auto entries = self_test_entries();
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
    std::vector<std::string> faults;
    const auto expected = rulebook::parse_expected(c.expected, "self test", faults);
    EXPECT_EQ(faults, std::vector<std::string>{});
    const std::string found = difference(outcome, expected);
    EXPECT_EQ(found.substr(0, c.found.size()), c.found) << c.expected;
    EXPECT_EQ(found.empty(), c.found.empty()) << c.expected << "\n" << found;
  }
}

TEST(ConformanceSelfTest, SilenceOutOfIgnoranceIsReported) {
  auto entries = self_test_entries();
  entries.pop_back();
  EXPECT_EQ(difference(run("move_without_order", entries), {}).substr(0, 12), "unexpected: ");
}

TEST(ConformanceSelfTest, ALostEventShows) {
  const auto entries = self_test_entries();
  const auto only_coverage = std::vector<Entry>(entries.begin() + 1, entries.end());
  EXPECT_NE(list(run("move_without_order", entries).alerts), list(run("move_without_order", only_coverage).alerts));
}

}  // namespace
}  // namespace quaywatch
