#include "timeline/timelines.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace quaywatch::timeline {
namespace {

EventPtr gate(EventType type, std::string_view number, int day) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = type;
  e->feed = "codeco";
  e->facility = "SIKOP/KTV";
  e->event_time = e->received_at = {days(day).us};
  e->fields.add_text(FieldId::container_number, number);
  seal_event_id(*e, 0);
  return e;
}

Coverage gate_coverage(int until_day) {
  Coverage c;
  using enum EventType;
  c.add({"codeco", "SIKOP/KTV", {container_gate_in, container_gate_out}, {}, {days(until_day).us}, {}});
  return c;
}

Value fact(Timelines& timelines, const Coverage& coverage, const EventPtr& event, FieldId field) {
  Facts facts;
  timelines.insert(event);
  timelines.facts(event, coverage, facts);
  return facts.values.get(field);
}

TEST(Timelines, ABoxThatStaysInTheYardIsRememberedPastTheHistorySpan) {
  Timelines timelines;
  const Coverage coverage = gate_coverage(400);
  timelines.insert(gate(EventType::container_gate_in, "TRHU3871247", 1));
  timelines.forget_before(Timestamp{days(150).us} - limits::kSubjectHistorySpan);
  EXPECT_EQ(timelines.events_held(), 0u);
  const Value inside =
      fact(timelines, coverage, gate(EventType::container_gate_out, "TRHU3871247", 150), FieldId::container_inside);
  EXPECT_EQ(inside.kind, Kind::boolean);
  EXPECT_TRUE(inside.boolean());
}

TEST(Timelines, ABoxThatLeftIsForgottenAndUnknownWhenItReturns) {
  Timelines timelines;
  const Coverage coverage = gate_coverage(400);
  timelines.insert(gate(EventType::container_gate_in, "TRHU3871247", 1));
  timelines.insert(gate(EventType::container_gate_out, "TRHU3871247", 3));
  timelines.forget_before(Timestamp{days(150).us} - limits::kSubjectHistorySpan);
  EXPECT_EQ(timelines.subjects(), 0u);
  const Value inside =
      fact(timelines, coverage, gate(EventType::container_gate_in, "TRHU3871247", 150), FieldId::container_inside);
  EXPECT_EQ(inside.cause, UnknownCause::known_since);
}

boost::intrusive_ptr<Event> on_day(EventType type, int day) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = type;
  e->feed = "register";
  e->facility = "SIKOP/KTV";
  e->event_time = e->received_at = {days(day).us};
  return e;
}

EventPtr of_company(EventType type, int day) {
  const auto e = on_day(type, day);
  e->fields.add_text(FieldId::party_code, "HT-QNEW");
  e->fields.add_text(FieldId::party_name, "Qnew");
  if (type == EventType::pickup_announced) e->fields.add_text(FieldId::container_number, "TRHU3871247");
  seal_event_id(*e, 0);
  return e;
}

EventPtr declared(std::string_view box, int day) {
  const auto e = on_day(EventType::document_changed, day);
  e->fields.add_text(FieldId::container_number, box);
  e->fields.add_text(FieldId::goods_vin, "1HGCM82633A004352");
  seal_event_id(*e, 0);
  return e;
}

TEST(Timelines, ADormantCompanyThatWakesIsNotNew) {
  Timelines timelines;
  timelines.insert(of_company(EventType::party_registered, 1));
  timelines.forget_before(Timestamp{days(900).us} - limits::kSubjectHistorySpan);
  EXPECT_EQ(timelines.events_held(), 0u);
  timelines.insert(of_company(EventType::party_registered, 899));  // the register is exported again
  const Value ago = fact(timelines, gate_coverage(1000), of_company(EventType::pickup_announced, 900),
                         FieldId::party_registered_minutes_ago);
  EXPECT_EQ(ago.number, 899LL * 24 * 60 * 1'000'000);
}

TEST(Timelines, ACarPackedAgainTheYearAfterIsKnown) {
  Timelines timelines;
  timelines.insert(declared("TRHU3871247", 1));
  timelines.forget_before(Timestamp{days(600).us} - limits::kSubjectHistorySpan);
  const auto again = declared("CRSU5264002", 600);
  EXPECT_EQ(fact(timelines, gate_coverage(1000), again, FieldId::goods_vin_repeated).kind, Kind::text);
}

// --- lists of the site ---

