#include "live/whereabouts.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/limits_server.h"
#include "journal/pseudonym.h"

namespace quaywatch::live {
namespace {

using Fields = std::vector<std::pair<FieldId, std::string>>;

constexpr Timestamp kStart{1'000'000'000'000'000};

class WhereaboutsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("whereabouts_test." + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto keys = journal::KeyRing::open(folder_);
    ASSERT_TRUE(keys) << keys.error().message;
    keys_.emplace(std::move(*keys));
    whereabouts_.emplace(*keys_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  EventPtr add(EventType type, Duration after, const Fields& fields, const char* owner = "terminal",
               Classifier classifier = Classifier::actual) {
    boost::intrusive_ptr<Event> e(new Event);
    e->type = type;
    e->event_time = kStart + after;
    e->owner = owner;
    e->facility = "ZZQAY/T1";
    e->classifier = classifier;
    for (const auto& [field, text] : fields) {
      std::int64_t millionths = 0;
      if (info(field).kind == Kind::decimal && parse_decimal(text, millionths))
        e->fields.add_decimal(field, millionths);
      else
        e->fields.add_text(field, text);
    }
    seal_event_id(*e, 0);
    whereabouts_->add(EventPtr(e));
    return e;
  }
  void box(EventType type, Duration after, const char* number, const char* to = "", const char* owner = "terminal") {
    Fields fields{{FieldId::container_number, number}};
    if (*to != '\0') fields.emplace_back(FieldId::location_to, to);
    add(type, after, fields, owner);
  }
  void card(Duration after, const char* zone, const char* direction, const char* id = "C-1") {
    add(EventType::access_granted, after,
        {{FieldId::credential_id, id}, {FieldId::access_zone, zone}, {FieldId::access_direction, direction}});
  }

  static Shows everything() {
    return [](const EventPtr&) { return true; };
  }
  static Shows of(std::string owner) {
    return [owner](const EventPtr& e) { return e->owner == owner; };
  }
  Seen at(Duration after, const Shows& shows = everything()) const {
    return whereabouts_->at(kStart + after, shows);
  }
  std::string places(Duration after, const Shows& shows = everything()) const {
    std::string out;
    for (const BoxSeen& b : at(after, shows).boxes) out += b.number + "@" + b.place + " ";
    return out;
  }
  std::string zones(Duration after) const {
    std::string out;
    for (const CardSeen& c : at(after).cards) out += c.zone + " ";
    return out;
  }

  std::filesystem::path folder_;
  std::optional<journal::KeyRing> keys_;
  std::optional<Whereabouts> whereabouts_;
};

TEST_F(WhereaboutsTest, ABoxIsWhereItWasSeenLastBeforeTheInstant) {
  using enum EventType;
  box(container_moved, hours(2), "TRHU3871247", "A05-12-3-2");
  box(container_discharged, hours(1), "TRHU3871247");  // late
  box(container_gate_out, hours(5), "TRHU3871247");
  box(container_moved, hours(3), "TRHU3871300", "B01-01-1-1");
  EXPECT_EQ(places(minutes(30)), "");
  EXPECT_EQ(places(hours(1)), "TRHU3871247@ ");
  EXPECT_EQ(places(hours(2)), "TRHU3871247@A05-12-3-2 ");
  EXPECT_EQ(places(hours(4)), "TRHU3871247@A05-12-3-2 TRHU3871300@B01-01-1-1 ");
  EXPECT_EQ(places(hours(6)), "TRHU3871300@B01-01-1-1 ");
  EXPECT_EQ(at(hours(6)).last[0], kStart + hours(5));
  EXPECT_EQ(whereabouts_->latest(everything()), kStart + hours(5));
}

TEST_F(WhereaboutsTest, WhatAReaderMayNotSeeIsAsIfItWereNotThere) {
  using enum EventType;
  box(container_gate_in, hours(1), "TRHU3871247", "", "authority");
  box(container_moved, hours(2), "TRHU3871247", "A05-12-3-2");
  box(container_moved, hours(3), "TRHU3871300", "B01-01-1-1");
  EXPECT_EQ(places(hours(4), of("authority")), "TRHU3871247@ ");
  EXPECT_EQ(at(hours(4), of("authority")).last[0], kStart + hours(1));
  EXPECT_EQ(whereabouts_->latest(of("authority")), kStart + hours(1));
  EXPECT_EQ(whereabouts_->latest(of("carrier")), std::nullopt);
}

TEST_F(WhereaboutsTest, PlansAndWithdrawnWordsPlaceNothing) {
  add(EventType::container_moved, hours(1), {{FieldId::container_number, "TRHU3871247"}}, "terminal",
      Classifier::planned);
  EXPECT_EQ(places(hours(2)), "");
  const EventPtr moved = add(EventType::container_moved, hours(1), {{FieldId::container_number, "TRHU3871247"}});
  EXPECT_EQ(places(hours(2)), "TRHU3871247@ ");
  EXPECT_EQ(places(hours(2), [&](const EventPtr& e) { return e->id != moved->id; }), "");
}

TEST_F(WhereaboutsTest, ACardIsInEachZoneThatItEnteredWithinADay) {
  card(hours(1), "TERMINAL", "in");
  card(hours(2), "YARD", "in");
  card(hours(3), "YARD", "out");
  EXPECT_EQ(zones(hours(2)), "TERMINAL YARD ");
  EXPECT_EQ(zones(hours(3)), "TERMINAL ");
  EXPECT_EQ(zones(hours(25)), "TERMINAL ");
  EXPECT_EQ(zones(hours(26)), "");
  EXPECT_EQ(at(hours(2)).cards[0].card, journal::shown_text(*keys_, info(FieldId::credential_id).personal, "C-1"))
      << "never the card itself";
}

TEST_F(WhereaboutsTest, AShipLiesAtItsBerthUntilItLeaves) {
  using enum EventType;
  const Fields ship{{FieldId::vessel_imo, "9074729"}, {FieldId::vessel_name, "QUIET TIDE"}};
  Fields berthed = ship;
  berthed.emplace_back(FieldId::berth_code, "T1-1");
  add(vessel_arrived, hours(1), berthed);
  add(vessel_arrived, minutes(90), ship, "line");  // the same arrival, told without a berth
  berthed.back().second = "T1";
  add(vessel_arrived, hours(2), berthed, "line");
  add(vessel_arrived, hours(9), ship, "line", Classifier::estimated);
  add(vessel_departed, hours(8), ship);
  EXPECT_EQ(at(minutes(59)).vessels.size(), 0U);
  ASSERT_EQ(at(hours(3)).vessels.size(), 1U);
  EXPECT_EQ(at(hours(3)).vessels[0].berths, (std::vector<std::string>{"T1", "T1-1"}));
  EXPECT_EQ(at(hours(3)).vessels[0].berthed_at, kStart + hours(1));
  EXPECT_EQ(at(hours(3)).vessels[0].name, "QUIET TIDE");
  EXPECT_EQ(at(hours(10)).vessels.size(), 0U);
}

TEST_F(WhereaboutsTest, PositionsByMmsiAreThoseOfTheShip) {
  using enum EventType;
  add(vessel_arrived, hours(1),
      {{FieldId::vessel_imo, "9074729"}, {FieldId::vessel_mmsi, "238000001"}, {FieldId::berth_code, "T1-1"}});
  add(vessel_positioned, hours(2),
      {{FieldId::vessel_mmsi, "238000001"}, {FieldId::position_latitude, "45.5"},
       {FieldId::position_longitude, "-13.25"}, {FieldId::vessel_course_deg, "90"}});
  const Seen seen = at(hours(2));
  ASSERT_EQ(seen.vessels.size(), 1U);
  EXPECT_EQ(seen.vessels[0].berths, std::vector<std::string>{"T1-1"});
  EXPECT_DOUBLE_EQ(seen.vessels[0].latitude, 45.5);
  EXPECT_DOUBLE_EQ(seen.vessels[0].longitude, -13.25);
  EXPECT_EQ(seen.vessels[0].course_deg, 90.0);
  EXPECT_EQ(seen.vessels[0].speed_kn, std::nullopt);
  EXPECT_FALSE(at(hours(4)).vessels[0].position_at) << "too old to be where it is";
}

TEST_F(WhereaboutsTest, ASilentDeviceIsSilentUntilItIsRestored) {
  const Fields camera{{FieldId::device_id, "CAM005"}, {FieldId::device_zone, "BLOCK05"}};
  add(EventType::sensor_silent, hours(1), camera);
  add(EventType::sensor_restored, hours(2), camera);
  ASSERT_EQ(at(hours(1)).devices.size(), 1U);
  EXPECT_EQ(at(hours(1)).devices[0].zone, "BLOCK05");
  EXPECT_EQ(at(hours(2)).devices.size(), 0U);
}

TEST_F(WhereaboutsTest, WhatLeftLongAgoIsForgottenAndWhatStandsIsNot) {
  using enum EventType;
  box(container_moved, hours(1), "TRHU3871247", "A05-12-3-2");
  box(container_gate_out, hours(2), "TRHU3871300");
  for (int hour = 3; hour < 24 * 10; ++hour) box(container_moved, hours(hour), "TRHU3871352", "B01-01-1-1");
  EXPECT_EQ(places(days(9)), "TRHU3871247@A05-12-3-2 TRHU3871352@B01-01-1-1 ");
  EXPECT_EQ(places({days(10).us - limits::kMapReach.us}), "TRHU3871247@A05-12-3-2 TRHU3871352@B01-01-1-1 ");
  EXPECT_EQ(places(hours(20)), "TRHU3871247@A05-12-3-2 ") << "what the busy box did then is folded away";
}

}  // namespace
}  // namespace quaywatch::live
