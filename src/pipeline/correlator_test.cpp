// What a person sees of correlations: when an alert is raised, on what, under which id, and what takes it back.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "pipeline/detection.h"

namespace quaywatch::pipeline {
namespace {

// `in` and `out` are gates; `section` is the correlation that joins them.
rules::Pack pack(std::string_view section, std::string_view block = "") {
  auto loaded = rules::Pack::load(
      {{"joined.yml", fmt::format("title: Joined\nid: 11111111-2222-4333-8444-555555555555\nlevel: low\n"
                                  "falsepositives: [none]\ncorrelation: {{group-by: [container.number], {}}}\n"
                                  "quaywatch: {{direction: [inbound], subjects: {{about: [container.number], "
                                  "acted: [vehicle.plate]}}, legal: {{personal: [vehicle.plate], purpose: a test, "
                                  "not_for: else}}{}}}\n"
                                  "---\ntitle: in\nname: in\nlogsource: {{product: port, category: container}}\n"
                                  "detection: {{s: {{event.type: container.gate_in}}, condition: s}}\n"
                                  "---\ntitle: out\nname: out\nlogsource: {{product: port, category: container}}\n"
                                  "detection: {{s: {{event.type: container.gate_out}}, condition: s}}\n",
                                  section, block)}});
  for (const auto& r : loaded.refused)
    if (r.rule == "Joined") ADD_FAILURE() << r.line << ": " << r.reason;
  return std::move(loaded.pack);
}

const char* const kThrice = "type: event_count, rules: [in], timespan: 10m, condition: {gte: 3}";
const char* const kFew = "type: event_count, rules: [in], timespan: 10m, condition: {lt: 3}";
const char* const kStays =
    "type: temporal_ordered, rules: [in, out], timespan: 10m, condition: in and not out";
constexpr EventType kIn = EventType::container_gate_in, kOut = EventType::container_gate_out;

boost::intrusive_ptr<Event> event(EventType type, Duration at, std::string_view box = "TRHU3871247") {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = type;
  e->feed = "gate";
  e->facility = "ZZQAY/T1";
  e->event_time = e->reported_at = e->received_at = {at.us};
  if (!box.empty()) e->fields.add_text(FieldId::container_number, box);
  seal_event_id(*e, 0);
  return e;
}
EventPtr gate(EventType type, int minute) {
  return event(type, minutes(minute));
}

struct Port {
  std::vector<std::string> said;
  Detection detection;
  explicit Port(std::string_view section, std::string_view block = "")
      : detection(pack(section, block), [this](const Alert& a) {
          said.push_back(fmt::format("{} {} x{}", a.revision, name(a.status), a.matches));
        }) {}

