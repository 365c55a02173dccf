#include "timeline/coverage.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/limits.h"

namespace quaywatch::timeline {
namespace {

constexpr auto kOrder = EventType::order_issued;
Timestamp at(int hour) {
  return {hours(hour).us};
}

CoverageStatement says(std::string feed, std::string facility, int from, int until) {
  return {std::move(feed), std::move(facility), {kOrder}, at(from), at(until), at(until)};
}

TEST(Coverage, AnswersOnlyForWhatWasStated) {
  struct Case {
    const char* what;
    std::vector<CoverageStatement> said;
    const char* facility;
    int from, until;
    Cover expected;
  };
  const std::vector<Case> cases{
      {"nothing said", {}, "A", 1, 2, Cover::no_provider},
      {"inside one file", {says("tos", "A", 0, 24)}, "A", 3, 5, Cover::covered},
      {"both ends are included", {says("tos", "A", 0, 24)}, "A", 0, 24, Cover::covered},
      {"reaches past the file", {says("tos", "A", 0, 24)}, "A", 20, 25, Cover::hole},
      {"two files that touch", {says("tos", "A", 0, 24), says("tos", "A", 24, 48)}, "A", 20, 30, Cover::covered},
      {"a missing day is a hole", {says("tos", "A", 0, 24), says("tos", "A", 48, 72)}, "A", 20, 50, Cover::hole},
      {"another facility's feed says nothing about us", {says("tos", "B", 0, 24)}, "A", 3, 5, Cover::no_provider},
      {"a feed of every facility", {says("tos", "", 0, 24)}, "A", 3, 5, Cover::covered},
      {"one of two feeds suffices", {says("a", "A", 0, 2), says("b", "A", 0, 24)}, "A", 3, 5, Cover::covered},
      {"what one of two feeds lost is a hole",
       {says("a", "A", 0, 2), says("a", "A", 6, 9), says("b", "A", 0, 24)}, "A", 3, 5, Cover::hole},
      {"before the other began", {says("a", "A", 6, 9), says("b", "A", 0, 24)}, "A", 3, 5, Cover::covered},
      {"an empty statement", {says("tos", "A", 9, 3)}, "A", 4, 5, Cover::no_provider},
  };
  for (const Case& c : cases) {
    Coverage coverage;
    for (const auto& s : c.said) coverage.add(s);
    EXPECT_EQ(coverage.ask(kOrder, c.facility, at(c.from), at(c.until)).cover, c.expected) << c.what;
  }
}

TEST(Coverage, OrderOfStatementsDoesNotMatter) {
  Coverage forward, backward;
  for (int day = 0; day < 5; ++day) forward.add(says("tos", "A", day * 24, day * 24 + 24));
  for (int day = 4; day >= 0; --day) backward.add(says("tos", "A", day * 24, day * 24 + 24));
  EXPECT_EQ(forward.ask(kOrder, "A", at(1), at(119)).cover, Cover::covered);
  EXPECT_EQ(backward.ask(kOrder, "A", at(1), at(119)).known_at, forward.ask(kOrder, "A", at(1), at(119)).known_at);
}

TEST(Coverage, ExpectedFeedKeepsTheQuestionOpenUntilItsLatenessHasPassed) {
  Coverage coverage;
  coverage.expect({"tos", "A", {kOrder}, hours(36), at(0)});
  coverage.tick(at(10));
  EXPECT_EQ(coverage.ask(kOrder, "A", at(2), at(3)).cover, Cover::pending);
  coverage.tick(at(39) + Duration{1});
  EXPECT_EQ(coverage.ask(kOrder, "A", at(2), at(3)).cover, Cover::hole);
  coverage.add(says("tos", "A", 0, 24));
  EXPECT_EQ(coverage.ask(kOrder, "A", at(2), at(3)).cover, Cover::covered);
}

TEST(Coverage, OnePendingFeedHoldsTheOthersBack) {
  Coverage coverage;
  coverage.add(says("a", "A", 0, 24));
  coverage.expect({"b", "A", {kOrder}, hours(36), at(0)});
  coverage.tick(at(10));
  EXPECT_EQ(coverage.ask(kOrder, "A", at(2), at(3)).cover, Cover::pending);
}

TEST(Coverage, TellsWhenAnAbsenceOpensAgain) {
  Coverage coverage;
  EXPECT_EQ(coverage.add(says("tos", "A", 0, 24)), Coverage::Change::opened);
  EXPECT_EQ(coverage.add(says("tos", "A", 24, 48)), Coverage::Change::grown);
  EXPECT_EQ(coverage.expect({"desk", "A", {kOrder}, hours(1), at(0)}), Coverage::Change::opened)
      << "what another feed covers is open again";
  EXPECT_EQ(coverage.expect({"desk", "A", {kOrder}, hours(1), at(0)}), Coverage::Change::within)
      << "said again it changes nothing";
  EXPECT_EQ(coverage.add(says("tos", "B", 0, 24)), Coverage::Change::opened);
  EXPECT_EQ(coverage.expect({"desk", "", {kOrder}, hours(1), at(0)}), Coverage::Change::opened);
  EXPECT_EQ(coverage.add(says("tos", "C", 0, 24)), Coverage::Change::within);
  EXPECT_EQ(coverage.add(says("tos", "A", 96, 120)), Coverage::Change::opened) << "two days are lost";
  EXPECT_EQ(coverage.add(says("tos", "A", 48, 96)), Coverage::Change::within) << "and here they are";
}

TEST(Coverage, TheLaterExpectationHoldsWhicheverArrivesLast) {
  const FeedExpectation first{"tos", "A", {kOrder}, hours(36), at(0)}, second{"tos", "A", {kOrder}, hours(2), at(5)};
  Coverage forward, backward;
  forward.expect(first), forward.expect(second);
  backward.expect(second), backward.expect(first);
  for (Coverage* c : {&forward, &backward}) {
    c->tick(at(10));
    EXPECT_EQ(c->ask(kOrder, "A", at(2), at(3)).cover, Cover::hole);
  }
}

TEST(Coverage, ToldBeforeAndAfterIsLost) {
  Coverage coverage;
  coverage.add(says("desk", "A", 0, 24));
  coverage.add(says("tos", "A", 0, 96));
  EXPECT_FALSE(coverage.is_lost("desk", kOrder, "A", at(10), at(30))) << "the rest may still come";
  coverage.add(says("desk", "A", 48, 72));
  EXPECT_TRUE(coverage.is_lost("desk", kOrder, "A", at(10), at(30)));
  EXPECT_TRUE(coverage.is_lost("desk", kOrder, "", at(30), at(31)));
  EXPECT_TRUE(coverage.is_lost("desk", kOrder, "A", at(10), at(80)));
  EXPECT_FALSE(coverage.is_lost("desk", kOrder, "B", at(10), at(30)));
  EXPECT_FALSE(coverage.is_lost("desk", kOrder, "A", at(50), at(80)));
  EXPECT_FALSE(coverage.is_lost("tos", kOrder, "A", at(10), at(30)));
  coverage.add(says("desk", "A", 24, 48));
  EXPECT_FALSE(coverage.is_lost("desk", kOrder, "A", at(10), at(30)));
}

// A feed that invents facilities without end is cut off, the same whatever the order, and absence is then concluded
// from nothing that it might have said.
TEST(Coverage, FacilitiesWithoutEndAreCutOffByName) {
  const int many = static_cast<int>(limits::kCoverageRows) + 100;
  Coverage forward, backward;
  const auto name = [](int i) { return fmt::format("F{:05}", i); };
  for (int i = 0; i < many; ++i) forward.add(says("tos", name(i), 0, 24));
  for (int i = many - 1; i >= 0; --i) backward.add(says("tos", name(i), 0, 24));
  for (const Coverage* c : {&forward, &backward}) {
    EXPECT_EQ(c->rows(kOrder).size(), limits::kCoverageRows);
    EXPECT_EQ(c->refused(), 100u);
    EXPECT_EQ(c->ask(kOrder, name(0), at(1), at(2)).cover, Cover::covered);
    EXPECT_EQ(c->ask(kOrder, name(many - 101), at(1), at(2)).cover, Cover::covered);
    EXPECT_EQ(c->ask(kOrder, name(many - 100), at(1), at(2)).cover, Cover::hole);
    EXPECT_EQ(c->ask(kOrder, name(many - 1), at(1), at(2)).cover, Cover::hole);
  }
}

TEST(Coverage, ReachOfPiecesDoesNotDependOnTheirOrder) {
  const std::vector<std::pair<int, int>> pieces{{0, 50}, {10, 20}, {12, 60}, {30, 40}, {55, 58}, {70, 80}};
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  do {
    Coverage c;
    for (const std::size_t i : order) c.add(says("tos", "A", pieces[i].first, pieces[i].second));
    ASSERT_EQ(c.ask(kOrder, "A", at(31), at(60)).cover, Cover::covered);
    ASSERT_EQ(c.ask(kOrder, "A", at(56), at(60)).cover, Cover::covered);
    ASSERT_EQ(c.ask(kOrder, "A", at(59), at(75)).cover, Cover::hole);
    ASSERT_EQ(c.rows(kOrder)[0].pieces.back().reach, at(80));
    ASSERT_EQ(c.rows(kOrder)[0].pieces[4].reach, at(60));
  } while (std::next_permutation(order.begin(), order.end()));
}

// The piece that completes the answer, looked for without any index.
CoverAnswer asked_plainly(const Coverage::Row& row, Timestamp from, Timestamp until) {
  Timestamp reached = from, known_at = Timestamp::min();
  bool any = false;
  for (const Coverage::Piece& p : row.pieces) {
    if (p.until < reached || p.from > (any ? reached + Duration{1} : from)) continue;
    reached = p.until;
    known_at = std::max(known_at, p.stated_at);
    any = true;
    if (reached >= until) return {Cover::covered, known_at};
  }
  return {Cover::hole, Timestamp::min()};
}

TEST(Coverage, RunsAnswerAsTheirPiecesDo) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 2000; ++round) {
    Coverage c;
    int end = 0;
    for (int i = below(12); i >= 0; --i) {
      // Mostly a stream that goes on, sometimes a file about any time.
      const int from = below(4) > 0 ? end : below(20);
      end = from + below(4);
      CoverageStatement s = says("tos", "A", from, end);
      s.stated_at = at(below(4) > 0 ? end : below(24));
      c.add(s);
    }
    for (int from = 0; from < 22; ++from)
      for (int until = from; until < 24; ++until) {
        const CoverAnswer plain = asked_plainly(c.rows(kOrder)[0], at(from), at(until));
        const CoverAnswer told = c.ask(kOrder, "A", at(from), at(until));
        ASSERT_EQ(told.cover, plain.cover) << round;
        if (plain.cover != Cover::covered) continue;
        ASSERT_EQ(told.known_at, plain.known_at) << round << ": " << from << " to " << until;
      }
  }
}

}  // namespace
}  // namespace quaywatch::timeline
