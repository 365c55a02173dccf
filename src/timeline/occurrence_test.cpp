#include "timeline/occurrence.h"

#include <gtest/gtest.h>

namespace quaywatch::timeline {
namespace {

boost::intrusive_ptr<Event> event(EventType type, std::int64_t minute, std::int64_t error_s, std::string feed) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = type;
  e->event_time = {minutes(minute).us};
  e->time_error_s = error_s;
  e->feed = std::move(feed);
  seal_event_id(*e, 0);
  return e;
}

TEST(Occurrence, BeforeIsUnknownWhereErrorsTouch) {
  const auto gate_out = EventType::container_gate_out;
  struct Case {
    std::int64_t a_min, a_error_s, b_min, b_error_s;
    Truth expected;
  };
  for (const Case& c : std::vector<Case>{
           {0, 0, 5, 0, Truth::yes},
           {5, 0, 0, 0, Truth::no},
           {0, 300, 5, 0, Truth::unknown},  // 00:05 + 0 is reached exactly
           {0, 299, 5, 0, Truth::yes},
           {0, 120, 5, 181, Truth::unknown},
           {60, 3600, 0, 0, Truth::unknown}  // the repeated hour of autumn
       })
    EXPECT_EQ(before(*event(gate_out, c.a_min, c.a_error_s, "a"), *event(gate_out, c.b_min, c.b_error_s, "b")),
              c.expected)
        << c.a_min << " " << c.b_min;
}

TEST(Occurrence, TwoFeedsWithinTheCataloguesSpanAreOneHappening) {
  const auto gate_out = EventType::container_gate_out;
  const auto codeco = event(gate_out, 0, 0, "codeco");
  EXPECT_TRUE(same_occurrence(*codeco, *event(gate_out, 30, 0, "portal")));
  EXPECT_FALSE(same_occurrence(*codeco, *event(gate_out, 31, 0, "portal")));
  EXPECT_TRUE(same_occurrence(*codeco, *event(gate_out, 60, 3600, "portal")));
  EXPECT_FALSE(same_occurrence(*codeco, *event(gate_out, 1, 0, "codeco")));
  EXPECT_TRUE(same_occurrence(*codeco, *event(gate_out, 0, 0, "codeco")));  // sent again
  EXPECT_FALSE(same_occurrence(*codeco, *event(EventType::container_gate_in, 1, 0, "portal")));
  boost::intrusive_ptr<Event> plan(new Event(*codeco));
  plan->classifier = Classifier::planned;
  EXPECT_FALSE(same_occurrence(*codeco, *plan));
  // Badge passages never merge: two readings a second apart are two passages.
  EXPECT_FALSE(
      same_occurrence(*event(EventType::access_granted, 0, 0, "a"), *event(EventType::access_granted, 0, 0, "b")));
}

TEST(Occurrence, AWholePortAndItsTerminalsMayBeOnePlace) {
  EXPECT_TRUE(may_be_same_place("SIKOP/KTV", "SIKOP/KTV"));
  EXPECT_TRUE(may_be_same_place("SIKOP", "SIKOP/KTV"));
  EXPECT_TRUE(may_be_same_place("SIKOP/KTV", "SIKOP"));
  EXPECT_TRUE(may_be_same_place("", "SIKOP/KTV"));
  EXPECT_FALSE(may_be_same_place("SIKOP/KTV", "SIKOP/RO"));
  EXPECT_FALSE(may_be_same_place("SIKOP/K", "SIKOP/KTV"));
  EXPECT_FALSE(may_be_same_place("SIKO", "SIKOP/KTV"));
}

}  // namespace
}  // namespace quaywatch::timeline
