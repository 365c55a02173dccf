#include "cases/case_book.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits_server.h"

namespace quaywatch::cases {
namespace {

const Timestamp kAt = *parse_rfc3339("2026-03-12T08:00:00Z");

// Every entry goes the way of the journal: to text and back.
class BookTest : public testing::Test {
 protected:
  std::string decide(Decision d, const std::string& by = "u-1") {
    d.id = "d-" + std::to_string(++count_);
    const Decided decided{kAt, by, "o-1", {d}};
    std::string why = book_.refuse(decided);
    if (why.empty()) book_.apply(*read_decided(to_text(decided), kAt));
    return why;
  }
  std::string step(Step s) {
    if (s.at == Timestamp{}) s.at = kAt;
    if (s.by.empty()) s.by = "u-1";
    if (s.organisation.empty()) s.organisation = "o-1";
    std::string why = book_.refuse(s);
    if (why.empty()) book_.apply(*read_step(to_text(s), s.at));
    return why;
  }
  static Decision of(Action action, const std::string& alert = "a1") {
    Decision d;
    d.action = action;
    d.alert_id = alert;
    return d;
  }
  static Step of(StepAction action, const std::string& case_id = "c1") {
    Step s;
    s.action = action;
    s.case_id = case_id;
    return s;
  }
  void open(const std::string& case_id, std::vector<std::string> alerts) {
    Step s = of(StepAction::open, case_id);
    s.title = "title";
    s.alert_ids = std::move(alerts);
    ASSERT_EQ(step(s), "");
  }
  TriageState state(const std::string& alert = "a1") const { return book_.triage(alert).state; }

