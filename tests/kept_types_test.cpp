// What a fact rests on: with the events alone that Timelines::rested_on() names, and those that are asked about, each
// fact of random streams is what it is with all events, and rests on the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "tests/oracle.h"
#include "tests/oracle_stream.h"
#include "timeline/coverage.h"
#include "timeline/timelines.h"

namespace quaywatch {
namespace {

using timeline::EventTypes;
using timeline::Timelines;

std::string told(Timelines& timelines, const EventPtr& e, const timeline::Coverage& coverage, FieldId fact) {
  timeline::Facts facts;
  timelines.facts(e, coverage, facts);
  std::string out;
  facts.values.each(fact, [&](const Value& v) {
    out += v.is_unknown() ? fmt::format(" unknown: {}", name(v.cause)) : " " + to_text(v);
  });
  facts.each_citation([&](FieldId f, const timeline::Citation& c) {
    if (f == fact)
      out += c.event ? " by " + c.event->id.hex() : " by a search for " + std::string(info(c.search->type).name);
  });
  return out;
}

// Of the events of a stream, by id.
using Told = std::map<std::string, std::string>;

void tell(const tests::Events& events, const timeline::Coverage& coverage, FieldId fact, const EventTypes& kept,
          const EventTypes& asked, Told& out) {
  Timelines timelines([&](EventType, FieldId f) { return f == fact; });
  for (const EventPtr& e : events)
    if (timeline::contains(kept | asked, e->type)) timelines.insert(e);
  for (const EventPtr& e : events)
    if (timeline::contains(asked, e->type)) out[e->id.hex()] = told(timelines, e, coverage, fact);
}

TEST(KeptTypes, AFactRestsOnTheTypesThatItsQuestionNames) {
  constexpr unsigned kStreams = 150;
  std::map<std::string, std::set<unsigned>> failed;
  std::size_t seen = 0;
  for (unsigned seed = 1; seed <= kStreams; ++seed) {
    const tests::Stream stream(seed);
    const tests::History history(tests::Events(stream.words), stream.coverage);
    timeline::Coverage coverage;
    for (const CoverageStatement& s : stream.coverage) coverage.add(s);
    EventTypes types;
    for (const EventPtr& e : history.events()) types.set(static_cast<std::size_t>(e->type));
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      const auto fact = static_cast<FieldId>(i);
      if (!info(fact).is_fact) continue;
      Told whole, few;
      tell(history.events(), coverage, fact, types, types, whole);
      seen += static_cast<std::size_t>(
          std::count_if(whole.begin(), whole.end(), [](const auto& t) { return !t.second.empty(); }));
      const EventTypes kept = Timelines([&](EventType, FieldId f) { return f == fact; }).rested_on();
      for (std::size_t t = 0; t < kEventTypeCount; ++t)
        if (types.test(t)) tell(history.events(), coverage, fact, kept, EventTypes().set(t), few);
      if (whole != few) failed[std::string(info(fact).name)].insert(seed);
    }
  }
  for (const auto& [fact, seeds] : failed)
    ADD_FAILURE() << fact << " differs in " << seeds.size() << " streams, first in seed " << *seeds.begin();
  EXPECT_GT(seen, 5'000U);
}

}  // namespace
}  // namespace quaywatch
