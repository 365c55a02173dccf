#include "pipeline/detection.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <tuple>

#include "base/limits.h"

namespace quaywatch::pipeline {
namespace {

rules::Pack pack(const std::string& filter = {}, const std::string& needs = {}) {
  auto loaded = rules::Pack::load({{"moved.yml", R"(title: Any move
id: 11111111-2222-4333-8444-555555555555
status: test
logsource: {product: port, category: container}
detection:
  move: {event.type: container.moved}
  condition: move
level: low
falsepositives: [None is needed here.]
quaywatch:
  invariant: I2
  mo: [MO-5]
  direction: [inbound]
  group_by: [container.number]
  timespan: 24h
  subjects: {about: [container.number]}
  actions: [Look at it.]
  legal: {personal: [], purpose: A test., not_for: Anything else.}
)" + needs}, {"filter.yml", filter}});
  for (const auto& r : loaded.refused) ADD_FAILURE() << r.path << ":" << r.line << ": " << r.reason;
  return std::move(loaded.pack);
}

constexpr const char* kDrill = R"(title: Drill in block D
logsource: {product: port, category: container}
filter:
  rules: [11111111-2222-4333-8444-555555555555]
  drill: {location.to|startswith: D}
  condition: not drill
quaywatch: {owner: yard manager, reason: Drill., from: '1970-01-01T00:00:00Z', until: '1970-01-02T00:00:00Z'}
)";

// A word of a feed on one happening, said at `reported`.
EventPtr word(Op op, int reported, std::string_view to, Id128 key = {1, 1}, int at = 10) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = EventType::container_moved;
  e->op = op;
  e->feed = "tos";
  e->natural_key = key;
  e->event_time = {minutes(at).us};
  e->reported_at = e->received_at = {minutes(reported).us};
  e->fields.add_text(FieldId::container_number, "TRHU3871247");
  e->fields.add_text(FieldId::location_to, to);
  seal_event_id(*e, 0);
  return e;
}

struct Port {
  explicit Port(const std::string& needs = {}) : detection(pack({}, needs), [](const Alert&) {}) {}
  Detection detection;
  std::size_t standing() const { return detection.standing().size(); }
};

CoverageStatement says(const std::string& feed, EventType type, int from, int until) {
  return {feed, "", {type}, {minutes(from).us}, {minutes(until).us}, {minutes(until).us}};
}

EventPtr of_type(EventType type, int at, Id128 key = {}, Op op = Op::assert_) {
  boost::intrusive_ptr<Event> e(new Event(*word(op, at, "A01", key, at)));
  e->type = type;
  seal_event_id(*e, 0);
  return e;
}

// Over sorted events the same is said and counted, and nothing is kept that no rule asks for.
TEST(Detection, WhatNoRuleAsksForIsCountedAndNotKept) {
  const std::vector<EventPtr> events = {
      of_type(EventType::container_moved, 1), of_type(EventType::container_weighed, 2, {7, 7}),
      of_type(EventType::container_weighed, 3), of_type(EventType::container_weighed, 4, {7, 7}, Op::correct),
      of_type(EventType::container_moved, 5, {8, 8}), of_type(EventType::container_weighed, 6, {8, 8}, Op::void_)};
  Port whole, sorted;
  sorted.detection.begin_sorted();
  EXPECT_TRUE(sorted.detection.keeps(EventType::container_moved));
  EXPECT_FALSE(sorted.detection.keeps(EventType::container_weighed));
  for (Port* port : {&whole, &sorted})
    for (const EventPtr& e : events) port->detection.take(e);
  EXPECT_EQ(whole.standing(), 1U);
  EXPECT_EQ(sorted.standing(), 1U);
  EXPECT_EQ(whole.detection.timelines().events_held(), 3U);
  EXPECT_EQ(sorted.detection.timelines().events_held(), 1U);
  const DetectionAccount &a = whole.detection.account(), &b = sorted.detection.account();
  EXPECT_EQ(std::tie(a.taken, a.evaluated, a.no_rule, a.superseded, a.duplicates),
            std::tie(b.taken, b.evaluated, b.no_rule, b.superseded, b.duplicates));
  EXPECT_EQ(b.evaluated, 1U);
  EXPECT_EQ(b.no_rule, 2U);
  EXPECT_EQ(b.superseded, 3U);
}

TEST(Detection, CoverageIsAskedAgainByWhoAskedForItsTypeAndOnceForSeveralFeeds) {
  Port run("  requires: [order.issued]\n");
  const auto judged = [&] { return run.detection.account().reevaluations; };
  for (const char* feed : {"tos", "planning"}) run.detection.take(says(feed, EventType::order_issued, 0, 5));
  run.detection.take(says("scales", EventType::container_weighed, 0, 5));
  run.detection.take(word(Op::assert_, 20, "A1"));
  EXPECT_EQ(run.standing(), 0u);
  run.detection.take(says("scales", EventType::container_weighed, 5, 60));
  EXPECT_EQ(judged(), 0u);
  const CoverageStatement grown[] = {says("tos", EventType::order_issued, 5, 60),
                                     says("planning", EventType::order_issued, 5, 60)};
  run.detection.take(grown);
  EXPECT_EQ(judged(), 1u);
  EXPECT_EQ(run.standing(), 1u);
}

TEST(Detection, TheLastCorrectionOfManyStandsInAnyOrder) {
  constexpr int kWords = 2000;
  for (const bool is_backward : {false, true}) {
    Port run;
    for (int i = 0; i < kWords; ++i) {
      const int n = is_backward ? kWords - 1 - i : i;
      run.detection.take(word(Op::correct, 20 + n, fmt::format("A{}", n)));
    }
    ASSERT_EQ(run.standing(), 1u);
    const auto evidence = run.detection.standing()[0].evidence;
    ASSERT_EQ(evidence.size(), 1u);
    EXPECT_EQ(evidence[0].event->text(FieldId::location_to), fmt::format("A{}", kWords - 1));
    EXPECT_EQ(run.detection.account().superseded, static_cast<std::uint64_t>(kWords - 1));
  }
}

TEST(Detection, AVoidTakesBackWhatWasSaidBeforeItEvenWhenThatArrivesLater) {
  Port run;
  run.detection.take(word(Op::assert_, 20, "A"));
  run.detection.take(word(Op::void_, 30, "A"));
  EXPECT_EQ(run.standing(), 0u);
  run.detection.take(word(Op::correct, 25, "B"));
  EXPECT_EQ(run.standing(), 0u);
  run.detection.take(word(Op::assert_, 40, "C"));
  EXPECT_EQ(run.standing(), 1u);
  run.detection.take(word(Op::assert_, 40, "C"));
  EXPECT_EQ(run.detection.account().duplicates, 1u);
}

// No fact has a part in such a match, and what the judgement left does not name it.
TEST(Detection, AMatchThatItsEventTellsGoesWithIt) {
  Port p;
  for (unsigned n = 0; n < 5; ++n)
    p.detection.take(word(Op::assert_, 10, "A01-1", {1, 1 + n}, static_cast<int>(n)));
  ASSERT_EQ(p.detection.standing().size(), 1u);
  EXPECT_EQ(p.detection.standing()[0].matches, 5u);
  p.detection.take(word(Op::correct, 20, "A01-2", {1, 1}, 1));
  p.detection.take(word(Op::void_, 20, "A01-1", {1, 5}, 4));
  ASSERT_EQ(p.detection.standing().size(), 1u);
  EXPECT_EQ(p.detection.standing()[0].matches, 4u);
  EXPECT_EQ(p.detection.standing()[0].event_time, Timestamp{minutes(1).us});
  for (unsigned n = 1; n < 5; ++n) p.detection.take(word(Op::void_, 30, "A01-1", {1, n}, 0));
  EXPECT_TRUE(p.detection.standing().empty());
}

TEST(Detection, WhatWasTakenBackStandsNoMore) {
  Port run;
  const EventPtr said = word(Op::assert_, 20, "A"), corrected = word(Op::correct, 30, "B"),
                 back = word(Op::void_, 40, "B"), unkeyed = word(Op::assert_, 20, "C", {});
  for (const EventPtr& e : {said, unkeyed}) run.detection.take(e);
  EXPECT_TRUE(run.detection.stands(said) && run.detection.stands(unkeyed));
  run.detection.take(corrected);
  EXPECT_FALSE(run.detection.stands(said));
  EXPECT_TRUE(run.detection.stands(corrected));
  run.detection.take(back);
  EXPECT_FALSE(run.detection.stands(corrected) || run.detection.stands(back));
  EXPECT_TRUE(run.detection.stands(unkeyed));
}

// An exception covers an alert as long as it covers every match: one that it does not cover has it shown.
TEST(Detection, AnExceptionCoversAnAlertWhileItCoversEveryMatch) {
  std::vector<std::optional<std::size_t>> told;
  Detection detection{pack(kDrill), [&](const Alert& a) { told.push_back(a.exception); }};
  const auto covers = [&] {
    const auto standing = detection.standing();
    return standing.size() == 1 && standing[0].exception.has_value();
  };
  detection.take(word(Op::assert_, 20, "D1"));
  EXPECT_TRUE(covers());
  detection.take(word(Op::assert_, 20, "D2", {2, 2}, 15));
  EXPECT_TRUE(covers());
  detection.take(word(Op::assert_, 20, "A1", {3, 3}, 5));
  EXPECT_FALSE(covers());
  detection.take(word(Op::void_, 30, "A1", {3, 3}, 5));
  EXPECT_TRUE(covers());
  detection.take(word(Op::assert_, 20, "D1", {4, 4}, 24 * 60 + 1));
  EXPECT_FALSE(covers()) << "it ended at midnight";
  ASSERT_FALSE(told.empty());
  EXPECT_TRUE(told.front()) << "a covered alert is raised like any other";
  EXPECT_FALSE(told.back()) << "that it is no longer covered is a revision";
}

TEST(Detection, CountsTheEventsThatARuleWasAskedAbout) {
  Port run;
  EXPECT_EQ(run.detection.asked(), std::vector<std::uint64_t>{0});
  run.detection.take(word(Op::assert_, 20, "A"));
  boost::intrusive_ptr<Event> other(new Event);
  other->type = EventType::container_gate_in;
  seal_event_id(*other, 0);
  run.detection.take(other);
  EXPECT_EQ(run.detection.asked(), std::vector<std::uint64_t>{1}) << "the rule asks about moves alone";
  run.detection.take(word(Op::void_, 30, ""));
  EXPECT_EQ(run.detection.asked(), std::vector<std::uint64_t>{0}) << "what was taken back is not counted";
}

}  // namespace
}  // namespace quaywatch::pipeline
