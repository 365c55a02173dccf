#include "pipeline/alert_book.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace quaywatch::pipeline {
namespace {

rules::Rule rule() {
  rules::Rule r;
  r.id = "00000000-0000-4000-8000-000000000001";
  r.timespan = hours(1);
  return r;
}

Match match_at(int minute, bool provisional = false) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = EventType::container_moved;
  e->event_time = {minutes(minute).us};
  e->received_at = e->event_time + minutes(1);
  seal_event_id(*e, 0);
  Match m;
  m.event = e;
  m.provisional = provisional;
  m.knowable_at = e->received_at;
  m.evidence.push_back({e, {}, {}, {}, {}});
  return m;
}

struct Book {
  std::vector<std::string> said;
  AlertBook book{[this](const Alert& a) {
    said.push_back(std::string(name(a.status)) + " " + std::to_string(a.revision) + " x" + std::to_string(a.matches));
  }};
};

TEST(AlertBook, AnEpisodeEndsWhenTheTimespanPassesWithoutAMatch) {
  const auto r = rule();
  Book b;
  for (const int minute : {0, 60, 120, 181}) b.book.set(r, "g", match_at(minute));
  const auto standing = b.book.standing();
  ASSERT_EQ(standing.size(), 2u);
  EXPECT_EQ(standing[0].matches, 3u);
  EXPECT_EQ(standing[1].matches, 1u);
}

TEST(AlertBook, ProvisionalBecomesFinalAsARevisionAndWithdrawsWhenTheMatchGoes) {
  const auto r = rule();
  Book b;
  const Match m = match_at(5, true);
  b.book.set(r, "g", m);
  Match final_match = m;
  final_match.provisional = false;
  b.book.set(r, "g", final_match);
  b.book.set(r, "g", final_match);  // nothing new is no revision
  b.book.remove(r, "g", place(*m.event));
  EXPECT_EQ(b.said, (std::vector<std::string>{"provisional 1 x1", "final 2 x1", "withdrawn 3 x1"}));
  EXPECT_TRUE(b.book.standing().empty());
}

TEST(AlertBook, ALateFirstEventMovesTheIdAndSaysWhatTookItsPlace) {
  const auto r = rule();
  std::vector<Alert> all;
  AlertBook book([&](const Alert& a) { all.push_back(a); });
  book.set(r, "g", match_at(30));
  book.set(r, "g", match_at(10));
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].status, AlertStatus::withdrawn);
  EXPECT_EQ(all[1].id, all[0].id);
  EXPECT_EQ(all[1].superseded_by, all[2].id);
  EXPECT_EQ(all[2].matches, 2u);
}

TEST(AlertBook, StandingAlertsDoNotDependOnTheOrderOfMatches) {
  const auto r = rule();
  Book forward, backward;
  for (int i = 0; i < 20; ++i) forward.book.set(r, "g", match_at(i * 47));
  for (int i = 19; i >= 0; --i) backward.book.set(r, "g", match_at(i * 47));
  const auto a = forward.book.standing(), b = backward.book.standing();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].id, b[i].id);
}

TEST(AlertBook, EvidenceIsBoundedAndTheRestCounted) {
  const auto r = rule();
  Book b;
  for (int i = 0; i < 130; ++i) b.book.set(r, "g", match_at(i));
  const auto standing = b.book.standing();
  ASSERT_EQ(standing.size(), 1u);
  EXPECT_EQ(standing[0].evidence.size(), limits::kAlertEvidence);
  EXPECT_EQ(standing[0].evidence_omitted, 30u);
}

}  // namespace
}  // namespace quaywatch::pipeline
