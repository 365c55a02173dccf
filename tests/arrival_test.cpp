// Arrival order does not matter in the end (DESIGN section 2), on a whole port day with every shipped rule: files read
// in one go, a live day with nightly coverage, any shuffle of all entries, batches per file, every entry twice, records
// taken back and said again. What stands must be the same to the letter. conformance_test.cpp shows the same per
// detector on small vectors; here all tracks and rules meet on the records of all feeds.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "ingest/intake.h"
#include "io/files.h"
#include "pipeline/detection.h"
#include "pipeline/give.h"
#include "tests/standing_text.h"
#include "timeline/timelines.h"

namespace quaywatch {
namespace {

constexpr const char* kDay = QUAYWATCH_SOURCE_DIR "/data/samples/port-day";
constexpr Timestamp kImported = {1'774'000'000'000'000};  // 2026-03-20, a week after the day
constexpr unsigned kShuffles = 20;

using Entry = std::variant<EventPtr, CoverageStatement, FeedExpectation, Timestamp>;

struct Day {
  std::vector<EventPtr> events;  // as read, file after file, repeated records too
  std::vector<std::uint32_t> file;
  std::vector<Entry> coverage;  // statements and expectations
};

// --- reading
// ----------------------------------------------------------------------------------------------------------

// When a live feed would have handed the record over. Of the id alone, so that a record sent again came when it first
// did. Most come within minutes, some hours late; a plan is known when it was made.
Timestamp live_receipt(const Event& e) {
  const std::uint64_t dice = e.id.low % 100, spread = (e.id.low >> 8) % 7'200;
  const Duration delay = seconds(static_cast<std::int64_t>(dice < 90   ? spread % 120
                                                           : dice < 99 ? spread
                                                                       : spread * 10));
  const bool is_plan = e.classifier != Classifier::actual && e.reported_at.us != 0;
  return (is_plan ? e.reported_at : std::max(e.event_time, e.reported_at)) + delay;
}

EventPtr with_live_receipt(const EventPtr& e) {
  boost::intrusive_ptr<Event> out(new Event(*e));
  out->received_at = live_receipt(*e);
  return out;
}

Day read_day() {
  Day day;
  ingest::ObservedCoverage observed;
  ingest::IntakeListener listener;
  listener.event = [&](const EventPtr& e) {
    day.events.push_back(with_live_receipt(e));
    day.file.push_back(e->span.file);
    observed.see(*day.events.back());
  };
  listener.coverage = [&](CoverageStatement s) {
    observed.stated(s);
    s.stated_at = s.until;
    day.coverage.emplace_back(std::move(s));
  };
  listener.expectation = [&](const FeedExpectation& e) { day.coverage.emplace_back(e); };
  ingest::IntakeOptions options;
  options.received_at = kImported;
  ingest::Intake intake(options, std::move(listener));
  if (const auto read = intake.read({kDay}); !read) ADD_FAILURE() << read.error().message;
  for (CoverageStatement& s : observed.statements()) day.coverage.emplace_back(std::move(s));
  return day;
}

const Day& the_day() {
  static const Day day = read_day();
  return day;
}

rules::Pack shipped_pack() {
  static const std::vector<rules::RuleFile> files = [] {
    std::vector<rules::RuleFile> out;
    const auto paths = io::list_files(QUAYWATCH_SOURCE_DIR "/detectors");
    if (!paths) return out;
    for (const std::string& path : *paths) {
      if (!path.ends_with("/rule.yml")) continue;
      if (auto text = io::read_file(path, limits::kRuleFileBytes)) out.push_back({path, std::move(*text)});
    }
    return out;
  }();
  auto loaded = rules::Pack::load(files);
  for (const auto& r : loaded.refused) ADD_FAILURE() << r.path << ":" << r.line << ": " << r.reason;
  return std::move(loaded.pack);
}

// --- running
// ----------------------------------------------------------------------------------------------------------

struct Outcome {
  std::vector<std::string> standing;  // a text per alert, then per open question
  std::string revisions;
  pipeline::DetectionAccount account;
  std::size_t alerts = 0;
};

Outcome run(const std::vector<Entry>& entries) {
  Outcome out;
  pipeline::Detection detection(shipped_pack(),
                                [&](const pipeline::Alert& a) { out.revisions += tests::revision_text(a); });
  for (const Entry& entry : entries) std::visit(pipeline::Give{detection}, entry);
  detection.tick(kImported);
  while (detection.waiting() != 0) detection.tick(kImported);
  for (const auto& a : detection.standing()) out.standing.push_back(tests::text_of(a));
  out.alerts = out.standing.size();
  for (const auto& n : detection.not_evaluated()) out.standing.push_back(tests::text_of(n));
  out.account = detection.account();
  return out;
}

std::string account_text(const pipeline::DetectionAccount& a) {
  return fmt::format("{} taken = {} evaluated + {} no rule + {} duplicates + {} superseded + {} too late", a.taken,
                     a.evaluated, a.no_rule, a.duplicates, a.superseded, a.too_late);
}

// Empty when both stand alike and every event of `is` is accounted for once, else the first differences.
std::string difference(const Outcome& was, const Outcome& is) {
  std::string out;
  std::size_t shown = 0;
  const auto missing = [&](const Outcome& from, const Outcome& in, const char* word) {
    for (const std::string& s : from.standing)
      if (std::find(in.standing.begin(), in.standing.end(), s) == in.standing.end() && ++shown <= 6)
        out += fmt::format("{}: {}", word, s);
  };
  missing(was, is, "gone");
  missing(is, was, "new");
  if (out.empty() && was.standing != is.standing) out = "the order of what stands differs\n";
  const auto& a = is.account;
  if (a.taken != a.evaluated + a.no_rule + a.duplicates + a.superseded + a.too_late) out += account_text(a) + '\n';
  return out;
}

// --- ways to come
// -----------------------------------------------------------------------------------------------------

using Entries = std::vector<Entry>;

Entries all_of(const std::vector<EventPtr>& events) {
  Entries out = the_day().coverage;
  out.insert(out.end(), events.begin(), events.end());
  return out;
}

// File mode, as app/run_input.cpp: coverage first, then the events by place, each once.
Entries as_files(std::vector<EventPtr> events) {
  std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return place(*a) < place(*b); });
  events.erase(std::unique(events.begin(), events.end(), [](const auto& a, const auto& b) { return a->id == b->id; }),
               events.end());
  return all_of(events);
}

Timestamp arrival(const Entry& entry) {
  struct At {
    Timestamp operator()(const EventPtr& e) const { return e->received_at; }
    Timestamp operator()(const CoverageStatement& s) const { return s.stated_at; }
    Timestamp operator()(const FeedExpectation& e) const { return e.stated_at; }
    Timestamp operator()(Timestamp at) const { return at; }
  };
  return std::visit(At{}, entry);
}

// A server's day: every entry when it came, and a tick each quarter of an hour.
Entries as_live(const std::vector<EventPtr>& events) {
  Entries all = all_of(events), out;
  std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) { return arrival(a) < arrival(b); });
  Timestamp next = Timestamp::min();
  for (Entry& e : all) {
    if (const Timestamp at = arrival(e); at >= next) {
      out.emplace_back(at);
      next = at + minutes(15);
    }
    out.push_back(std::move(e));
  }
  return out;
}

