// Who may do what, when: the table of deployments.
#include "rulebook/deployments.h"

#include <gtest/gtest.h>

namespace quaywatch::rulebook {
namespace {

const Timestamp kStart = from_civil_utc({2026, 10, 19, 8});

// A rulebook at work: each step is told as `verb who [version]`, at so many hours after the start.
class Book {
 public:
  Refusal tell(std::string_view verb, const std::string& who, Version version, int at_hours,
               const std::string& reason = "because") {
    Request r;
    r.request = std::to_string(++requests_);
    r.by = who;
    r.version = version;
    r.reason = reason;
    if (verb == "propose") {
      r.step = Step::proposed;
      r.proposal.files = {{"a.yml", "text " + std::to_string(version)}};
      r.proposal.digest = pack_digest(r.proposal.files);
    }
    if (verb == "approve") r.step = Step::deployed, r.reason.clear();
    if (verb == "refuse") r.step = Step::refused;
    if (verb == "roll back") r.step = Step::rolled_back;
    return put(r, at_hours);
  }
  void approvers(std::set<std::string> people, std::string reviewer, int at_hours) {
    Request r;
    r.step = Step::approvers;
    r.request = std::to_string(++requests_);
    r.by = "any";
    r.approvers = {std::move(people), std::move(reviewer)};
    put(r, at_hours);
  }
  Refusal put(const Request& r, int at_hours) {
    const Decision decision = state.judge(r, kStart + hours(at_hours));
    log.push_back(Deployments::entry(decision));
    const std::size_t known = state.history().size();
    EXPECT_TRUE(state.apply(log.back(), {files, 0})) << log.back().body;
    // What was said of the request before it was written is what its place in the journal says.
    if (state.history().size() > known) {
      EXPECT_EQ(state.history().back().refusal, decision.refusal);
    }
    return decision.refusal;
  }

  Deployments state;
  std::vector<journal::TextEntry> log;
  std::uint32_t files = 0;

 private:
  int requests_ = 0;
};

struct Act {
  std::string_view verb;
  std::string who;
  Version version;
  int at_hours;
  Refusal expected = Refusal::none;
};

struct Case {
  std::string_view name;
  std::set<std::string> approvers;
  std::string reviewer;
  std::vector<Act> acts;
  Version in_force;
  std::string review = "";  // of the last act
};

const std::vector<Case> kCases{
    {"a second person approves at once",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0}, {"approve", "second", 1, 0}},
     1},
    {"one who is not on the list may propose",
     {"first"},
     "",
     {{"propose", "third", 1, 0}, {"approve", "first", 1, 0}},
     1},
    {"the proposer may not approve",
     {"first", "second"},
     "office",
     {{"propose", "first", 1, 0}, {"approve", "first", 1, 99, Refusal::same_person}},
     0},
    {"a stranger may not approve",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0}, {"approve", "third", 1, 0, Refusal::not_an_approver}},
     0},
    {"nobody may when nobody is named",
     {},
     "office",
     {{"propose", "first", 1, 0}, {"approve", "second", 1, 99, Refusal::not_an_approver}},
     0},
    {"alone, and nobody to tell",
     {"first"},
     "",
     {{"propose", "first", 1, 0}, {"approve", "first", 1, 99, Refusal::no_outside_reviewer}},
     0},
    {"alone, a day has not passed",
     {"first"},
     "office",
     {{"propose", "first", 1, 0}, {"approve", "first", 1, 23, Refusal::too_early}},
     0},
    {"alone, after a day, told to the reviewer",
     {"first"},
     "office",
     {{"propose", "first", 1, 0}, {"approve", "first", 1, 24}},
     1,
     "office"},
    {"alone, and somebody else proposed: two persons",
     {"first"},
     "office",
     {{"propose", "third", 1, 0}, {"approve", "first", 1, 0}},
     1},
    {"approved twice",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0}, {"approve", "second", 1, 0}, {"approve", "second", 1, 1, Refusal::already_decided}},
     1},
    {"no such proposal", {"first"}, "", {{"approve", "first", 1, 0, Refusal::unknown_version}}, 0},
    {"refused, then approved",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0}, {"refuse", "second", 1, 0}, {"approve", "second", 1, 1, Refusal::already_decided}},
     0},
    {"the proposer takes it back", {"second"}, "", {{"propose", "first", 1, 0}, {"refuse", "first", 1, 0}}, 0},
    {"a stranger may not refuse",
     {"second"},
     "",
     {{"propose", "first", 1, 0}, {"refuse", "third", 1, 0, Refusal::not_an_approver}},
     0},
    {"what is in force is nothing new",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0}, {"approve", "second", 1, 0}, {"propose", "first", 1, 1, Refusal::nothing_new}},
     1},
    {"one person rolls back, for review",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0}, {"approve", "second", 1, 0}, {"roll back", "first", 0, 0}},
     0,
     "a second person"},
    {"a stranger may not roll back",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0}, {"approve", "second", 1, 0}, {"roll back", "third", 0, 0, Refusal::not_an_approver}},
     1},
    {"a roll-back is no way around approval",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0},
      {"propose", "first", 2, 0},
      {"approve", "second", 1, 0},
      {"roll back", "first", 2, 0, Refusal::never_in_force}},
     1},
    {"nothing to roll back", {"first"}, "", {{"roll back", "first", 0, 0, Refusal::nothing_to_roll_back}}, 0},
    {"rolled back and forth",
     {"first", "second"},
     "",
     {{"propose", "first", 1, 0},
      {"approve", "second", 1, 0},
      {"roll back", "first", 0, 1},
      {"roll back", "second", 1, 2},
      {"roll back", "second", 1, 2, Refusal::in_force_already}},
     1},
};

