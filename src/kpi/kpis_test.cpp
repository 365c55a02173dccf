// What is counted, against the book itself: whatever people do, every alert is in exactly one place.
#include "kpi/kpis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace quaywatch::kpi {
namespace {

using cases::Action;
using cases::CaseBook;
using cases::Decided;
using cases::Decision;
using cases::Step;
using cases::StepAction;

const Timestamp kFrom = *parse_rfc3339("2026-03-01T00:00:00Z"), kUntil = *parse_rfc3339("2026-04-01T00:00:00Z");
const std::vector<std::string> kUsers = {"u-1", "u-2", "u-3"};

Received alert_of(const std::string& id, Timestamp raised) {
  Received r;
  r.alert_id = id;
  r.rule_id = "r" + std::to_string(id.back() % 3);
  r.level = id.back() % 3 == 0 ? "high" : "low";
  r.facility = id.back() % 2 == 0 ? "AAAAA/X" : "BBBBB/Y";
  r.is_withdrawn = id.back() % 5 == 0;
  r.is_excepted = id.back() % 7 == 0;
  r.event_time = raised - hours(2);
  r.known_at = raised - minutes(10);
  r.raised_at = raised;
  return r;
}

std::uint64_t sum_of(const Breakdown& b) {
  return std::accumulate(b.parts.begin(), b.parts.end(), std::uint64_t{0},
                         [](std::uint64_t n, const Cell& c) { return n + *c; });
}

Breakdown sum_of(const Table& table, std::size_t parts) {
  Breakdown out(parts);
  for (const auto& [key, row] : table.rows) {
    *out.total += *row.total;
    for (std::size_t i = 0; i < parts; ++i) *out.parts[i] += *row.parts[i];
  }
  return out;
}

void expect_reconciled(const Kpis& k, std::size_t received) {
  EXPECT_EQ(*k.alerts.total, received);
  EXPECT_EQ(sum_of(k.alerts), received);
  for (std::size_t p = 0; p < k.details.size(); ++p) {
    EXPECT_EQ(k.details[p].total, k.alerts.parts[p]) << kPartNames[p];
    if (k.details[p].parts.empty()) continue;
    EXPECT_EQ(sum_of(k.details[p]), *k.details[p].total) << kPartNames[p];
  }
  for (const Table* t : {&k.by_level, &k.by_rule, &k.by_facility}) EXPECT_EQ(sum_of(*t, kPartNames.size()), k.alerts);
  const auto& dismissed = k.details[static_cast<std::size_t>(Part::dismissed)];
  EXPECT_EQ(sum_of(k.dismissals, cases::kReasonCodes.size()), dismissed);
  for (const Breakdown* b : {&k.opened, &k.closed, &k.holds}) EXPECT_EQ(sum_of(*b), *b->total);
}

// A book and what people may do to it; what is refused does not happen, as in the server.
class People {
 public:
  explicit People(std::uint32_t seed) : random_(seed) {}

  void act() { pick(3) == 0 ? step() : decide(); }
  const CaseBook& book() const { return book_; }
  std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  std::string alert() { return "a" + std::string(1, static_cast<char>('a' + pick(12))); }

 private:
  std::string a_case() { return "c" + std::to_string(1 + pick(std::max<std::size_t>(1, cases_))); }
  std::string id(char kind) { return std::string(1, kind) + "-" + std::to_string(++ids_); }

  void decide() {
    Decision d;
    d.id = id('d');
    d.alert_id = alert();
    d.action = static_cast<Action>(pick(cases::kActionNames.size()));
    d.reason = "why";
    d.reason_code = cases::kReasonCodes[pick(cases::kReasonCodes.size())];
    d.assignee = kUsers[pick(kUsers.size())];
    d.case_id = a_case();
    const auto& made = book_.decisions(d.alert_id);
    if (d.action == Action::undo && !made.empty()) d.undoes = made[pick(made.size())].decision.id;
    const Decided decided{now(), kUsers[pick(kUsers.size())], "o-1", {d}};
    if (book_.refuse(decided).empty()) book_.apply(decided);
  }

  void step() {
    Step s;
    s.at = now();
    s.by = kUsers[pick(kUsers.size())];
    s.action = static_cast<StepAction>(pick(cases::kStepNames.size()));
    s.case_id = s.action == StepAction::open ? "c" + std::to_string(++cases_) : a_case();
    s.title = s.text = "what";
    s.outcome = cases::kOutcomes[pick(cases::kOutcomes.size())];
    s.other = s.action == StepAction::split ? "c" + std::to_string(++cases_) : a_case();
    s.users = {kUsers[pick(kUsers.size())]};
    for (std::size_t i = pick(4); i > 0; --i) s.alert_ids.push_back(alert());
    if (book_.refuse(s).empty()) book_.apply(s);
  }

  Timestamp now() { return now_ = now_ + minutes(7); }

