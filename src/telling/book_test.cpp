// Who is told what and when, with a clock that is a number.
#include "telling/book.h"

#include <gtest/gtest.h>

#include <set>

#include "base/limits_server.h"

namespace quaywatch::telling {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-03-12T08:00:00Z");
const Recipient kDesk{"channel:desk", "desk", {}, "o-1"};

Notice notice(std::string alert_id, std::uint32_t revision = 1, std::string status = "final") {
  return {std::move(alert_id), revision, {}, std::move(status), "high", "A title", "ZZQAY/T1", kNow};
}

class BookTest : public testing::Test {
 protected:
  static std::vector<OnCall> on_call() {
    return {{"first", "desk", {}, minutes(5)}, {"second", "desk", {}, minutes(10)}};
  }
  // What goes through the journal and comes back.
  void attempt(const Message& message, Outcome outcome, Timestamp at) {
    const auto read = read_attempt(to_text(Attempt{at, message, outcome, "why"}), at);
    ASSERT_TRUE(read);
    kept_.push_back(*read);
    book_.apply(*read);
  }
  std::optional<Message> next(Timestamp at) {
    auto due = book_.due(at);
    EXPECT_LE(due.size(), 1u);
    return due.empty() ? std::nullopt : std::optional(due.front());
  }
  void tell(Timestamp at) {
    const auto message = next(at);
    ASSERT_TRUE(message);
    attempt(*message, Outcome::delivered, at);
  }
  void ask(std::string login, Timestamp at, bool is_withheld = false) {
    book_.apply(*read_asked(to_text(Asked{at, "a", std::move(login), "u-1", "o-1", is_withheld}), at));
  }
  Book restarted() const {
    Book out(on_call(), 10);
    for (const Attempt& a : kept_) out.apply(a);
    return out;
  }
  Book book_{on_call(), 10};
  std::vector<Attempt> kept_;
  Book after_{on_call(), 10};
};

TEST_F(BookTest, WhatWasTakenIsNotToldAgainAfterARestart) {
  book_.offer(kDesk, notice("a"), kNow);
  book_.offer(kDesk, notice("b"), kNow);
  tell(kNow);
  Book after = restarted();
  after.offer(kDesk, notice("a"), kNow);
  after.offer(kDesk, notice("b"), kNow);
  const auto due = after.due(kNow);
  ASSERT_EQ(due.size(), 1u);
  ASSERT_EQ(due.front().notices.size(), 1u);
  EXPECT_EQ(due.front().notices.front().alert_id, "b");
}

TEST_F(BookTest, WhatFailedIsTriedAgainLaterWithTheSameId) {
  book_.offer(kDesk, notice("a"), kNow);
  const auto first = next(kNow);
  ASSERT_TRUE(first);
  attempt(*first, Outcome::failed, kNow);
  EXPECT_FALSE(next(kNow + seconds(1)));
  const auto second = next(kNow + limits::kTellingRetryFirst);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->id, first->id);
  EXPECT_EQ(second->attempt, 2u);
  attempt(*second, Outcome::failed, kNow + seconds(2));
  EXPECT_FALSE(next(kNow + seconds(5))) << "the pause doubles";
  EXPECT_TRUE(next(kNow + seconds(6)));
  ASSERT_EQ(book_.story("a")->attempts.size(), 1u) << "of failures in a row the last";
  EXPECT_EQ(book_.story("a")->attempts.front().message.attempt, 2u);
  tell(kNow + seconds(6));
  EXPECT_EQ(book_.story("a")->attempts.size(), 2u) << "that it failed stays to be seen";
}

TEST_F(BookTest, APauseNeverGrowsBeyondItsLimit) {
  Timestamp at = kNow;
  book_.offer(kDesk, notice("a"), at);
  for (int i = 0; i < 40; ++i) {
    const auto message = next(at);
    ASSERT_TRUE(message);
    attempt(*message, Outcome::failed, at);
    at = at + limits::kTellingRetryMost;
  }
}