TEST(Deployments, WhoMayDoWhatWhen) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Book book;
    book.approvers(c.approvers, c.reviewer, 0);
    for (const Act& act : c.acts)
      EXPECT_EQ(book.tell(act.verb, act.who, act.version, act.at_hours), act.expected) << act.verb << " by " << act.who;
    EXPECT_EQ(book.state.current(), c.in_force);
    const Decision& last = book.state.history().back();
    EXPECT_EQ(last.refusal == Refusal::none ? last.review : "", c.review);
  }
}

// A list of two that is cut to one, or a reviewer who is named, does not shorten the day.
TEST(Deployments, AChangedListStartsTheDayAnew) {
  Book book;
  book.approvers({"first", "second"}, "office", 0);
  book.tell("propose", "first", 1, 0);
  EXPECT_EQ(book.tell("approve", "first", 1, 30), Refusal::same_person);
  book.approvers({"first"}, "office", 30);
  EXPECT_EQ(book.tell("approve", "first", 1, 53), Refusal::too_early);
  EXPECT_EQ(book.tell("approve", "first", 1, 54), Refusal::none);
}

TEST(Deployments, AReasonIsAskedOfEveryStepButApproval) {
  Book book;
  book.approvers({"first", "second"}, "", 0);
  EXPECT_EQ(book.tell("propose", "first", 1, 0, " "), Refusal::no_reason);
  EXPECT_EQ(book.tell("propose", "first", 1, 0, std::string(kReasonBytes + 1, 'x')), Refusal::no_reason);
  EXPECT_EQ(book.tell("propose", "first", 1, 0), Refusal::none);
  EXPECT_EQ(book.tell("refuse", "second", 1, 0, ""), Refusal::no_reason);
  EXPECT_EQ(book.tell("approve", "second", 1, 0), Refusal::none);
  EXPECT_EQ(book.tell("roll back", "second", 0, 0, ""), Refusal::no_reason);
}

TEST(Deployments, RollingBackTwiceGoesFurtherBack) {
  Book book;
  book.approvers({"first", "second"}, "", 0);
  EXPECT_EQ(book.state.before_current(), std::nullopt);
  for (Version v = 1; v <= 2; ++v) book.tell("propose", "first", v, 0), book.tell("approve", "second", v, 0);
  EXPECT_EQ(book.state.before_current(), Version{1});
  book.tell("roll back", "first", 1, 1);
  EXPECT_EQ(book.state.before_current(), Version{0});
  book.tell("roll back", "first", 0, 2);
  EXPECT_EQ(book.state.before_current(), std::nullopt);
}

TEST(Deployments, ReplayOfItsEntriesGivesTheSame) {
  Book book;
  book.approvers({"first", "second"}, "office", 0);
  book.tell("propose", "first", 1, 0);
  book.tell("approve", "first", 1, 1);  // refused, and stays so
  book.files = 3;
  book.tell("approve", "second", 1, 2);
  Deployments again;
  std::uint32_t files = 0;
  for (const journal::TextEntry& text : book.log) {
    files = text.at < kStart + hours(2) ? 0 : 3;
    // A crash between writing and forgetting a request notes it twice.
    ASSERT_TRUE(again.apply(text, {files, 0}));
    ASSERT_TRUE(again.apply(text, {files, 0}));
  }
  EXPECT_EQ(again.current(), 1u);
  EXPECT_EQ(again.in_force().size(), 2u);
  EXPECT_EQ(again.in_force().back().files, 3u);
  EXPECT_EQ(again.history().size(), book.state.history().size());
  EXPECT_EQ(again.proposals().at(0).files.at(0).text, "text 1");
  EXPECT_EQ(again.proposals().at(0).by, "first");
}