  std::mt19937 random_;
  CaseBook book_;
  std::size_t ids_ = 0, cases_ = 0;
  Timestamp now_ = kFrom + hours(1);
};

TEST(Kpis, WhatWasReceivedIsOpenAndEachOutcomeWhateverPeopleDo) {
  std::vector<Received> alerts;
  for (char c = 'a'; c < 'a' + 12; ++c) alerts.push_back(alert_of({'a', c}, kFrom + minutes(c)));
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    People people(seed);
    for (int i = 0; i < 120; ++i) {
      people.act();
      const std::string user = kUsers[people.pick(kUsers.size())];
      const Kpis k = count({kFrom, kUntil, "", user}, alerts, people.book(), {});
      expect_reconciled(k, alerts.size());
      std::array<std::uint64_t, cases::kTriageStateNames.size()> states{};
      for (const Received& a : alerts) ++states[static_cast<std::size_t>(people.book().triage(a.alert_id).state)];
      const auto& open = k.details[0].parts;
      EXPECT_EQ(*k.alerts.parts[1], states[2]) << "dismissed";
      EXPECT_EQ(*open[2] + *open[3] + *k.alerts.parts[2], states[3]) << "in a case, open or closed";
      EXPECT_EQ(*open[0] + *open[1] + *k.alerts.parts[3] + *k.alerts.parts[4], states[0] + states[1]) << "neither";
      if (HasFailure()) return;
    }
  }
}

TEST(Kpis, PeriodAndFacilityDivideWhatIsCounted) {
  std::vector<Received> alerts;
  for (char c = 'a'; c < 'a' + 12; ++c) alerts.push_back(alert_of({'a', c}, kFrom + days(c - 'a')));
  const auto received = [&](Timestamp from, Timestamp until, const std::string& facility) {
    return *count({from, until, facility, "u-1"}, alerts, {}, {}).alerts.total;
  };
  EXPECT_EQ(received(kFrom, kUntil, ""), 12u);
  EXPECT_EQ(received(kFrom, kFrom + days(5), ""), 5u) << "the end is not in it";
  EXPECT_EQ(received(kFrom + days(5), kUntil, ""), 7u);
  EXPECT_EQ(received(kFrom, kUntil, "AAAAA/X") + received(kFrom, kUntil, "BBBBB/Y"), 12u);
}

class OneAlert : public testing::Test {
 protected:
  void decide(Action action, const std::string& by = "u-1", const std::string& undoes = {}) {
    Decision d;
    d.id = "d-" + std::to_string(++count_);
    d.alert_id = "ax";
    d.action = action;
    d.reason = "why";
    d.reason_code = "data_error";
    d.undoes = undoes;
    book_.apply(Decided{at_ = at_ + minutes(10), by, "o-1", {d}});
  }
  void step(StepAction action, const std::string& case_id, const std::string& by = "u-1") {
    Step s;
    s.at = at_ = at_ + minutes(10);
    s.by = by;
    s.case_id = case_id;
    s.action = action;
    s.title = "title";
    s.outcome = "seizure";
    if (action == StepAction::open) s.alert_ids = {"ax"};
    book_.apply(s);
  }
  std::string outcome(const std::string& user = "u-1") const {
    const Outcome o = outcome_of(book_, alert_, user);
    const auto words = words_of(o.part);
    return std::string(kPartNames[static_cast<std::size_t>(o.part)]) +
           (words.empty() ? "" : " " + std::string(words[o.word]));
  }
  Kpis counted(const std::string& user = "u-1") const { return count({kFrom, kUntil, "", user}, {alert_}, book_, {}); }

  Received alert_ = [] {
    Received r = alert_of("ax", kFrom + hours(1));
    r.is_withdrawn = r.is_excepted = false;
    return r;
  }();
  CaseBook book_;
  int count_ = 0;
  Timestamp at_ = kFrom + hours(1);
};

TEST_F(OneAlert, HasOneOutcomeAtATime) {
  EXPECT_EQ(outcome(), "open new");
  decide(Action::take);
  EXPECT_EQ(outcome(), "open taken");
  decide(Action::dismiss);
  EXPECT_EQ(outcome(), "dismissed data_error");
  decide(Action::reopen);
  EXPECT_EQ(outcome(), "open taken");
  step(StepAction::open, "c1");
  EXPECT_EQ(outcome(), "open in_case");
  EXPECT_EQ(outcome("u-2"), "open in_other_case");
  step(StepAction::close, "c1");
  EXPECT_EQ(outcome(), "closed seizure");
  EXPECT_EQ(outcome("u-2"), "open in_other_case") << "that it is closed, and how, is not for him";
  step(StepAction::open, "c2", "u-2");
  EXPECT_EQ(outcome(), "open in_other_case");
  EXPECT_EQ(outcome("u-2"), "open in_case");
}

TEST_F(OneAlert, RecordsAndExceptionsExplainOnlyWhatNobodyDecided) {
  alert_.is_excepted = true;
  EXPECT_EQ(outcome(), "excepted");
  alert_.is_withdrawn = true;
  EXPECT_EQ(outcome(), "withdrawn");
  decide(Action::dismiss);
  EXPECT_EQ(outcome(), "dismissed data_error");
  decide(Action::undo, "u-1", "d-1");
  EXPECT_EQ(outcome(), "withdrawn");
}