  CaseBook book_;
  int count_ = 0;
};

TEST_F(BookTest, AReasonIsNeededToActAndToDismiss) {
  for (const Action action : {Action::act, Action::dismiss, Action::note})
    EXPECT_NE(decide(of(action)), "") << kActionNames[static_cast<std::size_t>(action)];
  Decision d = of(Action::dismiss);
  d.reason = "a planned test";
  EXPECT_NE(decide(d), "") << "a code is needed too";
  d.reason_code = "known_test";
  EXPECT_EQ(decide(d), "");
  EXPECT_EQ(state(), TriageState::dismissed);
  EXPECT_NE(decide(d), "") << "twice";
  EXPECT_EQ(book_.decisions("a1").back().decision.reason, "a planned test");
}

TEST_F(BookTest, TheLastDecisionCanBeTakenBackByWhoMadeIt) {
  EXPECT_EQ(decide(of(Action::take)), "");
  Decision assign = of(Action::assign);
  assign.assignee = "u-2";
  EXPECT_EQ(decide(assign), "");
  EXPECT_EQ(book_.triage("a1").owner, "u-2");
  Decision undo = of(Action::undo);
  undo.undoes = "d-1";
  EXPECT_NE(decide(undo), "") << "not the last";
  undo.undoes = "d-2";
  EXPECT_NE(decide(undo, "u-2"), "") << "another's";
  EXPECT_EQ(decide(undo), "");
  EXPECT_EQ(book_.triage("a1").owner, "u-1");
  EXPECT_EQ(book_.decisions("a1").size(), 2u) << "both stay on record";
  EXPECT_TRUE(book_.decisions("a1")[1].is_undone);
  undo.undoes = "d-1";
  EXPECT_EQ(decide(undo), "");
  EXPECT_EQ(state(), TriageState::fresh);
}

TEST_F(BookTest, ReopenedIsAsItWasBeforeItsDismissal) {
  EXPECT_EQ(decide(of(Action::take)), "");
  Decision d = of(Action::dismiss);
  d.reason = "x";
  d.reason_code = "other";
  EXPECT_EQ(decide(d), "");
  Decision reopen = of(Action::reopen);
  reopen.reason = "y";
  EXPECT_EQ(decide(reopen), "");
  EXPECT_EQ(state(), TriageState::taken);
  EXPECT_EQ(book_.triage("a1").owner, "u-1");
  EXPECT_NE(decide(reopen), "");
}

TEST_F(BookTest, AnAlertMayLieInSeveralCases) {
  open("c1", {"a1"});
  open("c2", {"a1", "a2"});
  EXPECT_EQ(state(), TriageState::in_case);
  EXPECT_EQ(book_.triage("a1").case_ids, (std::vector<std::string>{"c1", "c2"}));
  Step out = of(StepAction::remove_alerts, "c1");
  out.alert_ids = {"a1"};
  EXPECT_EQ(step(out), "");
  EXPECT_EQ(state(), TriageState::in_case);
  EXPECT_NE(step(out), "") << "it is out";
  Decision add = of(Action::add_to_case);
  add.case_id = "c1";
  EXPECT_EQ(decide(add), "");
  EXPECT_EQ(book_.triage("a1").case_ids.size(), 2u);
  Decision undo = of(Action::undo);
  undo.undoes = "d-1";
  EXPECT_EQ(decide(undo), "");
  EXPECT_EQ(book_.triage("a1").case_ids, std::vector<std::string>{"c2"});
}

TEST_F(BookTest, ToOpenACaseWithAlertsIsADecisionOnEach) {
  open("c1", {"a1", "a2"});
  ASSERT_EQ(book_.decisions("a1").size(), 1u);
  const MadeDecision& made = book_.decisions("a1").front();
  EXPECT_EQ(made.decision.action, Action::add_to_case);
  EXPECT_EQ(made.decision.case_id, "c1");
  EXPECT_EQ(made.by, "u-1");
  EXPECT_EQ(made.at, kAt);
  EXPECT_NE(made.decision.id, book_.decisions("a2").front().decision.id);
  Step again = of(StepAction::add_alerts, "c1");
  again.alert_ids = {"a1", "a3"};
  EXPECT_EQ(step(again), "");
  EXPECT_EQ(book_.decisions("a1").size(), 1u) << "it was in the case already";
  EXPECT_EQ(book_.decisions("a3").size(), 1u);
  Decision undo = of(Action::undo);
  undo.undoes = made.decision.id;
  EXPECT_EQ(decide(undo), "");
  EXPECT_EQ(state(), TriageState::fresh);
  EXPECT_EQ(book_.find("c1")->alert_ids, (std::set<std::string>{"a2", "a3"}));
}

TEST_F(BookTest, MergeAndSplitLoseNothing) {
  open("c1", {"a1", "a2", "a3"});
  Step task = of(StepAction::add_task);
  task.text = "look";
  task.task_id = "t1";
  EXPECT_EQ(step(task), "");
  Step split = of(StepAction::split);
  split.alert_ids = {"a3"};
  split.other = "c2";
  EXPECT_NE(step(split), "") << "a title is needed";
  split.title = "part";
  EXPECT_EQ(step(split), "");
  EXPECT_EQ(book_.find("c1")->alert_ids, (std::set<std::string>{"a1", "a2"}));
  EXPECT_EQ(book_.find("c2")->alert_ids, std::set<std::string>{"a3"});
  Step merge = of(StepAction::merge, "c2");
  merge.other = "c1";
  EXPECT_EQ(step(merge), "");
  EXPECT_EQ(book_.find("c2")->alert_ids, (std::set<std::string>{"a1", "a2", "a3"}));
  EXPECT_EQ(book_.find("c2")->tasks.size(), 1u);
  EXPECT_EQ(book_.find("c1")->state, CaseState::merged);
  EXPECT_EQ(book_.triage("a1").case_ids, std::vector<std::string>{"c2"});
  EXPECT_NE(step(task), "") << "nothing more happens in a merged case";
}

// c2 with a2 and a3, a task and a reader of its own goes into c1 with a1 and a2.
class MergeTest : public BookTest {
 protected:
  void SetUp() override {
    open("c1", {"a1", "a2"});
    open("c2", {"a2", "a3"});
    Step task = add_task("c2", "t2");
    task.by = "u-2";
    EXPECT_EQ(step(task), "");
    Step file = of(StepAction::attach, "c2");
    file.attachment = Attachment{"f2", "k", "n", "text/plain", 1, std::string(64, '0')};
    EXPECT_EQ(step(file), "");
    before_ = *book_.find("c2");
    EXPECT_EQ(merge("c1", "c2"), "");
  }
  static Step add_task(const std::string& case_id, const std::string& task_id) {
    Step s = of(StepAction::add_task, case_id);
    s.text = "look";
    s.task_id = task_id;
    return s;
  }
  std::string merge(const std::string& case_id, const std::string& other, StepAction action = StepAction::merge) {
    Step s = of(action, case_id);
    s.other = other;
    return step(s);
  }
  std::string undo(const std::string& case_id = "c1", const std::string& other = "c2") {
    return merge(case_id, other, StepAction::undo_merge);
  }
  std::string move(StepAction action, const std::string& alert_id, const std::string& case_id = "c1") {
    Step s = of(action, case_id);
    s.alert_ids = {alert_id};
    s.other = "c9";
    s.title = "part";
    return step(s);
  }
  std::set<std::string> alerts(const std::string& case_id) const { return book_.find(case_id)->alert_ids; }
  using Ids = std::set<std::string>;

