#include "ingest/intake.h"

#include <gtest/gtest.h>

namespace quaywatch::ingest {
namespace {

Event event(EventType type, Classifier classifier, std::int64_t day) {
  Event e;
  e.type = type;
  e.classifier = classifier;
  e.feed = "lines";
  e.facility = "ZZQAY/T1";
  e.event_time = Timestamp{} + days(day);
  e.received_at = Timestamp{} + days(1);
  return e;
}

// A sailing planned for next month does not show that the feed will speak until then.
TEST(ObservedCoverage, PlansDoNotReachAhead) {
  ObservedCoverage coverage;
  coverage.see(event(EventType::container_gate_in, Classifier::actual, 1));
  coverage.see(event(EventType::container_gate_in, Classifier::actual, 3));
  coverage.see(event(EventType::vessel_departed, Classifier::planned, 40));
  const auto statements = coverage.statements();
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(statements[0].until, Timestamp{} + days(3));
}

TEST(ObservedCoverage, RostersSpeakOfTheFuture) {
  ObservedCoverage coverage;
  coverage.see(event(EventType::roster_planned, Classifier::planned, 1));
  coverage.see(event(EventType::roster_planned, Classifier::planned, 7));
  const auto statements = coverage.statements();
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(statements[0].until, Timestamp{} + days(7));
}

TEST(ObservedCoverage, PlansAloneCoverNothing) {
  ObservedCoverage coverage;
  coverage.see(event(EventType::vessel_departed, Classifier::planned, 40));
  EXPECT_TRUE(coverage.statements().empty());
}

}  // namespace
}  // namespace quaywatch::ingest