TEST_F(OneAlert, TimesAreToldApart) {
  decide(Action::note);
  decide(Action::take);
  decide(Action::dismiss);
  const Kpis k = counted();
  const std::int64_t expected[] = {110, 10, 20, 30};
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(k.times[i].count, 1u) << kTimeNames[i];
    EXPECT_EQ(*k.times[i].median, minutes(expected[i])) << kTimeNames[i];
  }
  EXPECT_EQ(k.times[4].count, 0u) << "nobody asked for a hold";
  alert_.known_at.reset();
  EXPECT_EQ(counted().times[0].count, 0u) << "of history nobody knows when it reached us";
  alert_.acknowledged_at = alert_.raised_at + minutes(1);
  EXPECT_EQ(*counted().times[2].median, minutes(1)) << "an acknowledgement is an answer";
}

TEST_F(OneAlert, ADismissalIsLookedAtAgainBySomebodyElse) {
  const auto review = [&] { return kReviewNames[static_cast<std::size_t>(counted().sample->drawn.at(0).review)]; };
  EXPECT_TRUE(counted().sample->drawn.empty());
  decide(Action::dismiss);
  EXPECT_EQ(review(), "waiting");
  EXPECT_TRUE(counted().sample->drawn[0].is_own);
  EXPECT_FALSE(counted("u-2").sample->drawn[0].is_own);
  decide(Action::note);
  EXPECT_EQ(review(), "waiting") << "not by oneself";
  decide(Action::note, "u-2");
  EXPECT_EQ(review(), "kept");
  decide(Action::reopen, "u-2");
  EXPECT_EQ(review(), "reopened");
  EXPECT_EQ(counted().sample->dismissed, 1u);
}

TEST(Kpis, ATenthOfManyDismissalsIsDrawnAndFiveOfFew) {
  for (const auto& [dismissed, drawn] : {std::pair(3u, 3u), {5u, 5u}, {40u, 5u}, {51u, 6u}, {200u, 20u}}) {
    CaseBook book;
    std::vector<Received> alerts;
    for (unsigned i = 0; i < dismissed; ++i) {
      alerts.push_back(alert_of("a" + std::to_string(i), kFrom));
      Decision d;
      d.id = "d-" + std::to_string(i * 7919 % 1000);
      d.alert_id = alerts.back().alert_id;
      d.action = Action::dismiss;
      d.reason_code = "other";
      book.apply(Decided{kFrom + hours(1), "u-1", "o-1", {d}});
    }
    const Sample sample = *count({kFrom, kUntil, "", "u-2"}, alerts, book, {}).sample;
    EXPECT_EQ(sample.dismissed, dismissed);
    EXPECT_EQ(sample.drawn.size(), drawn);
  }
}

TEST(Kpis, CasesCountForWhomTheyAreAndHoldsByWhatBecameOfThem) {
  CaseBook book;
  const auto step = [&](StepAction action, const std::string& case_id, Timestamp at) {
    Step s;
    s.at = at;
    s.by = "u-1";
    s.case_id = case_id;
    s.action = action;
    s.outcome = "cleared";
    if (case_id == "c4") s.told = true;
    if (case_id == "c5") s.told = false;
    book.apply(s);
  };
  step(StepAction::open, "c1", kFrom - days(9));
  step(StepAction::open, "c2", kFrom);
  step(StepAction::open, "c3", kFrom);
  step(StepAction::close, "c1", kFrom + days(1));
  step(StepAction::close, "c2", kFrom + days(1));
  for (const char* id : {"c4", "c5"}) {
    step(StepAction::open, id, kFrom - days(1));
    step(StepAction::close, id, kFrom + days(1));
  }
  holds::Hold asked, late;
  asked.requested_at = late.requested_at = kFrom;
  late.state = holds::State::too_late;
  late.answered_at = kFrom + hours(3);
  const Kpis k = count({kFrom, kUntil, "", "u-1"}, {}, book, {asked, late, late});
  EXPECT_EQ(k.opened.parts, (std::vector<Cell>{1, 1, 0})) << "of this period, as they are now";
  EXPECT_EQ(*k.closed.parts[place_of(cases::kOutcomes, "cleared")], 4u) << "also some of an earlier period";
  EXPECT_EQ(k.cleared.parts, (std::vector<Cell>{1, 1, 2})) << "told, not told, and closed before it had to be said";
  EXPECT_EQ(*k.cleared.total, 4u);
  EXPECT_EQ(k.holds.parts, (std::vector<Cell>{1, 0, 0, 2}));
  EXPECT_EQ(k.times[4].median, hours(3));
  const Kpis other = count({kFrom, kUntil, "", "u-2"}, {}, book, {});
  EXPECT_EQ(std::pair(other.opened.total, other.closed.total), std::pair(Cell(0), Cell(0)));
}

}  // namespace
}  // namespace quaywatch::kpi
