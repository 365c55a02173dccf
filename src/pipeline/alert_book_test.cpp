#include "pipeline/alert_book.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"

namespace quaywatch::pipeline {
namespace {

rules::Rule rule() {
  rules::Rule r;
  r.id = "00000000-0000-4000-8000-000000000001";
  r.timespan = hours(1);
  return r;
}

EventPtr event_at(int minute) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = EventType::container_moved;
  e->event_time = {minutes(minute).us};
  e->received_at = e->event_time + minutes(1);
  seal_event_id(*e, 0);
  return e;
}

Match match_of(const EventPtr& event, bool provisional = false) {
  Match m;
  m.event = m.surest = event;
  m.provisional = provisional;
  m.knowable_at = event->received_at;
  m.evidence.push_back({event, {}, {}, {}, {}});
  return m;
}

Match match_at(int minute, bool provisional = false) {
  return match_of(event_at(minute), provisional);
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

TEST(AlertBook, TheSurestReportDatesTheAlertAndTheFirstEventNamesIt) {
  const auto r = rule();
  Book alone, both;
  Match m = match_at(7);
  alone.book.set(r, "g", m);
  boost::intrusive_ptr<Event> portal(new Event);
  portal->event_time = {minutes(67).us};
  m.surest = portal;
  both.book.set(r, "g", m);
  EXPECT_EQ(both.book.standing()[0].event_time, portal->event_time);
  EXPECT_EQ(both.book.standing()[0].id, alone.book.standing()[0].id);
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

// What the standing alerts say, in one text.
std::string told(const AlertBook& book) {
  std::string out;
  for (const Alert& a : book.standing()) {
    out += a.id.hex() + " " + std::string(name(a.status)) + " x" + std::to_string(a.matches) + " +" +
           std::to_string(a.evidence_omitted) + " until " + format_rfc3339(a.last_event_time);
    for (const Evidence& e : a.evidence) out += " " + e.event->id.hex().substr(0, 6);
    out += "\n";
  }
  return out;
}

// Matches of every kind, each at the end of its episode, against the same ones told anew because they come backwards.
// Who may read an alert is asked of all that it rests on, not of the first hundred records alone.
TEST(AlertBook, WhoseTheEvidenceIsThatFoundNoRoomIsKept) {
  const auto r = rule();
  const auto of_another = [](int minute) {
    boost::intrusive_ptr<Event> e(new Event(*event_at(minute)));
    e->owner = "customs";
    seal_event_id(*e, 0);
    return match_of(e);
  };
  constexpr int kMany = static_cast<int>(limits::kEpisodeMatches) + 10;
  for (const bool is_backwards : {false, true}) {
    Book b;
    for (int i = 0; i < kMany; ++i) b.book.set(r, "g", match_at(is_backwards ? kMany - 1 - i : i));
    EXPECT_TRUE(b.book.standing()[0].omitted_sources.empty()) << "all of the same owner";
    const Match near = of_another(static_cast<int>(limits::kAlertMatches) + 5), far = of_another(kMany + 5);
    for (const Match* m : {&near, &far}) {
      b.book.set(r, "g", *m);
      const auto sources = b.book.standing()[0].omitted_sources;
      ASSERT_EQ(sources.size(), 1u);
      EXPECT_EQ(sources[0].owner, "customs");
    }
    b.book.remove(r, "g", place(*near.event));
    EXPECT_EQ(b.book.standing()[0].omitted_sources.size(), 1u);
    b.book.remove(r, "g", place(*far.event));
    EXPECT_TRUE(b.book.standing()[0].omitted_sources.empty());
    b.book.set(r, "g", of_another(5));
    EXPECT_TRUE(b.book.standing()[0].omitted_sources.empty()) << "it is among the evidence";
  }
}

TEST(AlertBook, WhatAMatchAtTheEndAddsIsWhatTellingAnewWouldSay) {
  const auto r = rule();
  const auto match = [](int i) {
    Match m = match_at(i * 7, i % 3 == 1 || i < 4);
    if (i % 5 == 0) m.act_before = Timestamp{minutes(5'000 - i).us};
    m.knowable_at = m.knowable_at + minutes((i * 37) % 11);
    if (m.provisional) m.missing = {FieldId::move_ordered};
    m.subjects.push_back({SubjectRole::about, {FieldId::container_number, "BOX-" + std::to_string(i % 4)}});
    m.evidence.push_back({match_at(i % 6 + 10'000).event, {FieldId::move_order_ref}, {}, {}, {}});
    m.shown.push_back({FieldId::container_number, std::to_string(i)});
    return m;
  };
  for (const int n : {3, 12, 55, 99, 120}) {
    Book forward, backward;
    for (int i = 0; i < n; ++i) forward.book.set(r, "g", match(i));
    for (int i = n - 1; i >= 0; --i) backward.book.set(r, "g", match(i));
    const Alert a = forward.book.standing().at(0), b = backward.book.standing().at(0);
    EXPECT_EQ(told(forward.book), told(backward.book)) << n;
    EXPECT_EQ(a.subjects.size(), b.subjects.size()) << n;
    EXPECT_TRUE(std::is_permutation(a.subjects.begin(), a.subjects.end(), b.subjects.begin())) << n;
    EXPECT_EQ(a.act_before, b.act_before) << n;
    EXPECT_EQ(a.knowable_at, b.knowable_at) << n;
    EXPECT_EQ(a.facts, b.facts) << n;
    EXPECT_EQ(a.missing_inputs, b.missing_inputs) << n;
    for (std::size_t i = 0; i < a.evidence.size(); ++i) EXPECT_EQ(a.evidence[i].facts, b.evidence[i].facts) << n;
    EXPECT_EQ(forward.said.size(), static_cast<std::size_t>(n));
  }
}

constexpr int kMany = static_cast<int>(limits::kEpisodeMatches) * 3;

TEST(AlertBook, ALongEpisodeIsNotToldAnewForEveryMatch) {
  const auto r = rule();
  Book b;
  for (int i = 0; i < kMany; ++i) b.book.set(r, "g", match_at(i));
  ASSERT_EQ(b.book.standing().size(), 1u);
  EXPECT_EQ(b.book.standing()[0].matches, static_cast<std::size_t>(kMany));
  EXPECT_EQ(b.book.standing()[0].evidence_omitted, kMany - limits::kAlertEvidence);
  EXPECT_EQ(b.book.matches_told(), limits::kAlertMatches);
}

TEST(AlertBook, ManyEpisodesOfOneGroupAreNotToldAnewForEveryMatch) {
  const auto r = rule();
  Book b;
  for (int i = 0; i < kMany; ++i) b.book.set(r, "g", match_at(i * 61));
  EXPECT_EQ(b.book.standing().size(), static_cast<std::size_t>(kMany));
  EXPECT_EQ(b.book.matches_told(), static_cast<std::uint64_t>(kMany));
}

TEST(AlertBook, ALongEpisodeDoesNotDependOnTheOrderOfMatches) {
  const auto r = rule();
  Book forward, backward, mixed;
  for (int i = 0; i < kMany; ++i) forward.book.set(r, "g", match_at(i));
  for (int i = kMany - 1; i >= 0; --i) backward.book.set(r, "g", match_at(i));
  for (int i = 0; i < kMany; ++i) mixed.book.set(r, "g", match_at((i * 1021) % kMany));
  EXPECT_EQ(told(backward.book), told(forward.book));
  EXPECT_EQ(told(mixed.book), told(forward.book));
}

TEST(AlertBook, TakingMatchesBackIsAsIfTheyHadNeverBeen) {
  const auto r = rule();
  Book b, never;
  // Takes out the first, a run in the middle that is longer than the timespan, and some near the end.
  const auto stays = [](int i) { return i >= 40 && (i < 500 || i > 600) && (i < kMany - 90 || i % 7 != 0); };
  for (int i = 0; i < kMany; ++i) {
    b.book.set(r, "g", match_at(i));
    if (stays(i)) never.book.set(r, "g", match_at(i));
  }
  for (int i = 0; i < kMany; ++i)
    if (!stays(i)) b.book.remove(r, "g", place(*match_at(i).event));
  EXPECT_EQ(b.book.standing().size(), 2u);
  EXPECT_EQ(told(b.book), told(never.book));
}

// As `Book`, and counts the matches that it had to make.
struct LazyBook {
  std::size_t made = 0;
  AlertBook book{[](const Alert&) {}, [this](const rules::Rule&, const EventPtr& e) { return ++made, match_of(e); }};
};

TEST(AlertBook, AMatchThatItsEventTellsIsMadeOnlyWhereAnAlertIsToldFromIt) {
  const auto r = rule();
  Book whole;
  LazyBook lazy;
  for (int i = 0; i < kMany; ++i) {
    whole.book.set(r, "g", match_at(i));
    lazy.book.set(r, "g", event_at(i));
  }
  EXPECT_EQ(told(lazy.book), told(whole.book));
  EXPECT_EQ(lazy.made, limits::kAlertMatches);
}

TEST(AlertBook, MatchesThatTheirEventsTellAreTakenBackAndComeInAnyOrder) {
  const auto r = rule();
  Book whole;
  LazyBook lazy;
  const auto stays = [](int i) { return i >= 300 && (i < 500 || i > 600) && i % 7 != 0; };
  for (int i = 0; i < kMany; ++i) {
    const int at = (i * 1021) % kMany;
    // Whole ones among them, of which one is no longer the first and one not yet final.
    if (at % 50 == 0)
      lazy.book.set(r, "g", match_at(at, at == 400));
    else
      lazy.book.set(r, "g", event_at(at));
    if (stays(at)) whole.book.set(r, "g", match_at(at, at == 400));
  }
  for (int i = 0; i < kMany; ++i)
    if (!stays(i)) lazy.book.remove(r, "g", place(*event_at(i)));
  EXPECT_EQ(lazy.book.standing().size(), 2u);
  EXPECT_EQ(told(lazy.book), told(whole.book));
}

TEST(AlertBook, OneFinalMatchFarBehindMakesALongEpisodeFinal) {
  const auto r = rule();
  Book b;
  for (int i = 0; i < kMany; ++i) {
    Match m = match_at(i, true);
    m.missing = {FieldId::move_ordered};
    b.book.set(r, "g", std::move(m));
  }
  EXPECT_EQ(b.book.standing()[0].missing_inputs.size(), 1u);
  b.book.set(r, "g", match_at(kMany - 2, false));
  EXPECT_EQ(b.book.standing()[0].status, AlertStatus::final);
  EXPECT_TRUE(b.book.standing()[0].missing_inputs.empty());
  b.book.remove(r, "g", place(*match_at(kMany - 2).event));
  EXPECT_EQ(b.book.standing()[0].status, AlertStatus::provisional);
  EXPECT_EQ(b.book.standing()[0].missing_inputs.size(), 1u);
}

TEST(AlertBook, BeyondTheEvidenceLimitTheMatchThatSpeaksKeepsItsOwn) {
  const auto r = rule();
  Book b;
  const int last = static_cast<int>(limits::kAlertMatches) - 1;
  for (int minute = 0; minute < last; ++minute) {
    Match m = match_at(minute, true);
    m.evidence.push_back({match_at(minute + 1000).event, {}, {}, {}, {}});
    b.book.set(r, "g", std::move(m));
  }
  const Match speaks = match_at(last);
  b.book.set(r, "g", speaks);
  const Alert alert = b.book.standing().at(0);
  EXPECT_EQ(alert.judged, speaks.event);
  EXPECT_EQ(alert.evidence.size(), limits::kAlertEvidence);
  EXPECT_EQ(alert.evidence_omitted, 2u * static_cast<std::size_t>(last) + 1 - limits::kAlertEvidence);
  const auto cites = [&](const EventPtr& e) {
    return std::any_of(alert.evidence.begin(), alert.evidence.end(), [&](const auto& x) { return x.event == e; });
  };
  EXPECT_TRUE(cites(speaks.event));
}

}  // namespace
}  // namespace quaywatch::pipeline