TEST_F(BookTest, WhoWasToldIsToldOfRevisionAndWithdrawal) {
  book_.offer(kDesk, notice("a", 1, "provisional"), kNow);
  tell(kNow);
  book_.offer(kDesk, notice("a", 2, "final"), kNow + seconds(1));
  auto message = next(kNow + seconds(1));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->notices.front().news, News::revised);
  tell(kNow + seconds(1));
  book_.offer(kDesk, notice("a", 3, "withdrawn"), kNow + seconds(2));
  message = next(kNow + seconds(2));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->notices.front().news, News::withdrawn);
}

TEST_F(BookTest, WhatIsWithdrawnBeforeItWasToldIsNotTold) {
  book_.offer(kDesk, notice("a"), kNow);
  book_.offer(kDesk, notice("a", 2, "withdrawn"), kNow);
  EXPECT_FALSE(next(kNow));
  EXPECT_EQ(book_.open(), 0u);
  book_.offer(kDesk, notice("b"), kNow);
  attempt(*next(kNow), Outcome::failed, kNow);
  book_.offer(kDesk, notice("b", 2, "withdrawn"), kNow);
  EXPECT_TRUE(next(kNow + minutes(1))) << "a failed attempt may have arrived";
}

TEST_F(BookTest, WhatTheRecipientMayNotKnowAnyMoreIsNotTold) {
  book_.offer(kDesk, notice("a"), kNow);
  book_.offer(kDesk, notice("b"), kNow);
  book_.drop(kDesk.id, "a");
  book_.drop(kDesk.id, "a");
  book_.drop("channel:other", "b");
  EXPECT_EQ(book_.open(), 1u);
  const auto message = next(kNow);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->notices.front().alert_id, "b");
}

TEST_F(BookTest, WhoFailedIsTriedAtOnceWithAnotherConfiguration) {
  book_.offer(kDesk, notice("a"), kNow);
  attempt(*next(kNow), Outcome::failed, kNow);
  attempt(*next(kNow + seconds(2)), Outcome::failed, kNow + seconds(2));
  EXPECT_FALSE(next(kNow + seconds(3)));
  book_.reconfigure(on_call(), 10);
  const auto message = next(kNow + seconds(3));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->attempt, 1u);
}

TEST_F(BookTest, WhatWasOpenForWhomTheConfigurationNamesNoLongerIsGone) {
  for (const char* id : {"a", "b"}) book_.offer(kDesk, notice(id), kNow);
  book_.offer({"user:u-1", "desk", {}, "o-1"}, notice("a"), kNow);
  EXPECT_EQ(book_.open_to().size(), 2u);
  attempt(book_.due(kNow).front(), Outcome::failed, kNow);
  EXPECT_EQ(book_.drop_all(kDesk.id), 2u);
  EXPECT_EQ(book_.drop_all(kDesk.id), 0u);
  EXPECT_EQ(book_.drop_all("channel:other"), 0u);
  EXPECT_TRUE(book_.told_of("a").empty()) << "that it was tried does not count";
  ASSERT_EQ(book_.open_to().size(), 1u);
  EXPECT_EQ(book_.open_to().front().id, "user:u-1");
  EXPECT_EQ(book_.open(), 1u);
}

TEST_F(BookTest, AClockThatRunsGoesOnWithTheNewList) {
  ask("first", kNow);
  book_.reconfigure({{"third", "desk", {}, minutes(1)}, {"first", "desk", {}, minutes(2)}}, 10);
  EXPECT_EQ(book_.next_at("a"), kNow + minutes(2)) << "the time that he has now";
  EXPECT_EQ(book_.next_on_call("a", kNow + minutes(2) - seconds(1)), std::nullopt);
  EXPECT_EQ(book_.next_on_call("a", kNow + minutes(2)), std::optional<std::size_t>(0)) << "who was not asked yet";
  book_.reconfigure({}, 10);
  EXPECT_EQ(book_.next_on_call("a", kNow + hours(1)), std::nullopt) << "nobody is there to be asked";
  EXPECT_EQ(book_.waiting().size(), 1u);
}