// Every event when it happened; what is covered goes on in steps, each told as it ends.
Entries as_streams(const std::vector<EventPtr>& events, Duration step) {
  std::vector<std::pair<Timestamp, Entry>> all;
  for (const EventPtr& e : events) all.emplace_back(e->event_time, e);
  std::map<std::pair<std::string, std::string>, Timestamp> reached;  // a stream tells nothing twice
  for (const Entry& entry : the_day().coverage) {
    const auto* whole = std::get_if<CoverageStatement>(&entry);
    if (whole == nullptr) {
      all.emplace_back(Timestamp::min(), entry);
      continue;
    }
    CoverageStatement s = *whole;
    Timestamp& until = reached.try_emplace({s.feed, s.facility}, s.from).first->second;
    s.from = std::max(s.from, until);
    until = std::max(until, s.until);
    for (; s.from < whole->until; s.from = s.until) {
      s.until = std::min(s.from + step, whole->until);
      all.emplace_back(s.until, s);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Entries out;
  for (auto& [at, entry] : all) out.push_back(std::move(entry));
  return out;
}

Entries shuffled(Entries entries, unsigned seed) {
  std::mt19937 random(seed);
  std::shuffle(entries.begin(), entries.end(), random);
  return entries;
}

// Whole files in any order, and time passing between them. Coverage comes in the middle.
Entries in_batches(const Day& day, unsigned seed) {
  std::map<std::uint32_t, Entries> files;
  for (std::size_t i = 0; i < day.events.size(); ++i) files[day.file[i]].emplace_back(day.events[i]);
  std::vector<Entries> batches;
  for (auto& [file, entries] : files) batches.push_back(std::move(entries));
  batches.push_back(day.coverage);
  std::mt19937 random(seed);
  std::shuffle(batches.begin(), batches.end(), random);
  Entries out;
  Timestamp now = kImported - days(2);
  for (const Entries& batch : batches) {
    out.insert(out.end(), batch.begin(), batch.end());
    out.emplace_back(now = now + minutes(10));
  }
  return out;
}

// Read again from another copy of the file: equal, and not the same object.
Entries each_twice(const Entries& entries) {
  Entries out;
  for (const Entry& e : entries) {
    out.push_back(e);
    if (const auto* event = std::get_if<EventPtr>(&e))
      out.emplace_back(EventPtr(new Event(**event)));
    else
      out.push_back(e);
  }
  return out;
}

// --- records taken back
// -----------------------------------------------------------------------------------------------

EventPtr word(const Event& of, Op op, Duration later, const char* container) {
  boost::intrusive_ptr<Event> e(new Event(of));
  e->op = op;
  e->reported_at = e->reported_at + later;
  if (container != nullptr && e->fields.has(FieldId::container_number)) {
    e->fields.remove(FieldId::container_number);
    e->fields.add_text(FieldId::container_number, container);
  }
  seal_event_id(*e, 0);
  return e;
}

struct Retold {
  std::vector<EventPtr> final_words;  // what is true in the end
  std::vector<EventPtr> all_words;    // with what was said before
};

// One record in twenty was first stated about another box and an hour off, then voided and stated anew, or corrected.
Retold retell(std::vector<EventPtr> events, unsigned seed) {
  Retold out;
  std::mt19937 random(seed);
  for (const EventPtr& e : events) {
    if (random() % 20 != 0 || !e->natural_key.is_zero()) {
      out.final_words.push_back(e);
      out.all_words.push_back(e);
      continue;
    }
    Event keyed = *e;
    keyed.natural_key = make_natural_key(e->feed, e->id.hex());
    Event wrong = keyed;
    if (random() % 2 == 0) wrong.event_time = wrong.event_time - hours(1);
    const bool voids = random() % 2 == 0;
    const EventPtr last = word(keyed, voids ? Op::assert_ : Op::correct, seconds(2), nullptr);
    out.final_words.push_back(last);
    out.all_words.push_back(word(wrong, Op::assert_, seconds(0), random() % 2 == 0 ? "QXCU6170026" : nullptr));
    if (voids) out.all_words.push_back(word(wrong, Op::void_, seconds(1), nullptr));
    out.all_words.push_back(last);
  }
  return out;
}

// --- the properties
// ---------------------------------------------------------------------------------------------------

const Outcome& file_mode() {
  static const Outcome outcome = run(as_files(the_day().events));
  return outcome;
}

TEST(Arrival, TheDayRaisesAlertsAndLeavesQuestions) {
  EXPECT_GT(the_day().events.size(), 3'900u);
  EXPECT_EQ(file_mode().alerts, 10u);
  EXPECT_GT(file_mode().standing.size(), file_mode().alerts);
  EXPECT_EQ(difference(file_mode(), file_mode()), "");
}

TEST(Arrival, LiveDayEndsAsFilesDo) {
  const Outcome live = run(as_live(the_day().events));
  EXPECT_EQ(difference(file_mode(), live), "");
  EXPECT_NE(live.revisions, file_mode().revisions) << "nothing was learned late: the live day is no test";
}

TEST(Arrival, CoverageThatGrowsInStepsEndsAlike) {
  EXPECT_EQ(difference(file_mode(), run(as_streams(the_day().events, minutes(40)))), "");
}

TEST(Arrival, SameLiveDayGivesSameRevisions) {
  const Entries live = as_live(the_day().events);
  EXPECT_EQ(run(live).revisions, run(live).revisions);
}

TEST(Arrival, AnyOrderEndsAlike) {
  for (unsigned seed = 1; seed <= kShuffles; ++seed)
    EXPECT_EQ(difference(file_mode(), run(shuffled(all_of(the_day().events), seed))), "") << "seed " << seed;
}

TEST(Arrival, AnyOrderOfFilesEndsAlike) {
  for (unsigned seed = 1; seed <= 3; ++seed)
    EXPECT_EQ(difference(file_mode(), run(in_batches(the_day(), seed))), "") << "seed " << seed;
}

TEST(Arrival, EveryEntryTwiceEndsAlike) {
  EXPECT_EQ(difference(file_mode(), run(each_twice(as_live(the_day().events)))), "");
  EXPECT_EQ(difference(file_mode(), run(shuffled(each_twice(all_of(the_day().events)), 1))), "");
}

TEST(Arrival, RecordsTakenBackLeaveNothingBehind) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    std::vector<EventPtr> events = the_day().events;
    // A record sent again would hold its first word in place of the corrected one.
    std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return place(*a) < place(*b); });
    events.erase(std::unique(events.begin(), events.end(), [](const auto& a, const auto& b) { return a->id == b->id; }),
                 events.end());
    const Retold retold = retell(std::move(events), seed);
    ASSERT_GT(retold.all_words.size(), retold.final_words.size() + 100);
    const Outcome in_the_end = run(as_files(retold.final_words));
    EXPECT_EQ(difference(in_the_end, run(all_of(retold.all_words))), "") << "seed " << seed << ", as told";
    EXPECT_EQ(difference(in_the_end, run(shuffled(all_of(retold.all_words), seed))), "") << "seed " << seed;
  }
}

