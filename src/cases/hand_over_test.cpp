#include "cases/hand_over.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/case_book.h"

namespace quaywatch::cases {
namespace {

const Timestamp kOpened = *parse_rfc3339("2026-03-12T08:00:00Z");
Timestamp minute(int n) { return kOpened + minutes(n); }

// One line each: minute, who of which organisation does what, to whom; and what is refused of it.
struct Row {
  int minute;
  const char *by, *organisation, *action, *to = "", *user = "", *text = "why", *refused = "";
  bool ends_reading = false;
};

Step step_of(const Row& row) {
  Step s;
  s.at = minute(row.minute);
  s.by = row.by;
  s.organisation = row.organisation;
  s.book = "guard";
  s.case_id = "c1";
  s.action = *find_step_action(row.action);
  s.title = "title";
  s.text = row.text;
  s.outcome = "cleared";
  if (s.action == StepAction::close) s.told = true, s.told_how = "by letter";
  s.to = row.to;
  if (*row.user != 0) s.users = {row.user};
  s.ends_reading = row.ends_reading;
  return s;
}

// Every entry goes the way of the journal: to text and back.
CaseBook played(const std::vector<Row>& rows) {
  CaseBook book;
  for (const Row& row : rows) {
    const Step s = step_of(row);
    EXPECT_EQ(book.refuse(s), row.refused) << row.minute << ' ' << row.action;
    if (*row.refused == 0) book.apply(*read_step(to_text(s), s.at));
  }
  return book;
}

std::string held(const Case& c) {
  std::string out;
  for (const Holding& h : holdings(c.hops, c.holder, c.opened_at))
    out += fmt::format("{} {}-{} ", h.organisation, (h.from - kOpened).whole_seconds() / 60,
                       h.until ? std::to_string((*h.until - kOpened).whole_seconds() / 60) : "");
  return out;
}

std::string offers(const Case& c) {
  std::string out;
  for (const Hop& hop : c.hops)
    out += fmt::format("{}>{} {} ", hop.from, hop.to, kHopStateNames[static_cast<std::size_t>(hop.state)]);
  return out;
}

constexpr const char* kNotOffered = "the case is not offered to you";
constexpr const char* kElsewhere = "another organisation has the case";

TEST(HandOver, GoesFromGuardToPoliceToCustomsAndIsTimed) {
  const CaseBook book = played({{0, "ann", "guard", "open"},
                                {5, "pol", "police", "accept", "", "", "", kNotOffered},
                                {10, "ann", "guard", "hand_over", "police"},
                                {11, "cus", "customs", "accept", "", "", "", kNotOffered},
                                {12, "pol", "police", "note", "", "", "x", kElsewhere},
                                {30, "pol", "police", "accept"},
                                {31, "ann", "guard", "note", "", "", "x", kElsewhere},
                                {32, "ann", "guard", "close", "", "", "x", kElsewhere},
                                {33, "pol", "police", "note"},
                                {40, "pol", "police", "hand_over", "customs", "cus"},
                                {41, "cid", "customs", "accept", "", "", "", kNotOffered},
                                {50, "cus", "customs", "accept", "", "", ""},
                                {60, "cus", "customs", "close"}});
  const Case& c = *book.find("c1");
  EXPECT_EQ(held(c), "guard 0-30 police 30-50 customs 50- ");
  EXPECT_EQ(offers(c), "guard>police accepted police>customs accepted ");
  EXPECT_EQ(c.owner, "cus");
  EXPECT_EQ(c.book, "guard");
  EXPECT_EQ(c.hops[0].reason, "why");
  for (const char* user : {"ann", "pol", "cus"}) EXPECT_TRUE(c.readers.contains(user)) << user;
  EXPECT_FALSE(c.readers.contains("cid"));
}

TEST(HandOver, IsReadByWhoMayAnswerItAndOnlyUntilThen) {
  std::vector<Row> rows{{0, "ann", "guard", "open"}};
  EXPECT_FALSE(is_offered_to(played(rows).find("c1")->hops, "pol", "police")) << "not before it is offered";
  rows.push_back({10, "ann", "guard", "hand_over", "police"});
  const CaseBook offered = played(rows);
  EXPECT_TRUE(is_offered_to(offered.find("c1")->hops, "pol", "police"));
  EXPECT_FALSE(is_offered_to(offered.find("c1")->hops, "cus", "customs"));
  EXPECT_FALSE(offered.find("c1")->readers.contains("pol"));
  rows.push_back({20, "pol", "police", "refuse", "", "", "", "a reason is needed"});
  rows.push_back({21, "pol", "police", "refuse", "", "", "not ours"});
  rows.push_back({22, "pol", "police", "accept", "", "", "", kNotOffered});
  const CaseBook refused = played(rows);
  EXPECT_FALSE(is_offered_to(refused.find("c1")->hops, "pol", "police"));
  EXPECT_FALSE(refused.find("c1")->readers.contains("pol"));
  EXPECT_EQ(refused.find("c1")->hops[0].answer, "not ours");
  EXPECT_EQ(held(*refused.find("c1")), "guard 0- ");
}

TEST(HandOver, OfAGiverWhoKeepsNothingEndsItsReading) {
  const CaseBook book = played({{0, "ann", "guard", "open"},
                                {1, "ann", "guard", "share", "", "bob"},
                                {10, "ann", "guard", "hand_over", "police", "", "why", "", true},
                                {20, "pol", "police", "accept"}});
  EXPECT_EQ(book.find("c1")->readers, (std::map<std::string, std::string>{{"pol", "police"}}));
}

Step closed_with(const Row& row, const std::string& feedback) {
  Step s = step_of(row);
  s.feedback = feedback;
  return s;
}

TEST(HandOver, IsFollowedByFeedbackToWhoeverHadIt) {
  CaseBook book = played({{0, "ann", "guard", "open"},
                          {1, "ann", "guard", "share", "", "bob"},
                          {10, "ann", "guard", "hand_over", "police", "", "why", "", true},
                          {20, "pol", "police", "accept"},
                          {30, "pol", "police", "hand_over", "customs"},
                          {40, "cus", "customs", "accept"}});
  const Case& c = *book.find("c1");
  const Hop* guard = handed_on_by(c.hops, c.holder, "guard");
  ASSERT_NE(guard, nullptr);
  EXPECT_EQ(guard->knew, (std::set<std::string>{"ann", "bob"})) << "also who reads it no more";
  EXPECT_EQ(handed_on_by(c.hops, c.holder, "police")->knew, (std::set<std::string>{"pol"}));
  EXPECT_EQ(handed_on_by(c.hops, c.holder, "customs"), nullptr) << "it has it";
  EXPECT_EQ(closing(c), nullptr);
  const Step close = closed_with({50, "cus", "customs", "close"}, "your seal log decided it");
  EXPECT_EQ(book.refuse(close), "");
  book.apply(*read_step(to_text(close), close.at));
  ASSERT_NE(closing(c), nullptr);
  EXPECT_EQ(closing(c)->feedback, "your seal log decided it");
  book.apply(step_of({60, "cus", "customs", "reopen"}));
  EXPECT_EQ(closing(c), nullptr) << "it has not ended";
}

TEST(HandOver, ThatNeverWasLeavesNobodyToHearOfTheEnd) {
  const CaseBook kept = played({{0, "ann", "guard", "open"}, {10, "ann", "guard", "hand_over", "police"}});
  EXPECT_EQ(kept.refuse(closed_with({20, "ann", "guard", "close"}, "thanks")),
            "nobody handed this case on who could hear of it");
  const CaseBook back = played({{0, "ann", "guard", "open"},
                                {10, "ann", "guard", "hand_over", "police"},
                                {20, "pol", "police", "accept"},
                                {30, "pol", "police", "hand_over", "guard"},
                                {40, "ann", "guard", "accept"}});
  EXPECT_EQ(back.refuse(closed_with({50, "ann", "guard", "close"}, "thanks")), "") << "police had it";
}

TEST(HandOver, OfACaseThatWentIntoAnotherEndsWithThat) {
  CaseBook book = played({{0, "ann", "guard", "open"}});
  Step other = step_of({1, "ann", "guard", "open"});
  other.case_id = "c2";
  book.apply(other);
  Step merge = step_of({2, "ann", "guard", "merge"});
  merge.case_id = "c2";
  merge.other = "c1";
  book.apply(merge);
  EXPECT_EQ(closing(book.end_of(*book.find("c1"))), nullptr);
  Step close = step_of({3, "ann", "guard", "close"});
  close.case_id = "c2";
  book.apply(close);
  EXPECT_EQ(closing(book.end_of(*book.find("c1")))->at, minute(3));
}

TEST(HandOver, IsWithdrawnByAnotherOfferAndByClosing) {
  const CaseBook book = played({{0, "ann", "guard", "open"},
                                {1, "ann", "guard", "hand_over", "guard", "", "why", "your organisation has the case"},
                                {2, "ann", "guard", "hand_over", "", "", "why", "an organisation is needed"},
                                {3, "ann", "guard", "hand_over", "police", "", "", "a reason is needed"},
                                {10, "ann", "guard", "hand_over", "police"},
                                {20, "ann", "guard", "hand_over", "customs"},
                                {21, "pol", "police", "accept", "", "", "", kNotOffered},
                                {30, "ann", "guard", "close"},
                                {31, "cus", "customs", "accept", "", "", "", "the case is closed; reopen it first"}});
  EXPECT_EQ(offers(*book.find("c1")), "guard>police withdrawn guard>customs withdrawn ");
}

TEST(HandOver, ThatWasAcceptedEndsDecisionsOfTheGiverOnTheCase) {
  CaseBook book = played({{0, "ann", "guard", "open"}});
  Decision add;
  add.id = "d-1";
  add.alert_id = "a1";
  add.action = Action::add_to_case;
  add.case_id = "c1";
  const Decided decided{minute(1), "ann", "guard", {add}};
  EXPECT_EQ(book.refuse(decided), "");
  book.apply(decided);
  EXPECT_EQ(book.undoable_by("ann", "d-1"), "a1");
  for (const Row& row : {Row{2, "ann", "guard", "hand_over", "police"}, Row{3, "pol", "police", "accept"}})
    book.apply(step_of(row));
  EXPECT_EQ(book.undoable_by("ann", "d-1"), "");
  Decided more = decided;
  more.decisions[0].alert_id = "a2";
  EXPECT_EQ(book.refuse(more), kElsewhere);
  Step split = step_of({4, "pol", "police", "split"});
  split.other = "c2";
  split.alert_ids = {"a1"};
  book.apply(split);
  EXPECT_FALSE(book.find("c2")->readers.contains("ann")) << "what is made of it is not the giver's to read";
}

}  // namespace
}  // namespace quaywatch::cases