TEST_F(BookTest, RevisionsOfTheSameStatusWaitAndComeAsOne) {
  book_.offer(kDesk, notice("a"), kNow);
  tell(kNow);
  for (std::uint32_t i = 2; i < 50; ++i) book_.offer(kDesk, notice("a", i), kNow + seconds(i));
  EXPECT_FALSE(next(kNow + minutes(4)));
  const auto message = next(kNow + limits::kRevisionPause);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->notices.front().revision, 49u);
}

TEST_F(BookTest, AFloodGoesIntoOneMessageAndLosesNothing) {
  for (int i = 0; i < 250; ++i) book_.offer(kDesk, notice("alert" + std::to_string(i)), kNow);
  std::set<std::string> told;
  std::size_t messages = 0;
  while (const auto message = next(kNow)) {
    for (const Notice& n : message->notices) EXPECT_TRUE(told.insert(n.alert_id).second);
    attempt(*message, Outcome::delivered, kNow);
    ASSERT_LE(++messages, 10u);
  }
  EXPECT_EQ(told.size(), 250u);
  EXPECT_EQ(messages, 2u) << "each of at most " << limits::kToldTogether;
}

TEST_F(BookTest, OneByOneOnlySoManyAMinute) {
  for (int i = 0; i < 20; ++i) {
    book_.offer(kDesk, notice("alert" + std::to_string(i)), kNow);
    if (const auto message = next(kNow)) attempt(*message, Outcome::delivered, kNow);
  }
  EXPECT_EQ(kept_.size(), 10u);
  EXPECT_EQ(book_.open(), 10u);
  const auto later = next(kNow + minutes(1));
  ASSERT_TRUE(later);
  attempt(*later, Outcome::delivered, kNow + minutes(1));
  while (const auto message = next(kNow + minutes(1))) attempt(*message, Outcome::delivered, kNow + minutes(1));
  EXPECT_EQ(book_.open(), 0u);
}

TEST_F(BookTest, TheNextOnCallIsAskedWhenNobodyAcknowledges) {
  EXPECT_EQ(book_.next_on_call("a", kNow), std::optional<std::size_t>(0));
  ask("first", kNow);
  EXPECT_EQ(book_.next_on_call("a", kNow + minutes(5) - seconds(1)), std::nullopt);
  EXPECT_EQ(book_.next_at("a"), kNow + minutes(5));
  EXPECT_EQ(book_.next_on_call("a", kNow + minutes(5)), std::optional<std::size_t>(1));
  ask("second", kNow + minutes(5));
  EXPECT_EQ(book_.next_on_call("a", kNow + minutes(14)), std::nullopt);
  EXPECT_EQ(book_.next_on_call("a", kNow + minutes(15)), std::optional<std::size_t>(2)) << "the list is at its end";
  ask("", kNow + minutes(15));
  EXPECT_TRUE(book_.story("a")->is_at_its_end());
  EXPECT_TRUE(book_.waiting().empty());
}

TEST_F(BookTest, AnAcknowledgementStopsTheClock) {
  ask("first", kNow);
  EXPECT_EQ(book_.waiting().size(), 1u);
  book_.apply(*read_acknowledged(to_text(Acknowledged{kNow + minutes(1), "a", "u-9", "o-1"}), kNow + minutes(1)));
  EXPECT_EQ(book_.next_on_call("a", kNow + hours(1)), std::nullopt);
  EXPECT_TRUE(book_.waiting().empty());
  EXPECT_EQ(book_.story("a")->acknowledged->by, "u-9");
}

TEST_F(BookTest, WhoMayNotKnowIsPassedOver) {
  ask("first", kNow, true);
  EXPECT_EQ(book_.next_on_call("a", kNow), std::optional<std::size_t>(1));
}

