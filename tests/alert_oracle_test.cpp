// What stands against what the facts say: on the oracle's random streams, with every shipped detection that is no
// correlation (those have an oracle of their own). From the facts about each event that is true in the end, asked at
// the end, the sorted list gives every match, episode, alert and open question; the engine, which heard the stream in
// another order, more than once, with waits between, must have come to the same. A question that it did not ask again
// when it should have shows here. Then the same through a journal that restarts cut at random points.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "base/limits.h"
#include "base/sha256.h"
#include "io/files.h"
#include "journal/log.h"
#include "journal/testing.h"
#include "pipeline/detection.h"
#include "pipeline/give.h"
#include "pipeline/field_value.h"
#include "tests/oracle_history.h"
#include "tests/oracle_stream.h"
#include "tests/standing_text.h"

namespace quaywatch {
namespace {

constexpr unsigned kStreams = 400;

using tests::LiveEntry;
using tests::Stream;

std::vector<rules::RuleFile> shipped() {
  std::vector<rules::RuleFile> out;
  const auto paths = io::list_files(QUAYWATCH_SOURCE_DIR "/detectors");
  for (const std::string& path : *paths)
    if (path.ends_with("/rule.yml")) out.push_back({path, io::read_file(path, limits::kRuleFileBytes).value()});
  return out;
}
rules::Pack pack() {
  static const std::vector<rules::RuleFile> files = shipped();
  return std::move(rules::Pack::load(files).pack);
}

std::unique_ptr<pipeline::Detection> run(const std::vector<LiveEntry>& entries) {
  auto detection = std::make_unique<pipeline::Detection>(pack(), [](const pipeline::Alert&) {});
  Timestamp last = Timestamp::min();
  for (const LiveEntry& entry : entries) {
    std::visit(pipeline::Give{*detection}, entry);
    if (const auto* at = std::get_if<Timestamp>(&entry)) last = std::max(last, *at);
  }
  do detection->tick(last);
  while (detection->waiting() > 0);
  return detection;
}

using Lines = std::map<std::string, int>;

std::string alert_line(const rules::Rule& rule, const Id128& id, std::size_t matches, Timestamp last, bool is_final) {
  return fmt::format("{}: alert {}, {} matches until {}, {}", rule.title, id.hex(), matches, format_rfc3339(last),
                     is_final ? "final" : "provisional");
}
std::string open_line(const rules::Rule& rule, UnknownCause cause) {
  return fmt::format("{}: open, {}", rule.title, name(cause));
}

Lines said_by(const pipeline::Detection& detection) {
  Lines out;
  for (const auto& a : detection.standing())
    if (!a.rule->is_correlation)
      ++out[alert_line(*a.rule, a.id, a.matches, a.last_event_time, a.status == pipeline::AlertStatus::final)];
  for (const auto& n : detection.not_evaluated())
    if (!n.rule->is_correlation) out[open_line(*n.rule, n.cause)] += static_cast<int>(n.events);
  return out;
}

// DESIGN 6a: "128 bits of SHA-256(rule id, group, event_id of the episode's first event)".
Id128 alert_id(const rules::Rule& rule, const std::string& group, const EventId& first) {
  Sha256 h;
  h.update_u64(rule.id.size()).update(rule.id).update_u64(group.size()).update(group);
  h.update_u64(first.high).update_u64(first.low);
  return Id128::from(h.finish());
}

// The group's values, joined; none: the event lacks one.
std::optional<std::string> group_of(const rules::Rule& rule, const Event& event, const timeline::Facts& facts) {
  std::string out;
  for (const FieldId f : rule.group_by) {
    const Value v = pipeline::field_or_fact(event, facts, f);
    if (v.is_absent() || v.is_unknown()) return std::nullopt;
    out += (out.empty() ? "" : "\x1f") + to_text(v);
  }
  return out;
}

// Why a type that the rule requires is not covered at the event.
UnknownCause missing(const rules::Rule& rule, const Event& event, const timeline::Coverage& coverage) {
  for (const EventType type : rule.needs_types) {
    const auto cover = coverage.ask(type, event.facility, event.event_time, event.event_time).cover;
    if (cover == timeline::Cover::pending) return UnknownCause::pending;
    if (cover != timeline::Cover::covered) return UnknownCause::no_coverage;
  }
  return UnknownCause::none;
}

Lines read_off(const tests::Events& events, pipeline::Detection& detection) {
  struct Found {
    EventPtr event;
    bool is_final;
  };
  static rules::Pack judges = pack();
  std::map<std::pair<std::size_t, std::string>, std::vector<Found>> matches;
  Lines out;
  timeline::Facts facts;
  for (const EventPtr& e : events) {
    if (e->classifier != Classifier::actual) continue;
    detection.facts(e, facts);
    judges.evaluate({e.get(), &facts.values}, [&](std::size_t i, const rules::Verdict& v) {
      const rules::Rule& rule = judges.rules()[i];
      if (rule.is_part || rule.is_correlation) return;
      const UnknownCause hole = missing(rule, *e, detection.coverage());
      const auto group = group_of(rule, *e, facts);
      if (v.truth == Truth::unknown) return ++out[open_line(rule, v.cause)], void();
      if (hole != UnknownCause::none) return ++out[open_line(rule, hole)], void();
      if (!group) return;
      if (v.provisional) ++out[open_line(rule, v.cause)];
      matches[{i, *group}].push_back({e, !v.provisional});
    });
  }
  for (const auto& [key, found] : matches) {
    const rules::Rule& rule = judges.rules()[key.first];
    for (std::size_t i = 0; i < found.size();) {
      std::size_t n = i;
      bool is_final = false;
      do is_final |= found[n++].is_final;
      while (n < found.size() && found[n].event->event_time - found[n - 1].event->event_time <= rule.timespan);
      ++out[alert_line(rule, alert_id(rule, key.second, found[i].event->id), n - i, found[n - 1].event->event_time,
                       is_final)];
      i = n;
    }
  }
  return out;
}

std::string difference(const Lines& ours, const Lines& theirs) {
  std::string out;
  for (const auto& [line, n] : ours)
    if (const auto at = theirs.find(line); at == theirs.end() || at->second != n)
      out += fmt::format("the facts say {} times: {}\n", n, line);
  for (const auto& [line, n] : theirs)
    if (const auto at = ours.find(line); at == ours.end() || at->second != n)
      out += fmt::format("the engine says {} times: {}\n", n, line);
  return out;
}

std::string found_in(const std::vector<LiveEntry>& entries, std::map<std::string, unsigned>* seen = nullptr) {
  tests::Events words;
  for (const LiveEntry& entry : entries)
    if (const auto* e = std::get_if<EventPtr>(&entry)) words.push_back(*e);
  const auto detection = run(entries);
  const Lines ours = read_off(tests::History(words, {}).events(), *detection);
  if (seen)
    for (const auto& [line, n] : ours) ++(*seen)[line.substr(0, line.find(':')) + (line.ends_with("final") ? "+" : "")];
  return difference(ours, said_by(*detection));
}

std::vector<LiveEntry> shrunk(std::vector<LiveEntry> entries) {
  for (std::size_t i = entries.size(); i-- > 0;) {
    std::vector<LiveEntry> fewer = entries;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!found_in(fewer).empty()) entries = std::move(fewer);
  }
  return entries;
}

TEST(AlertOracle, WhatStandsIsWhatTheFactsSayInTheEnd) {
  std::map<std::string, unsigned> seen;
  unsigned failed = 0;
  const unsigned first = tests::setting("QUAYWATCH_ORACLE_FIRST", 1),
                 streams = tests::setting("QUAYWATCH_ORACLE_STREAMS", kStreams);
  for (unsigned seed = first; seed < first + streams; ++seed) {
    Stream stream(seed);
    std::vector<LiveEntry> entries = stream.live();
    if (seed % 2 == 0) entries = stream.live();
    if (found_in(entries, &seen).empty() || ++failed > 3) continue;
    const auto small = shrunk(entries);
    ADD_FAILURE() << "seed " << seed << "\n" << found_in(small) << "of\n" << tests::text_of(small);
  }
  EXPECT_EQ(failed, 0u) << "streams differ";
  if (streams < kStreams) return;
  // The streams reach what they are meant to reach: rules that fire, and far more questions.
  const auto fired = std::count_if(seen.begin(), seen.end(), [](const auto& s) { return s.first.ends_with('+'); });
  EXPECT_GE(fired, 15);
  EXPECT_GE(seen.size(), 35u);
}

// Everything that the alerts tell, and every open question.
std::string whole(const pipeline::Detection& d) {
  std::string out;
  for (const auto& a : d.standing()) out += tests::text_of(a);
  for (const auto& n : d.not_evaluated()) out += tests::text_of(n);
  return out;
}

TEST(AlertOracle, AnyOrderOfArrivalTellsTheSame) {
  unsigned failed = 0;
  const unsigned first = tests::setting("QUAYWATCH_ORACLE_FIRST", 1),
                 streams = tests::setting("QUAYWATCH_ORACLE_STREAMS", kStreams) / 2;
  for (unsigned seed = first; seed < first + streams; ++seed) {
    Stream stream(seed);
    const auto one = stream.live(), other = stream.live();
    if (whole(*run(one)) == whole(*run(other)) || ++failed > 2) continue;
    ADD_FAILURE() << "seed " << seed << "\n" << whole(*run(one)) << "differs from\n" << whole(*run(other));
  }
  EXPECT_EQ(failed, 0u);
}

journal::Entry entry_of(const LiveEntry& entry) {
  struct Make {
    journal::Entry operator()(const EventPtr& e) const { return e; }
    journal::Entry operator()(const CoverageStatement& s) const { return s; }
    journal::Entry operator()(const FeedExpectation& e) const { return e; }
    journal::Entry operator()(Timestamp at) const { return journal::Tick{at}; }
  };
  return std::visit(Make{}, entry);
}
std::optional<LiveEntry> entry_of(const journal::Entry& entry) {
  if (const auto* e = std::get_if<EventPtr>(&entry)) return *e;
  if (const auto* s = std::get_if<CoverageStatement>(&entry)) return *s;
  if (const auto* e = std::get_if<FeedExpectation>(&entry)) return *e;
  if (const auto* t = std::get_if<journal::Tick>(&entry)) return t->at;
  return std::nullopt;
}

// Written piece by piece, opened anew for each; then read from the beginning.
std::vector<LiveEntry> through_a_journal(const std::vector<LiveEntry>& entries, unsigned seed) {
  const journal::DataFolder folder;
  std::mt19937 random(seed);
  for (std::size_t at = 0; at < entries.size();) {
    auto keys = journal::KeyRing::open(folder.path());
    EXPECT_TRUE(keys.has_value());
    auto log = journal::Log::open(folder.path(), "input", *keys);
    EXPECT_TRUE(log.has_value());
    for (std::size_t n = 1 + random() % 12; n > 0 && at < entries.size(); --n)
      EXPECT_TRUE(log->append(entry_of(entries[at++])).has_value());
    EXPECT_TRUE(log->commit().has_value());
  }
  std::vector<LiveEntry> out;
  auto keys = journal::KeyRing::open(folder.path());
  auto log = journal::Log::open(folder.path(), "input", *keys);
  const auto read = log->replay(0, [&](std::uint64_t, const journal::Entry& entry) -> Result<void> {
    if (auto e = entry_of(entry)) out.push_back(std::move(*e));
    return {};
  });
  EXPECT_TRUE(read.has_value());
  return out;
}

TEST(AlertOracle, ReplayOfAJournalThatRestartsCutTellsTheSame) {
  unsigned failed = 0;
  const unsigned first = tests::setting("QUAYWATCH_ORACLE_FIRST", 1),
                 streams = tests::setting("QUAYWATCH_ORACLE_STREAMS", kStreams) / 10;
  for (unsigned seed = first; seed < first + streams; ++seed) {
    const auto entries = Stream(seed).live();
    const std::string live = whole(*run(entries)), replayed = whole(*run(through_a_journal(entries, seed)));
    if (live == replayed || ++failed > 2) continue;
    ADD_FAILURE() << "seed " << seed << "\n" << live << "differs from\n" << replayed;
  }
  EXPECT_EQ(failed, 0u);
}

}  // namespace
}  // namespace quaywatch
