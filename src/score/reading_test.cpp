#include <gtest/gtest.h>

#include "score/detected.h"
#include "score/planted.h"

namespace quaywatch::score {
namespace {

struct Case {
  const char* text;
  const char* context;
  const char* message;  // what the error's message begins with
};

template <typename T>
void expect_refused(const Result<T>& read, const Case& c) {
  ASSERT_FALSE(read) << c.text;
  EXPECT_EQ(read.error().context, c.context) << c.text;
  EXPECT_EQ(read.error().message.substr(0, std::string_view(c.message).size()), c.message) << c.text;
}

constexpr const char* kPort =
    R"({"format":"quaywatch.truth/1","seed":7,"size":"small","from":"2026-10-05T00:00:00Z",)"
    R"("until":"2026-10-19T00:00:00Z","boxes":5812,"facility":"ZZQAY/T1"})";
constexpr const char* kPlant =
    R"({"id":"P1","script":"s","innocent":false,"carefulness":1,"subjects":{"container":["TRHU3871247"],"account":[]},)"
    R"("acts":[{"at":"2026-10-06T12:00:00Z","act":"later","account":"a"},)"
    R"({"at":"2026-10-06T11:00:00Z","act":"first"}]})";

TEST(Truth, IsRead) {
  const auto port = read_port(kPort, "port.json");
  ASSERT_TRUE(port) << port.error().message;
  EXPECT_EQ(port->boxes, 5812);
  EXPECT_DOUBLE_EQ(port->weeks(), 2);
  const auto plants = read_plants(std::string("\n") + kPlant + "\r\n\n", "plants.jsonl");
  ASSERT_TRUE(plants) << plants.error().message;
  ASSERT_EQ(plants->size(), 1u);
  const Plant& p = plants->front();
  EXPECT_EQ(p.acts.front().act, "first") << "acts are ordered by time";
  ASSERT_EQ(p.subjects.size(), 1u) << "a kind without values is none";
  EXPECT_EQ(p.subjects[0].values, std::vector<std::string>{"TRHU3871247"});
  ASSERT_EQ(p.acts[1].subjects.size(), 1u);
  EXPECT_EQ(p.acts[1].subjects[0].kind, "account");
}

TEST(Truth, ABrokenPortIsRefusedWithItsReason) {
  const Case cases[] = {
      {"", "p", "not_an_object"},
      {"[]", "p", "not_an_object"},
      {R"({"format":"quaywatch.truth/2"})", "p", "unsupported: format is 'quaywatch.truth/2'"},
      {R"({"format":"quaywatch.truth/1","seed":-1})", "p", "bad_value: seed must be a whole number from 0"},
      {R"({"format":"quaywatch.truth/1","seed":1,"size":""})", "p", "bad_value: size is empty"},
      {R"({"format":"quaywatch.truth/1","seed":1,"size":"s","facility":"f","from":"5 October"})", "p",
       "bad_value: from must be an RFC 3339 time"},
      {R"({"format":"quaywatch.truth/1","seed":1,"size":"s","facility":"f","from":"2026-10-05T00:00:00Z",)"
       R"("until":"2026-10-05T00:00:00Z","boxes":1})",
       "p", "bad_value: until must be later than from"},
      {R"({"format":"quaywatch.truth/1","seed":1,"size":"s","facility":"f","from":"2026-10-05T00:00:00Z",)"
       R"("until":"2026-10-12T00:00:00Z","boxes":0})",
       "p", "bad_value: boxes must be a whole number from 1"},
  };
  for (const Case& c : cases) expect_refused(read_port(c.text, "p"), c);
}

TEST(Truth, ABrokenPlantIsRefusedWithItsLine) {
  const Case cases[] = {
      {"\n{\"id\":", "p:2", "bad_json at byte "},
      {R"({"id":"P1"})", "p:1", "missing_field: 'script' is missing"},
      {R"({"id":"P1","script":"s","innocent":"no"})", "p:1", "bad_value: innocent must be true or false, not 'no'"},
      {R"({"id":"P1","script":"s","innocent":true,"carefulness":1.5})", "p:1",
       "bad_value: carefulness must be a whole number from 0 to 9, not '1.5'"},
      {R"({"id":"P1","script":"s","innocent":true,"carefulness":1,"subjects":{"boat":["x"]}})", "p:1",
       "unknown_kind: subjects name the kind 'boat'"},
      {R"({"id":"P1","script":"s","innocent":true,"carefulness":1,"subjects":{"party":[1]}})", "p:1",
       "bad_value: subjects.party must hold texts"},
      {R"({"id":"P1","script":"s","innocent":true,"carefulness":1,"subjects":{"party":[]}})", "p:1",
       "bad_value: subjects names nothing"},
      {R"({"id":"P1","script":"s","innocent":true,"carefulness":1,"subjects":{"party":["x"]},"acts":[]})", "p:1",
       "bad_value: acts is empty"},
      {R"({"id":"P1","script":"s","innocent":true,"carefulness":1,"subjects":{"party":["x"]},"acts":[{"act":"a"}]})",
       "p:1", "missing_field: 'acts.at' is missing"},
      {R"({"id":"P1","script":"s","innocent":true,"carefulness":1,"subjects":{"party":["x"]},"acts":[3]})", "p:1",
       "missing_field: 'acts.at' is missing"},
  };
  for (const Case& c : cases) expect_refused(read_plants(c.text, "p"), c);
  expect_refused(read_plants(std::string(kPlant) + "\n" + kPlant, "p"),
                 {"twice", "p:2", "bad_value: the id 'P1' stands on an earlier line"});
}

std::string alert(std::string_view id, std::string_view knowable, std::string_view status = "final") {
  return R"({"alert_id":")" + std::string(id) + R"(","status":")" + std::string(status) +
         R"(","rule_id":"r","title":"T","event_time":"2026-10-06T12:00:00Z","knowable_at":")" + std::string(knowable) +
         R"(","subjects":[{"role":"about","kind":"container","value":"TRHU 387124-7"},)"
         R"({"role":"acted","kind":"driver.card","value":"c1"},{"role":"acted","kind":"lookup.account","value":"a"},)"
         R"({"role":"about","kind":"vessel.imo","value":"9074729"},{"role":"about","kind":"access.zone","value":"Z"},)"
         R"({"role":"mentioned","kind":"party","value":"x"},{"role":"acted","kind":"brand_new","value":"x"}]})"
         "\n";
}

TEST(Alerts, AreReadAndJoined) {
  Detected detected;
  const std::string first = alert("1", "2026-10-08T00:00:00Z") + alert("2", "2026-10-08T00:00:00Z", "withdrawn");
  const std::string second = alert("1", "2026-10-07T00:00:00Z") + alert("3", "2026-10-09T00:00:00Z", "provisional");
  ASSERT_TRUE(detected.read(first, "a"));
  ASSERT_TRUE(detected.read(second, "b"));
  ASSERT_EQ(detected.alerts().size(), 2u);
  EXPECT_EQ(detected.repeated(), 1u);
  EXPECT_EQ(detected.withdrawn(), 1u);
  EXPECT_EQ(format_rfc3339(detected.alerts()[0].knowable_at), "2026-10-07T00:00:00Z");
  std::string subjects;
  for (const DetectedSubject& s : detected.alerts()[0].subjects)
    subjects += std::string(s.kind) + "=" + s.form + (s.is_about ? " about; " : " acted; ");
  EXPECT_EQ(subjects,
            "container=TRHU3871247 about; credential=c1 acted; account=a acted; vessel=9074729 about; zone=Z about; ");
}

TEST(Alerts, ABrokenLineIsRefused) {
  Detected detected;
  expect_refused(detected.read("HIGH     I2   Container moved\n", "a"), {"a table", "a:1", "not_an_object"});
  expect_refused(detected.read(alert("1", "today"), "a"), {"a time", "a:1", "bad_value: knowable_at must be"});
  expect_refused(detected.read("{\"alert_id\":\"1\"}", "a"), {"nothing", "a:1", "missing_field: 'rule_id'"});
}

TEST(Account, IsReadOrRefused) {
  const auto read = read_account(
      R"({"format":"quaywatch.account/1","rules":[{"rule_id":"r","title":"T","asked":10,)"
      R"("not_evaluated":{"pending":2,"no_coverage":3}}]})",
      "a");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 1u);
  EXPECT_EQ(read->front().open(), 5u);
  const Case cases[] = {
      {R"({"format":"quaywatch.account/2","rules":[]})", "a", "unsupported: format is 'quaywatch.account/2'"},
      {R"({"format":"quaywatch.account/1"})", "a", "missing_field: 'rules' is missing"},
      {R"({"format":"quaywatch.account/1","rules":[{"rule_id":"r","title":"T","asked":1,)"
       R"("not_evaluated":{"order":2}}]})",
       "a", "bad_value: rules.not_evaluated counts 2 events of 1 asked"},
  };
  for (const Case& c : cases) expect_refused(read_account(c.text, "a"), c);
}

}  // namespace
}  // namespace quaywatch::score