  void take(std::initializer_list<EventPtr> events) {
    for (const EventPtr& e : events) detection.take(e);
  }
  void cover(int from, int until) {
    detection.take(CoverageStatement{"gate", "", {kIn, kOut}, {minutes(from).us}, {minutes(until).us}, {}});
  }
  std::string open() const {
    std::string out;
    for (const auto& n : detection.not_evaluated()) out += fmt::format("{} on {};", name(n.cause), n.events);
    return out;
  }
};

TEST(Correlator, AnAlertNamesEveryEventOfItsWindow) {
  Port port(kThrice);
  boost::intrusive_ptr<Event> second = event(kIn, minutes(3));
  second->fields.add_text(FieldId::vehicle_plate, "QA-123");
  seal_event_id(*second, 0);
  port.take({gate(kIn, 0), second, gate(kIn, 10)});
  ASSERT_EQ(port.said, std::vector<std::string>{"1 final x1"}) << "both ends of the window are included";
  const Alert a = port.detection.standing()[0];
  EXPECT_EQ(a.evidence.size(), 3u);
  EXPECT_EQ(a.event_time.us, minutes(10).us) << "of the event that completes it";
  ASSERT_EQ(a.subjects.size(), 2u) << "also of those before it";
  EXPECT_EQ(a.subjects[1].value.text, "QA-123");
  port.take({gate(kIn, 11)});
  EXPECT_EQ(port.said.back(), "2 final x2") << "one episode, one alert";
  EXPECT_EQ(port.detection.standing()[0].evidence.size(), 4u);
  port.take({gate(kIn, 40), gate(kIn, 41), gate(kIn, 42)});
  EXPECT_EQ(port.detection.standing().size(), 2u) << "the timespan passed without a match";
}

// The correlation tells a fact, its parts read none.
TEST(Correlator, APartSaysNothingByItselfWhateverItsCorrelationTells) {
  Port p(kThrice, ", act_before: [release.holder_since]");
  p.take({gate(kIn, 0), gate(kIn, 4), gate(kIn, 8)});
  EXPECT_EQ(p.detection.standing().size(), 1u);
  EXPECT_EQ(p.detection.account().ungrouped, 0u);
}

TEST(Correlator, JustBeyondTheWindowIsOutside) {
  Port port(kThrice);
  port.take({gate(kIn, 0), gate(kIn, 5), event(kIn, minutes(10) + Duration{1})});
  EXPECT_TRUE(port.said.empty());
}

TEST(Correlator, ALateEventRaisesAndAnEarlierFirstOneTakesTheAlertOver) {
  Port port(kThrice);
  port.take({gate(kIn, 2), gate(kIn, 6), gate(kIn, 8)});
  const Id128 was = port.detection.standing()[0].id;
  port.take({gate(kIn, 1)});
  ASSERT_EQ(port.detection.standing().size(), 1u);
  EXPECT_EQ(port.detection.standing()[0].matches, 2u) << "the third of four completes a match now";
  EXPECT_NE(port.detection.standing()[0].id, was);
}

TEST(Correlator, WhatIsTakenBackCountsNoMore) {
  Port port(kThrice);
  boost::intrusive_ptr<Event> said = event(kIn, minutes(5));
  said->natural_key = {1, 1};
  seal_event_id(*said, 0);
  boost::intrusive_ptr<Event> back(new Event(*said));
  back->op = Op::void_;
  back->reported_at = {minutes(20).us};
  seal_event_id(*back, 0);
  port.take({gate(kIn, 1), said, gate(kIn, 8), gate(kIn, 8), back});
  EXPECT_EQ(port.said, (std::vector<std::string>{"1 final x1", "2 withdrawn x1"}));
  EXPECT_EQ(port.detection.account().duplicates, 1u) << "delivered twice, it is one";
}

TEST(Correlator, FewerThanIsJudgedWhenTheWindowIsCovered) {
  Port port(kFew);
  port.take({gate(kIn, 1), gate(kIn, 4)});
  EXPECT_EQ(port.open(), "no_coverage on 1;") << "of the window that the first opens; the second opens none of its own";
  port.cover(0, 8);
  EXPECT_EQ(port.open(), "pending on 1;") << "nobody has spoken of its end yet";
  port.cover(8, 30);
  EXPECT_EQ(port.open(), "");
  ASSERT_EQ(port.said, std::vector<std::string>{"1 final x1"});
  EXPECT_EQ(port.detection.standing()[0].evidence.size(), 3u) << "two events, and the search that found no more";
  port.take({gate(kIn, 7)});
  EXPECT_EQ(port.said.back(), "2 withdrawn x1");
}

TEST(Correlator, AbsenceWaitsForTheWatermarkAndALateEventWithdraws) {
  Port port(kStays);
  port.detection.take(FeedExpectation{"gate", "", {kIn, kOut}, minutes(5), {}});
  port.take({gate(kIn, 1)});
  port.cover(0, 4);
  port.detection.tick({minutes(15).us});
  EXPECT_EQ(port.open(), "pending on 1;") << "an order that is merely not delivered yet is no absence";
  port.detection.tick({minutes(17).us});
  EXPECT_EQ(port.open(), "no_coverage on 1;") << "the feed fell silent: nothing may be concluded";
  EXPECT_TRUE(port.said.empty());
  port.cover(4, 30);
  ASSERT_EQ(port.said, std::vector<std::string>{"1 final x1"});
  const Alert a = port.detection.standing()[0];
  ASSERT_EQ(a.evidence.size(), 2u);
  EXPECT_EQ(a.evidence[1].searched, kOut);
  EXPECT_EQ(a.evidence[1].from.us, minutes(1).us);
  EXPECT_EQ(a.evidence[1].until.us, minutes(11).us);
  port.take({gate(kOut, 11)});
  EXPECT_EQ(port.said.back(), "2 withdrawn x1");
}

TEST(Correlator, WhatMayStillExonerateLeavesAnAlertProvisional) {
  Port port(kStays, ", exonerates: [out]");
  port.take({gate(kIn, 1)});
  EXPECT_EQ(port.said, std::vector<std::string>{"1 provisional x1"});
  EXPECT_EQ(port.detection.standing()[0].missing_cause, UnknownCause::no_coverage);
  port.cover(0, 30);
  EXPECT_EQ(port.said.back(), "2 final x1");
}

TEST(Correlator, ClocksThatDoNotTellTheOrderLeaveItOpen) {
  Port port("type: temporal_ordered, rules: [in, out], timespan: 10m");
  port.take({gate(kIn, 5), gate(kOut, 5)});
  EXPECT_EQ(port.open(), "order on 1;") << "two records of one instant are in no order";
  boost::intrusive_ptr<Event> vague = event(kIn, minutes(3));
  vague->time_error_s = 60;
  port.take({vague});
  EXPECT_EQ(port.open(), "");
  EXPECT_EQ(port.said, std::vector<std::string>{"1 final x1"});
}

TEST(Correlator, AnEventWithoutTheGroupIsCounted) {
  Port port(kThrice);
  port.take({gate(kIn, 1), gate(kIn, 2), event(kIn, minutes(3), "")});
  EXPECT_TRUE(port.said.empty());
  EXPECT_EQ(port.detection.account().ungrouped_hits, 1u);
}

TEST(Correlator, ACrowdIsBoundedAndCounted) {
  Port port(kThrice);
  const auto n = static_cast<int>(limits::kGroupHits) + 20;
  for (int i = 0; i < n; ++i) port.take({event(kIn, seconds(i))});
  const auto standing = port.detection.standing();
  ASSERT_EQ(standing.size(), 1u);
  EXPECT_EQ(standing[0].matches, static_cast<std::size_t>(n - 2));
  EXPECT_EQ(standing[0].evidence.size(), limits::kAlertEvidence);
  EXPECT_EQ(standing[0].evidence.size() + standing[0].evidence_omitted, static_cast<std::size_t>(n));
  EXPECT_EQ(port.detection.account().dropped_hits, 20u);
  port.take({event(kIn, seconds(0) + Duration{1})});
  EXPECT_EQ(port.detection.account().dropped_hits, 21u) << "it lies before what is kept";
  EXPECT_EQ(port.detection.standing()[0].matches, static_cast<std::size_t>(n - 2));
}

}  // namespace
}  // namespace quaywatch::pipeline
