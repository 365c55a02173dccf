// Who may see behind a pseudonym, for how long, and what may follow what.
#include "identity/unmasking.h"

#include <gtest/gtest.h>

#include "base/limits_server.h"

namespace quaywatch::identity {
namespace {

using enum UnmaskingAction;

const Timestamp kNow = *parse_rfc3339("2026-03-12T08:00:00Z");
const std::string kAlert(32, 'a');

class UnmaskingTest : public testing::Test {
 protected:
  static UnmaskingStep step(UnmaskingAction action, std::string by, Timestamp at = kNow) {
    UnmaskingStep out{at, std::move(by), "o-1", "m-1", action, action == read ? "" : "for the inquiry", {}};
    if (action == ask || action == break_glass)
      out.ground = {"plate-1", kAlert, "", "e-1", "vehicle.plate", "container:QAYU1000011", ""};
    return out;
  }
  // What goes through the journal and comes back; the reason why it may not.
  std::string take(const UnmaskingStep& s) {
    std::string why = book_.refuse(s);
    if (why.empty()) book_.apply(read_unmasking_step(to_text(s), s.at).value());
    return why;
  }
  const Unmasking& one() const { return *book_.find("m-1"); }
  UnmaskingBook book_;
};

TEST_F(UnmaskingTest, TakesTwoAndBothReadForATime) {
  EXPECT_EQ(take(step(ask, "u-1")), "");
  EXPECT_EQ(one().state(kNow), UnmaskingState::asked);
  EXPECT_EQ(one().ground().field, "vehicle.plate");
  EXPECT_EQ(take(step(read, "u-1")), "you may not read this, or no more");
  EXPECT_EQ(take(step(approve, "u-1")), "a second person must do this, not the one who asked");
  EXPECT_EQ(take(step(approve, "u-2", kNow + hours(1))), "");
  EXPECT_EQ(one().state(kNow), UnmaskingState::granted);
  EXPECT_EQ(take(step(read, "u-1", kNow + hours(2))), "");
  EXPECT_EQ(take(step(read, "u-2", kNow + hours(73) - seconds(1))), "");
  EXPECT_NE(take(step(read, "u-1", kNow + hours(73))), "") << "over after 72 hours";
  EXPECT_NE(take(step(read, "u-3", kNow + hours(2))), "") << "nobody else";
  EXPECT_EQ(one().readings.size(), 2u);
  EXPECT_EQ(take(step(refuse, "u-3", kNow + hours(2))), "this was decided already");
}

TEST_F(UnmaskingTest, ARefusalEndsItAndItCanBeAskedAgain) {
  take(step(ask, "u-1"));
  UnmaskingStep again = step(ask, "u-1");
  again.unmasking_id = "m-2";
  EXPECT_EQ(take(again), "you asked for this already, and it waits");
  EXPECT_EQ(take(step(refuse, "u-2")), "");
  EXPECT_EQ(one().state(kNow), UnmaskingState::refused);
  EXPECT_NE(take(step(read, "u-1")), "");
  EXPECT_NE(take(step(approve, "u-3")), "");
  EXPECT_EQ(take(again), "");
}

TEST_F(UnmaskingTest, LapsesWhereNobodyAnswers) {
  take(step(ask, "u-1"));
  EXPECT_EQ(one().state(kNow + days(7) - seconds(1)), UnmaskingState::asked);
  EXPECT_EQ(one().state(kNow + days(7)), UnmaskingState::lapsed);
  EXPECT_NE(take(step(approve, "u-2", kNow + days(7))), "");
}

TEST_F(UnmaskingTest, BrokenGlassIsReadAtOnceForAnHourAndStaysOpenUntilReviewed) {
  EXPECT_EQ(take(step(break_glass, "u-1")), "");
  EXPECT_EQ(take(step(read, "u-1")), "");
  EXPECT_NE(take(step(read, "u-2")), "");
  EXPECT_NE(take(step(read, "u-1", kNow + hours(1))), "") << "over after an hour";
  EXPECT_EQ(take(step(approve, "u-2")), "broken glass is reviewed, not decided");
  EXPECT_EQ(take(step(find_justified, "u-1")), "a second person must do this, not the one who asked");
  EXPECT_TRUE(one().waits(kNow + days(30))) << "overdue, and never forgotten";
  EXPECT_EQ(one().due_at(), kNow + hours(72));
  EXPECT_EQ(take(step(find_justified, "u-2", kNow + days(30))), "");
  EXPECT_FALSE(one().waits(kNow + days(30)));
}

TEST_F(UnmaskingTest, AVerdictAgainstItEndsTheReading) {
  take(step(break_glass, "u-1"));
  EXPECT_EQ(take(step(find_unjustified, "u-2")), "");
  EXPECT_FALSE(one().may_read("u-1", kNow));
  EXPECT_FALSE(one().may_read("u-2", kNow));
}

TEST_F(UnmaskingTest, NobodyBreaksOnWhileNothingIsReviewed) {
  for (std::size_t i = 0; i <= limits::kBrokenGlassUnreviewed; ++i) {
    UnmaskingStep s = step(break_glass, "u-1");
    s.unmasking_id = "m-" + std::to_string(i);
    s.ground.pseudonym = "plate-" + std::to_string(i);
    EXPECT_EQ(take(s).empty(), i < limits::kBrokenGlassUnreviewed) << i;
  }
}

TEST_F(UnmaskingTest, NeedsAReasonThatSaysSomething) {
  UnmaskingStep s = step(ask, "u-1");
  s.reason = " x        ";
  EXPECT_EQ(take(s), "a reason of at least 10 characters is needed");
}

TEST_F(UnmaskingTest, BelongsToWhoAsked) {
  take(step(ask, "u-1"));
  UnmaskingStep other = step(approve, "u-2");
  other.organisation = "o-2";
  EXPECT_EQ(take(other), "there is no such unmasking");
  EXPECT_TRUE(book_.of("o-2").empty());
  EXPECT_EQ(book_.of("o-1").size(), 1u);
}

// Whatever writes the journal: the projection lets nobody decide alone.
TEST_F(UnmaskingTest, AnEntryThatBreaksTheRuleChangesNothing) {
  book_.apply(step(ask, "u-1"));
  book_.apply(step(approve, "u-1"));
  EXPECT_EQ(one().state(kNow), UnmaskingState::asked);
  book_.apply(step(find_justified, "u-2"));
  EXPECT_EQ(one().state(kNow), UnmaskingState::asked);
}

TEST(UnmaskingText, RefusesWhatIsNotOfItsForm) {
  for (const char* text : {"", "[]", "{}", R"({"unmasking_id":"m-1","action":"guess"})"})
    EXPECT_FALSE(read_unmasking_step(text, kNow)) << text;
}

}  // namespace
}  // namespace quaywatch::identity