TEST(Arrival, ALostEventShows) {
  const auto standing_without = [&](std::size_t i) {
    std::vector<EventPtr> events = the_day().events;
    const EventId lost = events[i]->id;
    std::erase_if(events, [&](const EventPtr& e) { return e->id == lost; });
    return difference(file_mode(), run(as_files(events)));
  };
  const auto& events = the_day().events;
  const auto at = std::find_if(events.begin(), events.end(), [](const EventPtr& e) {
    return e->type == EventType::container_moved && e->text(FieldId::container_number) == "QXCU6170026" &&
           e->text(FieldId::location_to) == "C9-40-1";
  });
  ASSERT_NE(at, events.end());
  EXPECT_NE(standing_without(static_cast<std::size_t>(at - events.begin())), "");
}

// A fact that a question does not list is missing where a rule reads it and nothing else that the question tells.
TEST(Facts, AreTheSameAskedAloneAsAmongAll) {
  const Day& day = the_day();
  timeline::Coverage coverage;
  for (const Entry& entry : day.coverage)
    if (const auto* statement = std::get_if<CoverageStatement>(&entry)) coverage.add(*statement);
  using Told = std::map<FieldId, std::string>;
  const auto tell = [&](timeline::Timelines& timelines, Told& told) {
    timeline::Facts facts;
    for (const EventPtr& e : day.events) {
      timelines.facts(e, coverage, facts);
      facts.values.each([&](FieldId fact, const Value& v) { told[fact] += e->id.hex() + ' ' + to_text(v) + '\n'; });
    }
  };
  timeline::Timelines all;
  for (const EventPtr& e : day.events) all.insert(e);
  Told among_all;
  tell(all, among_all);
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto fact = static_cast<FieldId>(i);
    if (!info(fact).is_fact) continue;
    timeline::Timelines alone([&](EventType, FieldId asked) { return asked == fact; });
    for (const EventPtr& e : day.events) alone.insert(e);
    Told told;
    tell(alone, told);
    EXPECT_EQ(told[fact], among_all[fact]) << info(fact).name;
  }
}

}  // namespace
}  // namespace quaywatch