  Case before_;
};

TEST_F(MergeTest, IsTakenBackWithoutLoss) {
  EXPECT_EQ(alerts("c1"), (Ids{"a1", "a2", "a3"}));
  EXPECT_EQ(undo(), "");
  EXPECT_EQ(alerts("c1"), (Ids{"a1", "a2"})) << "a2 lay there before";
  EXPECT_TRUE(book_.find("c1")->tasks.empty());
  EXPECT_TRUE(book_.find("c1")->attachments.empty());
  EXPECT_EQ(book_.find("c1")->readers.count("u-2"), 0u);
  const Case& other = *book_.find("c2");
  EXPECT_EQ(other.state, CaseState::open);
  EXPECT_EQ(other.merged_into, "");
  EXPECT_EQ(other.alert_ids, before_.alert_ids);
  EXPECT_EQ(other.readers, before_.readers);
  EXPECT_EQ(other.tasks.size(), 1u);
  EXPECT_NE(other.attachment("f2"), nullptr);
  EXPECT_EQ(other.steps.back().action, StepAction::undo_merge);
  EXPECT_EQ(book_.triage("a3").case_ids, std::vector<std::string>{"c2"});
  EXPECT_EQ(book_.triage("a2").case_ids, (std::vector<std::string>{"c1", "c2"}));
  EXPECT_NE(undo(), "") << "once";
  EXPECT_EQ(merge("c1", "c2"), "") << "and it can go in again";
  EXPECT_EQ(undo(), "");
  EXPECT_EQ(alerts("c2"), before_.alert_ids);
}

TEST_F(MergeTest, WhatWasAddedSinceStaysAndIsListed) {
  EXPECT_EQ(step(add_task("c1", "t1")), "");
  EXPECT_EQ(move(StepAction::add_alerts, "a4"), "");
  EXPECT_EQ(move(StepAction::add_alerts, "a3"), "") << "it came with the other, and is wanted here too";
  Step note = of(StepAction::note);
  note.text = "seen";
  note.by = "u-2";
  EXPECT_EQ(step(note), "");
  Step done = of(StepAction::finish_task);
  done.task_id = "t2";
  EXPECT_EQ(step(done), "");
  EXPECT_EQ(undo(), "");
  EXPECT_EQ(alerts("c1"), (Ids{"a1", "a2", "a3", "a4"}));
  EXPECT_EQ(alerts("c2"), before_.alert_ids);
  const Case& c = *book_.find("c1");
  ASSERT_EQ(c.tasks.size(), 1u);
  EXPECT_EQ(c.tasks.front().id, "t1");
  EXPECT_EQ(c.readers.count("u-2"), 1u) << "he worked on it";
  EXPECT_TRUE(book_.find("c2")->tasks.front().is_done) << "what was done is done";
  EXPECT_EQ(step(add_task("c1", "t3")), "");
  EXPECT_EQ(move(StepAction::add_alerts, "a5"), "");
  const Added added = added_since(c.merges.front(), c.steps);
  EXPECT_EQ(added.alert_ids, (Ids{"a3", "a4"})) << "until it was taken back";
  EXPECT_EQ(added.task_ids, std::vector<std::string>{"t1"});
  EXPECT_EQ(added.notes, 1u);
}

TEST_F(MergeTest, WhatWasTakenOutOrSplitOffSinceComesBackToTheOther) {
  EXPECT_EQ(move(StepAction::remove_alerts, "a2"), "");
  EXPECT_EQ(move(StepAction::split, "a3"), "");
  EXPECT_EQ(undo(), "");
  EXPECT_EQ(alerts("c1"), Ids{"a1"}) << "what was taken out stays out";
  EXPECT_EQ(alerts("c2"), before_.alert_ids);
  EXPECT_EQ(alerts("c9"), Ids{"a3"});
}

TEST_F(MergeTest, SeveralAreTakenBackInAnyOrder) {
  open("c3", {"a3", "a6"});
  EXPECT_EQ(merge("c1", "c3"), "");
  EXPECT_EQ(undo("c1", "c2"), "");
  EXPECT_EQ(alerts("c1"), (Ids{"a1", "a2", "a3", "a6"})) << "a3 came with c3 as well";
  EXPECT_EQ(undo("c1", "c3"), "");
  EXPECT_EQ(alerts("c1"), (Ids{"a1", "a2"}));
  EXPECT_EQ(alerts("c3"), (Ids{"a3", "a6"}));
}

TEST_F(MergeTest, OneWithinAnotherIsTakenBackFromOutside) {
  open("c0", {"a0"});
  EXPECT_EQ(merge("c0", "c1"), "");
  EXPECT_NE(undo("c1", "c2"), "") << "c1 itself went into another";
  EXPECT_EQ(undo("c0", "c1"), "");
  EXPECT_EQ(alerts("c0"), Ids{"a0"});
  EXPECT_EQ(undo("c1", "c2"), "");
  EXPECT_EQ(alerts("c1"), (Ids{"a1", "a2"}));
  EXPECT_EQ(alerts("c2"), before_.alert_ids);
}

TEST_F(MergeTest, IsNotTakenBackWhereTheCaseIsClosedElsewhereOrNeverTookItIn) {
  EXPECT_NE(undo("c1", "c1"), "");
  EXPECT_NE(undo("c2", "c1"), "");
  Step close = of(StepAction::close);
  close.outcome = "no_finding";
  close.text = "explained";
  EXPECT_EQ(step(close), "");
  EXPECT_NE(undo(), "");
  Step reopen = of(StepAction::reopen);
  reopen.text = "again";
  EXPECT_EQ(step(reopen), "");
  Step offer = of(StepAction::hand_over);
  offer.to = "o-2";
  offer.text = "yours";
  EXPECT_EQ(step(offer), "");
  Step accept = of(StepAction::accept);
  accept.by = "u-9";
  accept.organisation = "o-2";
  accept.book = "o-1";
  accept.text = "ours";
  EXPECT_EQ(step(accept), "");
  EXPECT_NE(undo(), "") << "another organisation has it";
  Step theirs = of(StepAction::undo_merge);
  theirs.by = "u-9";
  theirs.organisation = "o-2";
  theirs.book = "o-1";
  theirs.other = "c2";
  EXPECT_NE(step(theirs), "") << "what went in before was handed over with it";
}

TEST_F(MergeTest, ADecisionThatWasTakenBackSinceDoesNotComeBack) {
  Decision d = of(Action::add_to_case, "a7");
  EXPECT_EQ(undo(), "");
  d.case_id = "c2";
  EXPECT_EQ(decide(d), "");
  const std::string made = book_.decisions("a7").back().decision.id;
  EXPECT_EQ(merge("c1", "c2"), "");
  Decision back = of(Action::undo, "a7");
  back.undoes = made;
  EXPECT_EQ(decide(back), "");
  EXPECT_EQ(undo(), "");
  EXPECT_EQ(alerts("c2"), before_.alert_ids);
}

TEST_F(BookTest, AnAttachmentStandsUntilItIsRemovedWithAReason) {
  open("c1", {"a1"});
  Step attach = of(StepAction::attach);
  attach.attachment = {"f-1", "ab12", "seal.jpg", "image/jpeg", 2'400'000, "cd34"};
  attach.text = "the seal, torn";
  ASSERT_EQ(step(attach), "");
  const CaseAttachment* held = book_.find("c1")->attachment("f-1");
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(held->file, *attach.attachment);
  EXPECT_EQ(held->description, "the seal, torn");
  EXPECT_EQ(held->by, "u-1");

  Step remove = of(StepAction::remove_attachment);
  remove.attachment_id = "f-1";
  EXPECT_NE(step(remove), "") << "a reason is needed";
  remove.text = "of another case";
  remove.organisation = "o-2";
  EXPECT_NE(step(remove), "") << "only who has the case";
  remove.organisation = "o-1";
  ASSERT_EQ(step(remove), "");
  EXPECT_EQ(book_.find("c1")->attachment("f-1"), nullptr);
  ASSERT_EQ(book_.find("c1")->attachments.size(), 1u) << "that it was there stays";
  EXPECT_EQ(book_.find("c1")->attachments[0].removal->text, "of another case");
  EXPECT_EQ(book_.find("c1")->attachments[0].file.sha256, "cd34");
  EXPECT_NE(step(remove), "") << "once";
}

TEST_F(BookTest, AnAttachmentGoesWithItsCaseIntoAnother) {
  open("c1", {"a1"});
  open("c2", {"a2"});
  Step attach = of(StepAction::attach);
  attach.attachment = {"f-1", "ab12", "seal.jpg", "image/jpeg", 1, "cd34"};
  ASSERT_EQ(step(attach), "");
  Step merge = of(StepAction::merge, "c2");
  merge.other = "c1";
  ASSERT_EQ(step(merge), "");
  EXPECT_NE(book_.find("c2")->attachment("f-1"), nullptr);
  EXPECT_NE(book_.find("c1")->attachment("f-1"), nullptr) << "who reads the old one reads on";
  Step remove = of(StepAction::remove_attachment, "c2");
  remove.attachment_id = "f-1";
  remove.text = "of another matter";
  ASSERT_EQ(step(remove), "");
  EXPECT_EQ(book_.find("c1")->attachment("f-1"), nullptr) << "it is gone everywhere";
}

TEST_F(BookTest, AttachmentsAreBounded) {
  open("c1", {"a1"});
  Step attach = of(StepAction::attach);
  attach.attachment = {"f-1", "ab12", "seal.jpg", "image/jpeg", 1, "cd34"};
  for (std::size_t i = 0; i < limits::kCaseAttachments; ++i) ASSERT_EQ(step(attach), "");
  EXPECT_NE(step(attach), "");
}

TEST_F(BookTest, ClosedOnlyWithOutcomeAndReason) {
  open("c1", {"a1"});
  Step close = of(StepAction::close);
  close.text = "why";
  close.outcome = "guilty";
  EXPECT_NE(step(close), "");
  close.outcome = "mistake_put_right";
  EXPECT_EQ(step(close), "");
  EXPECT_EQ(book_.find("c1")->outcome, "mistake_put_right");
  Step add = of(StepAction::add_alerts);
  add.alert_ids = {"a2"};
  EXPECT_NE(step(add), "") << "closed";
  Step reopen = of(StepAction::reopen);
  reopen.text = "new facts";
  EXPECT_EQ(step(reopen), "");
  EXPECT_EQ(step(add), "");
}

TEST(Entries, OtherTextsAreRefused) {
  for (const char* text : {"", "{}", "[]", R"({"by":"u","decisions":[{"action":"burn"}]})", R"({"decisions":[1]})"})
    EXPECT_FALSE(read_decided(text, kAt)) << text;
  for (const char* text : {"", "{}", R"({"action":"burn"})", R"({"action":1})", R"({"action":"attach"})",
                           R"({"action":"attach","attachment":[]})",
                           R"({"action":"attach","attachment":{"bytes":"1"}})"})
    EXPECT_FALSE(read_step(text, kAt)) << text;
}

TEST(Closing, AsClearedSaysWhetherThePersonWasTold) {
  CaseBook book;
  Step s;
  s.by = "u-1";
  s.organisation = "o-1";
  s.case_id = "c1";
  s.action = StepAction::open;
  s.title = "title";
  book.apply(s);
  s.action = StepAction::close;
  s.text = "explained";
  s.outcome = "cleared";
  const std::string needed = "of whom is cleared it is needed whether he was told, and how and when, or why not";
  EXPECT_EQ(book.refuse(s), needed);
  s.told = false;
  EXPECT_EQ(book.refuse(s), needed) << "why not";
  s.told_how = "his address is not known";
  EXPECT_EQ(book.refuse(s), "");
  const Step read = *read_step(to_text(s), s.at);
  EXPECT_EQ(std::pair(read.told, read.told_how), std::pair(s.told, s.told_how));
  s.outcome = "seizure";
  EXPECT_EQ(book.refuse(s), "only of whom is cleared it is said whether he was told");
  const Step old = *read_step(R"({"by":"u-1","case_id":"c1","action":"close","outcome":"cleared","text":"x"})", s.at);
  EXPECT_FALSE(old.told) << "of a journal of before nothing is known";
  book.apply(old);
  EXPECT_EQ(book.find("c1")->outcome, "cleared");
}

TEST(Closing, IsOfAGroupOfOutcomes) {
  for (const std::string_view outcome : kOutcomes) EXPECT_NE(group_of(outcome), "") << outcome;
  EXPECT_EQ(group_of("seizure"), "crime");
  EXPECT_EQ(group_of("civil_claim"), "measure");
  EXPECT_EQ(group_of("mistake_put_right"), "no_guilt");
  EXPECT_EQ(group_of("another"), "");
}

}  // namespace
}  // namespace quaywatch::cases
