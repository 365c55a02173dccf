#include "pipeline/permission.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pipeline/detection.h"

namespace quaywatch::pipeline {
namespace {

const Timestamp kBegin = from_civil_utc({2026, 3, 1});

const AlertBook::OnRevision kNobody = [](const Alert&) {};

std::string rule(const std::string& id, const std::string& field) {
  return "title: Rule " + id + "\nid: " + id + R"(
level: low
falsepositives: [A test.]
logsource: {product: port, category: access}
detection: {s: {event.type: access.granted}, condition: s}
quaywatch:
  group_by: [)" + field + R"(]
  direction: [inbound]
)" + (field == "access.reader" ? "" : "  legal: {personal: [" + field + "], purpose: p, not_for: n}\n");
}

EventPtr entry(Timestamp at) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = EventType::access_granted;
  e->classifier = Classifier::actual;
  e->event_time = e->reported_at = e->received_at = at;
  e->feed = "gate";
  e->fields.add_text(FieldId::credential_id, "C1");
  e->fields.add_text(FieldId::access_reader, "R1");
  seal_event_id(*e, 0);
  return e;
}

rules::Pack pack() {
  auto loaded = rules::Pack::load({{"staff.yml", rule("aaaaaaaa-0000-4000-8000-000000000001", "credential.id")},
                                   {"reader.yml", rule("aaaaaaaa-0000-4000-8000-000000000002", "access.reader")}});
  EXPECT_TRUE(loaded.refused.empty()) << loaded.refused.front().reason;
  return std::move(loaded.pack);
}

TEST(Permission, WithoutAnybodyToAskNoRuleIsOff) {
  Detection detection(pack(), kNobody);
  detection.take(entry(kBegin));
  EXPECT_EQ(detection.standing().size(), 2u);
  EXPECT_EQ(detection.off(), (std::vector<std::uint64_t>{0, 0}));
}

TEST(Permission, OnlyRulesOnStaffDataAreOffAndOnlyOutsideTheTime) {
  Detection detection(pack(), kNobody, {}, [](const rules::Rule&, Timestamp at) { return at >= kBegin; });
  detection.take(entry(kBegin - hours(1)));
  EXPECT_EQ(detection.standing().size(), 1u) << "the rule on readers";
  EXPECT_EQ(detection.off(), (std::vector<std::uint64_t>{1, 0}));
  EXPECT_EQ(detection.asked(), (std::vector<std::uint64_t>{1, 1}));
  detection.take(entry(kBegin));
  EXPECT_EQ(detection.off(), (std::vector<std::uint64_t>{1, 0}));
  EXPECT_EQ(detection.standing().size(), 2u);
}

constexpr const char* kCounting = R"(title: Many
id: aaaaaaaa-0000-4000-8000-000000000003
level: low
falsepositives: [A test.]
correlation:
  type: event_count
  rules: [let_in]
  group-by: [credential.id]
  timespan: 1h
  condition: {gte: 2}
quaywatch:
  direction: [inbound]
  legal: {personal: [credential.id], purpose: p, not_for: n}
---
title: Let in
name: let_in
logsource: {product: port, category: access}
detection: {s: {event.type: access.granted}, condition: s}
)";

// Two events, one of them before the agreement: its window is not wholly covered.
TEST(Permission, ACorrelationNeedsItsWholeWindow) {
  const auto standing = [](Timestamp first) {
    auto loaded = rules::Pack::load({{"many.yml", kCounting}});
    EXPECT_TRUE(loaded.refused.empty()) << loaded.refused.front().reason;
    const auto permits = [](const rules::Rule&, Timestamp at) { return at >= kBegin; };
    Detection detection(std::move(loaded.pack), kNobody, {}, permits);
    detection.take(entry(first));
    detection.take(entry(first + minutes(30)));
    return detection.standing().size();
  };
  EXPECT_EQ(standing(kBegin + hours(2)), 1u);
  EXPECT_EQ(standing(kBegin - minutes(15)), 0u);
  EXPECT_EQ(standing(kBegin + minutes(1)), 0u) << "what was before is not known";
}

}  // namespace
}  // namespace quaywatch::pipeline