boost::intrusive_ptr<Event> of_list(EventType type, std::string_view box, int day) {
  const auto e = on_day(type, day);
  e->fields.add_text(FieldId::container_number, box);
  e->fields.add_text(FieldId::list_name, "canary");
  return e;
}
EventPtr sealed(const boost::intrusive_ptr<Event>& e) {
  seal_event_id(*e, 0);
  return e;
}

// One of the two lies before the other, as the ids have it: that one decides.
TEST(Timelines, AnEntryTakenOffAtTheInstantOfALookUpCountsIfTheLookUpLiesBefore) {
  const Coverage none;
  int before = 0, behind = 0;
  for (const char* box : {"TRHU3871247", "CRSU5264002", "QAYU1000011", "QAYU1000027", "QAYU1000032", "QAYU1000048"}) {
    Timelines timelines;
    timelines.insert(sealed(of_list(EventType::object_listed, box, 1)));
    const auto off = sealed(of_list(EventType::object_delisted, box, 2));
    timelines.insert(off);
    const auto asked = gate(EventType::account_queried, box, 2);
    const bool counts = place(*asked) < place(*off);
    ++(counts ? before : behind);
    EXPECT_EQ(fact(timelines, none, asked, FieldId::container_on_list).is_absent(), !counts) << box;
  }
  EXPECT_GT(before, 0);
  EXPECT_GT(behind, 0);
}

TEST(Timelines, WhereAClockLeavesOpenWhetherAnEntryCountedTheListIsUnknown) {
  const Coverage none;
  const auto on = of_list(EventType::object_listed, "TRHU3871247", 1),
             off = of_list(EventType::object_delisted, "TRHU3871247", 2);
  off->event_time = off->event_time - minutes(10);
  off->time_error_s = 3600;
  Timelines timelines;
  timelines.insert(sealed(on));
  timelines.insert(sealed(off));
  const auto asked = [&](int day) {
    return fact(timelines, none, gate(EventType::account_queried, "TRHU3871247", day), FieldId::container_on_list);
  };
  EXPECT_EQ(asked(2).cause, UnknownCause::order);
  EXPECT_TRUE(asked(3).is_absent());
}

TEST(Timelines, APlannedEntryIsOnNoList) {
  Timelines timelines;
  const auto on = of_list(EventType::object_listed, "TRHU3871247", 1);
  on->classifier = Classifier::planned;
  timelines.insert(sealed(on));
  const auto asked = gate(EventType::account_queried, "TRHU3871247", 2);
  EXPECT_TRUE(fact(timelines, Coverage(), asked, FieldId::container_on_list).is_absent());
}

TEST(Timelines, ACarIsForgottenTwoYearsAfterItWasNamedLast) {
  Timelines timelines;
  timelines.insert(declared("TRHU3871247", 1));
  timelines.forget_before(Timestamp{days(900).us} - limits::kSubjectHistorySpan);
  EXPECT_EQ(timelines.subjects(), 0u);
}

TEST(Timelines, ALateEventNamesExactlyTheLaterEventsOfItsSubjects) {
  Timelines timelines;
  const auto first = gate(EventType::container_gate_in, "TRHU3871247", 1);
  const auto last = gate(EventType::container_gate_out, "TRHU3871247", 5);
  timelines.insert(first);
  timelines.insert(gate(EventType::container_gate_out, "CRSU5264002", 4));
  timelines.insert(last);
  const Inserted late = timelines.insert(gate(EventType::container_gate_out, "TRHU3871247", 2));
  EXPECT_EQ(late.affected, std::vector<EventPtr>{last});
  EXPECT_TRUE(timelines.insert(last).duplicate);
}

// Another report of a move whose clock errs may date it better, whatever is asked.
TEST(Timelines, OnlyEventsOfWhichAFactIsWantedOrWhoseClockErrsAreNamedAgain) {
  Timelines timelines([](EventType type, FieldId fact) {
    return type == EventType::container_discharged && fact == FieldId::container_inside;
  });
  const auto told = gate(EventType::container_discharged, "TRHU3871247", 6);
  boost::intrusive_ptr<Event> unsure(new Event(*gate(EventType::container_gate_out, "TRHU3871247", 5)));
  unsure->time_error_s = 60;
  seal_event_id(*unsure, 0);
  for (const EventPtr& e : {gate(EventType::container_gate_out, "TRHU3871247", 1),
                            gate(EventType::container_gate_out, "TRHU3871247", 4), EventPtr(unsure), told})
    timelines.insert(e);
  const Inserted late = timelines.insert(gate(EventType::container_gate_in, "TRHU3871247", 2));
  EXPECT_EQ(late.affected, (std::vector<EventPtr>{unsure, told}));
}