TEST_F(BookTest, OfAListThatWasChangedTheFirstNotYetAskedIsNext) {
  ask("left since", kNow);
  EXPECT_EQ(book_.next_on_call("a", kNow + minutes(9)), std::nullopt);
  EXPECT_EQ(book_.next_on_call("a", kNow + minutes(10)), std::optional<std::size_t>(0));
}

const Waiting kRules{WaitingKind::rule_set, "1"}, kUnmasking{WaitingKind::unmasking, "m-1"};

TEST_F(BookTest, ARequestIsToldOnceAndApartFromAlerts) {
  book_.offer(kDesk, kRules, kNow);
  book_.offer(kDesk, notice("a"), kNow + seconds(1));
  EXPECT_EQ(book_.open(), 2u);
  const auto first = next(kNow + seconds(1));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->waiting, std::vector{kRules}) << "what is due for longer";
  EXPECT_TRUE(first->notices.empty());
  EXPECT_EQ(topic_of({kNow, *first, Outcome::delivered, {}}), "requests.told");
  attempt(*first, Outcome::delivered, kNow + seconds(1));
  for (Book* book : {&book_, &(after_ = restarted())}) {
    EXPECT_TRUE(book->knows(kDesk.id, kRules, false));
    book->offer(kDesk, kRules, kNow + seconds(2));
  }
  EXPECT_EQ(after_.open(), 0u);
  const auto second = next(kNow + seconds(2));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->notices.size(), 1u);
  EXPECT_TRUE(second->waiting.empty());
}

TEST_F(BookTest, ARequestThatFailedIsTriedAgainUnlessItWasAnswered) {
  book_.offer(kDesk, kRules, kNow);
  book_.offer(kDesk, kUnmasking, kNow);
  const auto first = next(kNow);
  ASSERT_TRUE(first);
  attempt(*first, Outcome::failed, kNow);
  const auto again = next(kNow + limits::kTellingRetryFirst);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, first->id);
  book_.drop_all_but({kUnmasking});
  const auto other = next(kNow + limits::kTellingRetryFirst);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->waiting, std::vector{kUnmasking});
  EXPECT_NE(other->id, first->id);
  EXPECT_EQ(book_.drop_all(kDesk.id), 1u);
  EXPECT_FALSE(next(kNow + hours(1)));
}

TEST_F(BookTest, AWithheldRequestIsKnownAndMayBeToldLater) {
  attempt({{}, kDesk, {}, kNow, 1, {kUnmasking}}, Outcome::withheld, kNow);
  EXPECT_TRUE(book_.knows(kDesk.id, kUnmasking, true));
  EXPECT_FALSE(book_.knows(kDesk.id, kUnmasking, false));
  book_.offer(kDesk, kUnmasking, kNow);
  EXPECT_TRUE(next(kNow));
}

TEST_F(BookTest, ManyRequestsComeTogether) {
  for (int i = 0; i < 15; ++i) book_.offer(kDesk, {WaitingKind::unmasking, "m-" + std::to_string(i)}, kNow);
  const auto message = next(kNow);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->waiting.size(), 15u);
  attempt(*message, Outcome::delivered, kNow);
  EXPECT_EQ(book_.open(), 0u);
}

TEST(Record, RefusesWhatIsNotOfItsForm) {
  for (const char* text : {"", "[]", "{}", R"({"outcome":"delivered"})", R"({"outcome":"eaten","alerts":[]})",
                           R"({"outcome":"failed","alerts":[{"alert_id":"a","news":"raised"}]})",
                           R"({"outcome":"failed","requests":[{"kind":"unmasking"}]})",
                           R"({"outcome":"failed","requests":[{"kind":"eaten","id":"1"}]})"})
    EXPECT_FALSE(read_attempt(text, kNow)) << text;
  EXPECT_FALSE(read_asked("{}", kNow));
  EXPECT_FALSE(read_acknowledged("7", kNow));
}

}  // namespace
}  // namespace quaywatch::telling
