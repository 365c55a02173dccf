#include "legal/subject_request.h"

#include <gtest/gtest.h>

namespace quaywatch::legal {
namespace {

const Timestamp kNow = from_civil_utc({2026, 11, 5, 9, 0, 0});
constexpr const char* kWhy = "he showed his passport";

RequestStep step(RequestAction action, Timestamp at = kNow) {
  RequestStep s;
  s.at = at;
  s.by = "u-1";
  s.organisation = "o-1";
  s.request_id = "r-1";
  s.action = action;
  s.words = "because it is so";
  return s;
}

RequestStep opened(RequestKind kind = RequestKind::access) {
  RequestStep s = step(RequestAction::open);
  s.kind = kind;
  s.identifiers = {{PersonalClass::plate, "plate-1"}, {PersonalClass::person, "person-1"}};
  s.received_on = *read_day("2026-11-03");
  s.identity_check = kWhy;
  s.right = "the lorry was sold";
  return s;
}

RequestStep answered(RequestDecision decision) {
  RequestStep s = step(RequestAction::answer);
  s.decision = decision;
  s.given = "by post";
  return s;
}

RequestBook with(const std::vector<RequestStep>& steps) {
  RequestBook book;
  for (const RequestStep& s : steps) {
    EXPECT_EQ(book.refuse(s), "");
    const auto again = read_request_step(to_text(s), s.at);  // as it comes out of the journal
    EXPECT_TRUE(again);
    if (again) book.apply(*again);
  }
  return book;
}

TEST(SubjectRequest, IsDueTheSameDayOfTheNextMonthOrItsLast) {
  const auto later = [](const char* day, int months) { return day_text(months_later(*read_day(day), months)); };
  EXPECT_EQ(later("2026-11-03", 1), "2026-12-03");
  EXPECT_EQ(later("2026-12-31", 1), "2027-01-31");
  EXPECT_EQ(later("2027-01-31", 1), "2027-02-28");
  EXPECT_EQ(later("2028-01-31", 1), "2028-02-29");
  EXPECT_EQ(later("2026-11-30", 3), "2027-02-28");
  for (const char* no : {"2026-02-30", "2026-11-3", "2026-11-03Z", "", "03.11.2026"}) EXPECT_FALSE(read_day(no)) << no;
}

TEST(SubjectRequest, TheClockIsExtendedOnceAndInTime) {
  RequestBook book = with({opened()});
  EXPECT_EQ(day_text(book.find("r-1")->due_on()), "2026-12-03");
  EXPECT_FALSE(book.find("r-1")->is_overdue(from_civil_utc({2026, 12, 3, 23, 59, 59})));
  EXPECT_TRUE(book.find("r-1")->is_overdue(from_civil_utc({2026, 12, 4})));
  RequestStep extend = step(RequestAction::extend, from_civil_utc({2026, 12, 4}));
  EXPECT_NE(book.refuse(extend), "") << "too late to tell the person";
  extend.at = from_civil_utc({2026, 12, 3});
  extend.words = "busy";
  EXPECT_NE(book.refuse(extend), "") << "no reason";
  extend.words = "the feeds of five years";
  EXPECT_EQ(book.refuse(extend), "");
  book.apply(extend);
  EXPECT_EQ(day_text(book.find("r-1")->due_on()), "2027-02-03");
  EXPECT_NE(book.refuse(extend), "") << "once";
}

TEST(SubjectRequest, AccessIsGivenByAFileThatWasMade) {
  RequestStep reading = step(RequestAction::read);
  reading.sha256 = std::string(64, 'a');
  RequestBook book = with({opened(), reading});
  RequestStep answer = answered(RequestDecision::granted);
  EXPECT_NE(book.refuse(answer), "");
  answer.sha256 = std::string(64, 'b');
  EXPECT_NE(book.refuse(answer), "");
  EXPECT_EQ(book.refuse(answered(RequestDecision::refused)), "") << "without a file";
  answer.sha256 = reading.sha256;
  EXPECT_EQ(book.refuse(answer), "");
  book.apply(answer);
  EXPECT_EQ(book.find("r-1")->state(), RequestState::closed);
  EXPECT_FALSE(book.find("r-1")->is_overdue(kNow + days(365)));
  EXPECT_NE(book.refuse(answer), "") << "once";
  EXPECT_EQ(book.refuse(reading), "") << "a second copy";
}

TEST(SubjectRequest, ACorrectionClosesWhenEachReceiverIsDone) {
  RequestStep answer = answered(RequestDecision::granted);
  answer.receivers = {{"o-2", "Port"}, {"channel:desk", "desk"}};
  RequestBook book = with({opened(RequestKind::correction), answer});
  EXPECT_EQ(book.find("r-1")->state(), RequestState::telling);
  RequestStep tell = step(RequestAction::tell);
  tell.receiver = "o-3";
  EXPECT_NE(book.refuse(tell), "") << "nobody of them";
  tell.receiver = "o-2";
  tell.is_told = true;
  EXPECT_EQ(book.refuse(tell), "");
  book.apply(tell);
  EXPECT_NE(book.refuse(tell), "") << "once";
  EXPECT_EQ(book.find("r-1")->state(), RequestState::telling);
  tell.receiver = "channel:desk";
  tell.is_told = false;
  tell.words = "";
  EXPECT_NE(book.refuse(tell), "") << "why not";
  tell.words = "the desk is closed since May";
  EXPECT_EQ(book.refuse(tell), "");
  book.apply(tell);
  EXPECT_EQ(book.find("r-1")->state(), RequestState::closed);
  EXPECT_FALSE(book.find("r-1")->to_tell.at(1).done->is_told);
  EXPECT_EQ(book.corrections_of("o-1", "person-1").size(), 1u);
  EXPECT_EQ(book.corrections_of("o-2", "person-1").size(), 0u) << "of another organisation";
  EXPECT_EQ(book.corrections_of("o-1", "person-2").size(), 0u);
}

TEST(SubjectRequest, WhatIsNotSaidIsRefused) {
  const RequestBook book = with({opened()});
  const auto refused = [&](void (*spoil)(RequestStep&), RequestKind kind = RequestKind::correction) {
    RequestStep s = opened(kind);
    s.request_id = "r-2";
    spoil(s);
    return !book.refuse(s).empty();
  };
  EXPECT_FALSE(refused([](RequestStep&) {}));
  EXPECT_TRUE(refused([](RequestStep& s) { s.identity_check = "yes"; }));
  EXPECT_TRUE(refused([](RequestStep& s) { s.identifiers.clear(); }));
  EXPECT_TRUE(refused([](RequestStep& s) { s.received_on = s.at + days(1); }));
  EXPECT_TRUE(refused([](RequestStep& s) { s.right.clear(); }));
  EXPECT_TRUE(refused([](RequestStep& s) { s.words.clear(); }, RequestKind::objection));
  EXPECT_FALSE(refused([](RequestStep& s) { s.words.clear(); }, RequestKind::access));
  EXPECT_TRUE(refused([](RequestStep& s) { s.request_id = "r-1"; })) << "it stands already";
  RequestStep foreign = answered(RequestDecision::refused);
  foreign.organisation = "o-2";
  EXPECT_NE(book.refuse(foreign), "");
  foreign.words = "of no concern here";
  RequestBook unchanged = book;
  unchanged.apply(foreign);
  EXPECT_EQ(unchanged.find("r-1")->state(), RequestState::open);
  for (const char* bad : {"", "[]", "{}", R"({"request_id":"r-1","action":"burn"})",
                          R"({"request_id":"r-1","action":"open","kind":"access","received_on":"2026-11-03"})"})
    EXPECT_FALSE(read_request_step(bad, kNow)) << bad;
}

}  // namespace
}  // namespace quaywatch::legal
