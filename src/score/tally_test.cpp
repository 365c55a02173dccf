#include "score/tally.h"

#include <gtest/gtest.h>

namespace quaywatch::score {
namespace {

constexpr Timestamp kNoon{days(20'000).us};

std::string hidden(PersonalClass personal, std::string_view value) {
  return std::to_string(static_cast<int>(personal)) + "-" + std::string(value);
}

Plant plant(std::string id, std::vector<Subjects> subjects, bool innocent = false) {
  Plant p;
  p.id = id;
  p.script = innocent ? "twin" : "crime";
  p.innocent = innocent;
  p.subjects = std::move(subjects);
  p.acts = {{kNoon, "first", {}}, {kNoon + hours(10), "last", {}}};
  return p;
}

DetectedAlert alert(std::vector<DetectedSubject> subjects, Timestamp at = kNoon) {
  return {0, at, at + hours(1), std::move(subjects)};
}

// Whose plant the one alert is.
std::string owner(const std::vector<Plant>& plants, const DetectedAlert& told, Duration reach = kReach) {
  const Matches m = match(plants, {told}, reach, hidden);
  return m.of_alert[0] == kNoPlant ? "nothing" : plants[m.of_alert[0]].id;
}

TEST(Match, GoesByKindAndValue) {
  const std::vector<Plant> plants = {
      plant("box", {{"container", {"TRHU 387124-7"}}, {"party", {"HZ-X"}}, {"account", {"jag"}}}),
      plant("card", {{"credential", {"C7"}}, {"vehicle", {"LJ QX-472"}}})};
  const struct {
    const char* kind;
    const char* value;
    bool about;
    const char* owner;
  } cases[] = {
      {"container", "TRHU3871247", true, "box"}, {"party", "HZ-X", false, "box"},
      {"party", "HZ-Y", false, "nothing"},       {"release", "HZ-X", true, "nothing"},
      {"account", "jag", false, "box"},          {"account", "1-jag", false, "box"},
      {"account", "2-jag", false, "nothing"},    {"credential", "2-C7", false, "card"},
      {"vehicle", "LJQX472", false, "card"},     {"vehicle", "4-LJ QX-472", false, "card"},
  };
  for (const auto& c : cases) {
    const DetectedAlert told = alert({{c.kind, comparison_form(c.kind, c.value), c.about}});
    EXPECT_EQ(owner(plants, told), c.owner) << c.kind << " " << c.value;
  }
}

TEST(Match, TheContainerOutranks) {
  const std::vector<Plant> plants = {plant("box", {{"container", {"TRHU3871247"}}, {"party", {"HZ-X"}}}),
                                     plant("party", {{"party", {"HZ-X"}}})};
  const DetectedSubject party{"party", "HZ-X", false}, other{"container", "QAYU1000011", true};
  EXPECT_EQ(owner(plants, alert({other, party})), "party") << "the box is another one";
  EXPECT_EQ(owner({plants[0]}, alert({other, party})), "nothing");
  EXPECT_EQ(owner(plants, alert({{"container", "QAYU1000011", false}, party})), "box") << "not about the other box";
  EXPECT_EQ(owner(plants, alert({{"container", "TRHU3871247", true}})), "box");
}

TEST(Match, AZoneIsNoSubjectOfACrime) {
  const std::vector<Plant> plants = {plant("crime", {{"zone", {"YARD"}}, {"credential", {"C7"}}}),
                                     plant("twin", {{"zone", {"QUAY"}}}, true)};
  const DetectedSubject yard{"zone", "YARD", true}, card{"credential", "C7", false};
  EXPECT_EQ(owner(plants, alert({yard})), "nothing");
  EXPECT_EQ(owner(plants, alert({yard, card})), "crime");
  EXPECT_EQ(owner(plants, alert({{"zone", "QUAY", true}})), "twin") << "an outage there explains the alert";
}

TEST(Match, GoesByTimeWithBothEndsIn) {
  const std::vector<Plant> plants = {plant("p", {{"party", {"x"}}})};
  const std::vector<DetectedSubject> x{{"party", "x", true}};
  const Timestamp first = kNoon - kBeforeFirstAct, last = kNoon + hours(10) + kReach;
  EXPECT_EQ(owner(plants, alert(x, first)), "p");
  EXPECT_EQ(owner(plants, alert(x, first - Duration{1})), "nothing");
  EXPECT_EQ(owner(plants, alert(x, last)), "p");
  EXPECT_EQ(owner(plants, alert(x, last + Duration{1})), "nothing");
  EXPECT_EQ(owner(plants, alert(x, last), hours(71)), "nothing");
}

TEST(Match, ACrimeComesBeforeATwin) {
  const std::vector<Plant> plants = {plant("twin", {{"party", {"x"}}}, true), plant("crime", {{"party", {"x"}}}),
                                     plant("second", {{"party", {"x"}}})};
  EXPECT_EQ(owner(plants, alert({{"party", "x", true}})), "crime");
  const Matches m = match(plants, {alert({{"party", "x", true}})}, kReach, hidden);
  EXPECT_EQ(m.of_plant[0].size(), 1u);
  EXPECT_EQ(m.of_plant[2].size(), 1u) << "of each of them";
}

std::string line(std::string_view id, std::string_view rule, std::string_view party, Duration after) {
  const std::string at = format_rfc3339(kNoon + after);
  return R"({"alert_id":")" + std::string(id) + R"(","status":"final","rule_id":")" + std::string(rule) +
         R"(","title":"rule )" + std::string(rule) + R"(","event_time":")" + at + R"(","knowable_at":")" + at +
         R"(","subjects":[{"role":"about","kind":"party","value":")" + std::string(party) + "\"}]}\n";
}

TEST(Tally, AddsUp) {
  const std::vector<Plant> plants = {plant("1", {{"party", {"a"}}}), plant("2", {{"party", {"b"}}}),
                                     plant("3", {{"party", {"c"}}}), plant("4", {{"party", {"t"}}}, true),
                                     plant("5", {{"party", {"u", "a"}}}, true)};
  Detected detected;
  ASSERT_TRUE(detected.read(line("1", "A", "a", hours(4)) + line("2", "A", "a", hours(2)) +
                                line("3", "B", "a", hours(3)) + line("4", "B", "b", hours(5)) +
                                line("5", "B", "t", hours(1)) + line("6", "A", "nobody", hours(1)),
                            "alerts"));
  const Tally t = tally(plants, detected, match(plants, detected.alerts(), kReach, hidden), {{"C", "rule C", 1, {}}});
  ASSERT_EQ(t.recall.size(), 2u);
  EXPECT_EQ(t.recall[0].script, "crime");
  EXPECT_EQ(t.recall[1].found, 2u);
  EXPECT_EQ(t.recall[1].planted, 3u);
  ASSERT_EQ(t.times.size(), 1u);
  EXPECT_EQ(t.times[0].median, minutes(210)) << "mean of two and five hours: the earliest alert of each crime";
  EXPECT_EQ(t.times[0].worst, hours(5));
  ASSERT_EQ(t.twins.size(), 1u);
  EXPECT_EQ(t.twins[0].planted, 2u);
  EXPECT_EQ(t.twins[0].alerted, 1u) << "the alerts of the second are of a crime";
  EXPECT_EQ(t.twins[0].alerts, 1u);
  EXPECT_EQ(t.of_nothing, 1u);
  EXPECT_EQ(t.false_alarms(), 2u);
  EXPECT_EQ(t.not_found, std::vector<std::size_t>{2});
  std::string rules;
  for (const Detector& d : t.detectors)
    rules += d.rule_id + " " + std::to_string(d.of_crimes) + std::to_string(d.of_twins) + std::to_string(d.of_nothing) +
             " " + std::to_string(d.crimes) + std::to_string(d.crimes_alone) + "; ";
  EXPECT_EQ(rules, "A 201 10; B 210 21; C 000 00; ");
}

}  // namespace
}  // namespace quaywatch::score
