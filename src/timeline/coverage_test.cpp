#include "timeline/coverage.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

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
  EXPECT_TRUE(coverage.add(says("tos", "A", 0, 24)));
  EXPECT_FALSE(coverage.add(says("tos", "A", 24, 48)));
  EXPECT_TRUE(coverage.expect({"desk", "A", {kOrder}, hours(1), at(0)})) << "what another feed covers is open again";
  EXPECT_FALSE(coverage.expect({"desk", "A", {kOrder}, hours(1), at(0)})) << "said again it changes nothing";
  EXPECT_TRUE(coverage.add(says("tos", "B", 0, 24)));
  EXPECT_TRUE(coverage.expect({"desk", "", {kOrder}, hours(1), at(0)}));
  EXPECT_FALSE(coverage.add(says("tos", "C", 0, 24)));
  EXPECT_TRUE(coverage.add(says("tos", "A", 96, 120))) << "two days are lost";
  EXPECT_FALSE(coverage.add(says("tos", "A", 48, 96))) << "and here they are";
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

}  // namespace
}  // namespace quaywatch::timeline
