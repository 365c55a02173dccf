#include "live/subject_index.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/limits_server.h"
#include "journal/pseudonym.h"

namespace quaywatch::live {
namespace {

class SubjectIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("index_test." + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto keys = journal::KeyRing::open(folder_);
    ASSERT_TRUE(keys) << keys.error().message;
    keys_.emplace(std::move(*keys));
    index_.emplace(*keys_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void add(FieldId field, const char* value, std::int64_t at, const char* owner = "QXT") {
    boost::intrusive_ptr<Event> e(new Event);
    e->type = EventType::container_gate_in;
    e->event_time = {at};
    e->owner = owner;
    e->fields.add_text(field, value);
    seal_event_id(*e, 0);
    index_->add(EventPtr(e));
  }
  std::vector<std::string> found(std::string_view query, const char* owner = "QXT") const {
    std::vector<std::string> out;
    for (const auto& hit : index_->search(query, 10, [&](const Event& e) { return e.owner == owner; }))
      out.push_back(hit.subject.key + (hit.is_exact ? "!" : ""));
    return out;
  }

  std::filesystem::path folder_;
  std::optional<journal::KeyRing> keys_;
  std::optional<SubjectIndex> index_;
};

using Words = std::vector<std::string>;

TEST_F(SubjectIndexTest, SearchForgivesTyping) {
  add(FieldId::container_number, "TRHU3871247", 1);
  add(FieldId::container_number, "TRHU3871300", 1);
  EXPECT_EQ(found("TRHU3871247"), Words{"TRHU3871247!"});
  EXPECT_EQ(found("trhu 387124-7"), Words{"TRHU3871247!"});
  EXPECT_EQ(found("TRHU387124"), Words{"TRHU3871247!"}) << "without its check digit";
  EXPECT_EQ(found("TRHU3871347"), Words{"TRHU3871247"}) << "one wrong character";
  EXPECT_EQ(found("TRHU3872147"), Words{"TRHU3871247"}) << "two changed about";
  EXPECT_EQ(found("TRHU3871427x"), Words{}) << "two slips";
  EXPECT_EQ(found("3871300"), Words{"TRHU3871300"});
  EXPECT_EQ(found("TRHU38"), (Words{"TRHU3871247", "TRHU3871300"}));
  EXPECT_EQ(found("XXXX"), Words{});
  EXPECT_EQ(found("-- "), Words{});
}

TEST_F(SubjectIndexTest, ExactOnesAreFoundAmongMoreThanAreComparedForSlips) {
  for (std::size_t i = 0; i <= limits::kSearchedSubjects; ++i)
    add(FieldId::container_number, fmt::format("QAYU{:07}", i).c_str(), 1);
  for (const std::size_t i : {std::size_t{0}, limits::kSearchedSubjects / 2, limits::kSearchedSubjects})
    EXPECT_EQ(found(fmt::format("qayu {:07}", i)).front(), fmt::format("QAYU{:07}!", i));
  EXPECT_EQ(found("QAYU000").size(), 10u);
  EXPECT_EQ(found("QAYU000").front(), "QAYU0000000") << "the first by name of very many";
}

TEST_F(SubjectIndexTest, WhatMayNotBeShownIsNotFound) {
  add(FieldId::container_number, "TRHU3871247", 1, "customs");
  EXPECT_EQ(found("TRHU3871247"), Words{});
  EXPECT_EQ(found("TRHU3871247", "customs"), Words{"TRHU3871247!"});
}

TEST_F(SubjectIndexTest, PersonalSubjectsAreFoundByTheirPseudonymAlone) {
  add(FieldId::account_id, "jsmith", 1);
  const std::string pseudonym = journal::pseudonym_text(*keys_, PersonalClass::account, "JSMITH");
  EXPECT_EQ(found("jsmith"), Words{});
  EXPECT_EQ(found(pseudonym), Words{pseudonym + "!"});
  EXPECT_EQ(index_->events({SubjectKind::account, "jsmith"}).size(), 0u);
  EXPECT_EQ(index_->events({SubjectKind::account, pseudonym}).size(), 1u);
}

TEST_F(SubjectIndexTest, APersonIsFoundInWhateverFieldNamesHim) {
  const auto named = [&](PersonalClass personal, const char* value) {
    return index_->naming(personal, journal::pseudonym_text(*keys_, personal, value)).size();
  };
  add(FieldId::account_id, "jsmith", 1);
  add(FieldId::order_issued_by, "JSmith", 2);
  add(FieldId::driver_name, "jsmith", 3);
  add(FieldId::vehicle_plate, "1-ABC-234", 4);
  add(FieldId::capture_read_plate, "1ABC234", 5);
  add(FieldId::log_message, "jsmith", 6);
  EXPECT_EQ(named(PersonalClass::account, "jsmith"), 2u);
  EXPECT_EQ(named(PersonalClass::person, "jsmith"), 1u);
  EXPECT_EQ(named(PersonalClass::plate, "1 abc 234"), 2u);
  EXPECT_EQ(named(PersonalClass::credential, "jsmith"), 0u);
  const std::string driver = journal::pseudonym_text(*keys_, PersonalClass::person, "jsmith");
  EXPECT_EQ(found(driver), Words{}) << "no subject of its own";
  index_->clear();
  EXPECT_EQ(named(PersonalClass::account, "jsmith"), 0u);
}

TEST_F(SubjectIndexTest, AnEventThatNamesAPersonTwiceIsFoundOnce) {
  boost::intrusive_ptr<Event> e(new Event);
  e->fields.add_text(FieldId::vehicle_plate, "1-ABC-234");
  e->fields.add_text(FieldId::capture_read_plate, "1ABC234");
  seal_event_id(*e, 0);
  index_->add(EventPtr(e));
  const std::string plate = journal::pseudonym_text(*keys_, PersonalClass::plate, "1ABC234");
  EXPECT_EQ(index_->naming(PersonalClass::plate, plate).size(), 1u);
}

TEST_F(SubjectIndexTest, EventsAreInOrderWhateverTheirArrival) {
  for (const std::int64_t at : {3, 1, 2}) add(FieldId::container_number, "TRHU3871247", at);
  std::vector<std::int64_t> times;
  for (const EventPtr& e : index_->events({SubjectKind::container, "TRHU3871247"})) times.push_back(e->event_time.us);
  EXPECT_EQ(times, (std::vector<std::int64_t>{1, 2, 3}));
}

}  // namespace
}  // namespace quaywatch::live