TEST(Deployments, AnEntryThatIsNoneIsRefused) {
  const char* const kBodies[] = {"",
                                 "[]",
                                 "{}",
                                 R"({"request":"1"})",
                                 R"({"request":"1","by":"first","people":{}})",
                                 R"({"request":"1","by":"first","digest":"00","files":[{"path":"a","text":"b"}]})",
                                 R"({"request":1,"by":2})"};
  for (const char* body : kBodies) {
    Deployments state;
    const Step step =
        std::string_view(body).find("people") != std::string_view::npos ? Step::approvers : Step::proposed;
    EXPECT_FALSE(state.apply({std::string(name(step)), kStart, body}, {})) << body;
  }
  Deployments state;
  EXPECT_TRUE(state.apply({"file.begin", kStart, "rubbish"}, {}));
  EXPECT_TRUE(state.apply({"rules.deployed", kStart, R"({"request":"1","by":"first","version":7})"}, {}));
  EXPECT_EQ(state.history().back().refusal, Refusal::unknown_version);
}

TEST(Deployments, TheDigestIsOfTheTextsAlone) {
  EXPECT_EQ(pack_digest({{"a", "1"}, {"b", "2"}}), pack_digest({{"x", "2"}, {"y", "1"}}));
  EXPECT_NE(pack_digest({{"a", "1"}, {"b", "2"}}), pack_digest({{"a", "12"}}));
  EXPECT_NE(pack_digest({{"a", "1"}}), pack_digest({{"a", "1"}, {"b", "1"}}));
}

Request agreed(const std::string& id, const std::string& by) {
  Request r;
  r.step = Step::agreed;
  r.request = "agreement " + id;
  r.by = by;
  r.agreement.reference = "paper 7";
  r.agreement.parties = "both";
  r.agreement.from = kStart;
  r.agreement.until = kStart + hours(100);
  return r;
}

Request of_agreement(Step step, const std::string& id, const std::string& by, Version number, Timestamp until = {}) {
  Request r;
  r.step = step;
  r.request = "agreement " + id;
  r.by = by;
  r.version = number;
  r.reason = "because";
  r.agreement.until = until;
  return r;
}

TEST(Agreements, CountOnceASecondPersonConfirmed) {
  Book book;
  book.approvers({"ana", "bo"}, "", 0);
  EXPECT_EQ(book.put(agreed("1", "cy"), 1), Refusal::not_an_approver);
  EXPECT_EQ(book.put(agreed("2", "ana"), 1), Refusal::none);
  EXPECT_FALSE(book.state.permits("rule", kStart));
  EXPECT_EQ(book.put(of_agreement(Step::agreement_confirmed, "3", "ana", 1), 2), Refusal::same_person);
  EXPECT_EQ(book.put(of_agreement(Step::agreement_confirmed, "4", "bo", 2), 2), Refusal::unknown_agreement);
  EXPECT_EQ(book.put(of_agreement(Step::agreement_confirmed, "5", "bo", 1), 2), Refusal::none);
  EXPECT_EQ(book.put(of_agreement(Step::agreement_confirmed, "6", "bo", 1), 2), Refusal::already_decided);
  EXPECT_TRUE(book.state.permits("rule", kStart) && book.state.permits("rule", kStart + hours(100)));
  EXPECT_FALSE(book.state.permits("rule", kStart - seconds(1)));
  EXPECT_FALSE(book.state.permits("rule", kStart + hours(100) + seconds(1)));
  const Timestamp sooner = kStart + hours(10), later = kStart + hours(200);
  EXPECT_EQ(book.put(of_agreement(Step::agreement_ended, "7", "bo", 1, later), 3), Refusal::not_shorter);
  EXPECT_EQ(book.put(of_agreement(Step::agreement_ended, "8", "bo", 1, sooner), 3), Refusal::none);
  EXPECT_TRUE(book.state.permits("rule", sooner));
  EXPECT_FALSE(book.state.permits("rule", sooner + seconds(1)));
  Deployments again;
  for (const auto& entry : book.log) ASSERT_TRUE(again.apply(entry, {}));
  EXPECT_EQ(again.agreements(), book.state.agreements()) << "the entries say it all";
}

TEST(Agreements, OfOnePersonAreForReviewAndMayNameRules) {
  Book book;
  Request some = agreed("1", "ana");
  some.agreement.rules = {"this"};
  EXPECT_EQ(book.put(some, 0), Refusal::none) << "nobody is named";
  EXPECT_EQ(book.state.agreements().back().review, "a second person");
  EXPECT_TRUE(book.state.permits("this", kStart));
  EXPECT_FALSE(book.state.permits("that", kStart));
  book.approvers({"ana"}, "the authority", 1);
  EXPECT_EQ(book.put(agreed("2", "bo"), 2), Refusal::not_an_approver);
  EXPECT_EQ(book.put(agreed("3", "ana"), 2), Refusal::none);
  EXPECT_EQ(book.state.agreements().back().review, "the authority");
  EXPECT_TRUE(book.state.permits("that", kStart));
  Request wrong = agreed("4", "ana");
  wrong.agreement.until = kStart - hours(1);
  EXPECT_EQ(book.put(wrong, 2), Refusal::no_agreement);
}

}  // namespace
}  // namespace quaywatch::rulebook