// An exit is judged by what customs said within a day behind it.
TEST(Timelines, AnEventThatLooksAheadIsNamedWhereAFactOfItIsWanted) {
  for (const bool is_wanted : {true, false}) {
    Timelines timelines([&](EventType, FieldId fact) { return is_wanted && fact == FieldId::selection_open; });
    const auto exit = gate(EventType::container_gate_out, "TRHU3871247", 1);
    timelines.insert(exit);
    const Inserted verdict = timelines.insert(gate(EventType::selection_added, "TRHU3871247", 2));
    EXPECT_EQ(verdict.affected, is_wanted ? std::vector<EventPtr>{exit} : std::vector<EventPtr>{});
  }
}

TEST(Timelines, WhatIsOlderThanTheHistoryIsToldTooLate) {
  Timelines timelines;
  timelines.insert(gate(EventType::container_gate_in, "TRHU3871247", 1));
  timelines.insert(gate(EventType::container_gate_out, "TRHU3871247", 100));
  timelines.forget_before({days(50).us});
  EXPECT_TRUE(timelines.insert(gate(EventType::container_gate_out, "TRHU3871247", 0)).too_late);
}

TEST(Timelines, TheLastEventFoldedAwayIsNotAppliedAgain) {
  Timelines timelines;
  const auto folded = gate(EventType::container_gate_in, "TRHU3871247", 1);
  timelines.insert(folded);
  timelines.insert(gate(EventType::container_gate_out, "TRHU3871247", 100));
  timelines.forget_before({days(50).us});
  EXPECT_TRUE(timelines.insert(folded).too_late);
  EXPECT_EQ(timelines.events().size(), 1u);
}

TEST(Timelines, EventsHeldAreListedOnceByPlace) {
  Timelines timelines;
  const auto later = gate(EventType::container_gate_out, "TRHU3871247", 2);
  boost::intrusive_ptr<Event> of_two_subjects(new Event(*gate(EventType::container_gate_out, "TRHU3871247", 1)));
  of_two_subjects->fields.add_text(FieldId::release_ref, "R-1");
  seal_event_id(*of_two_subjects, 0);
  const EventPtr earlier = of_two_subjects;
  timelines.insert(later);
  timelines.insert(earlier);
  EXPECT_EQ(timelines.events(), (std::vector<EventPtr>{earlier, later}));
}

// Found by the oracle (its stream 12631): a plan beside a passage was taken for a second reading of it.
TEST(Timelines, APlanBesideAPassageIsNoReadingOfIt) {
  struct Passage {
    EventType type;
    FieldId subject, inside;
  };
  using enum EventType;
  for (const Passage& of : {Passage{access_granted, FieldId::credential_id, FieldId::access_inside_zone},
                            {vehicle_passed, FieldId::vehicle_plate, FieldId::vehicle_inside},
                            {container_gate_in, FieldId::container_number, FieldId::container_inside}}) {
    const auto passage = [&](Classifier classifier, int second) {
      boost::intrusive_ptr<Event> e(new Event);
      e->type = of.type;
      e->feed = "gate";
      e->facility = "SIKOP/KTV";
      e->classifier = classifier;
      e->event_time = e->received_at = {days(1).us + seconds(second).us};
      e->fields.add_text(of.subject, "QA1");
      e->fields.add_text(FieldId::access_zone, "YARD");
      e->fields.add_text(FieldId::access_direction, "in");
      seal_event_id(*e, 0);
      return e;
    };
    Coverage coverage;
    coverage.add({"gate", "SIKOP/KTV", {vehicle_passed, container_gate_out, container_loaded}, {}, {days(9).us}, {}});
    Timelines timelines;
    timelines.insert(passage(Classifier::actual, 0));
    const Value inside = fact(timelines, coverage, passage(Classifier::planned, 1), of.inside);
    EXPECT_EQ(inside.kind, Kind::boolean) << info(of.type).name;
    EXPECT_TRUE(inside.boolean()) << info(of.type).name;
  }
}

}  // namespace
}  // namespace quaywatch::timeline
