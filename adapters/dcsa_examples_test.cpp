// The example events inside DCSA's own OpenAPI files (shared data c7_dcsa_openapi), read by path.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "adapter/recorder.h"
#include "adapters/formats.h"
#include "adapters/vector_files.h"
#include "base/limits.h"
#include "base/json_text.h"

namespace quaywatch::adapters::dcsa {
namespace {

namespace fs = std::filesystem;
using adapter::Recorder;
using adapter::SpanKind;

const fs::path kFolder = QUAYWATCH_SHARED_DIR "/data/c7_dcsa_openapi";

std::string json(const YAML::Node& node) {
  std::string out;
  if (node.IsMap()) {
    for (const auto& member : node) {
      out += out.empty() ? "{" : ",";
      append_json_string(out, member.first.Scalar());
      out += ":" + json(member.second);
    }
    return (out.empty() ? "{" : out) + "}";
  }
  if (node.IsSequence()) {
    for (const auto& element : node) out += (out.empty() ? "[" : ",") + json(element);
    return (out.empty() ? "[" : out) + "]";
  }
  const bool is_bare = node.Tag() == "?" && (node.Scalar() == "true" || node.Scalar() == "false");
  if (is_bare || node.IsNull()) return node.IsNull() ? "null" : node.Scalar();
  append_json_string(out, node.Scalar());
  return out;
}

bool is_event(const YAML::Node& node) {
  const YAML::Node part = node["metadata"] && node["metadata"].IsMap() ? node["metadata"] : node;
  return part["eventID"] && part["eventID"].IsScalar() && part["eventCreatedDateTime"] &&
         part["eventCreatedDateTime"].IsScalar();
}

void collect(const YAML::Node& node, std::vector<std::string>& events) {
  if (node.IsMap() && is_event(node)) return events.push_back(json(node));
  if (node.IsMap())
    for (const auto& member : node) collect(member.second, events);
  if (node.IsSequence())
    for (const auto& element : node) collect(element, events);
}

Recorder decode(std::string_view bytes) {
  Recorder r;
  find_format("dcsa")->decode(bytes, vector_source(), r);
  EXPECT_TRUE(r.accounts_for(bytes.size())) << bytes;
  return r;
}

TEST(DcsaExamples, EachBecomesItsEventOrIsRefusedForWhatItLacks) {
  if (!fs::exists(kFolder)) GTEST_SKIP() << kFolder << " is not here";
  std::map<std::string, int> met;
  int examples = 0;
  for (const char* file : {"tnt_v2.2.0.yaml", "tnt_v3.0.0-Beta-1.yaml", "event_domain_v3.2.0.yaml"}) {
    std::vector<std::string> events;
    collect(YAML::LoadFile((kFolder / file).string()), events);
    for (const std::string& event : events) {
      ++examples;
      const Recorder r = decode(event);
      for (const auto& s : r.spans)
        if (s.kind != SpanKind::accepted) ++met[std::string(s.reason) + ": " + s.message];
      for (const auto& e : r.events) {
        std::string line = std::string(info(e->type).name) + " " + std::string(name(e->classifier));
        if (e->op != Op::assert_) line += " " + std::string(name(e->op));
        ++met[line + " " + e->feed + " " + std::string(e->text(FieldId::container_number)) + "/" +
              std::string(e->text(FieldId::location_code)) + " " + format_rfc3339(e->event_time)];
      }
    }
  }
  EXPECT_EQ(examples, 12);
  const std::map<std::string, int> wanted = {
      {"container.dropped_off actual dcsa/EMC APZU4812090/NLRAM 2019-11-11T23:11:00Z", 1},
      {"container.loaded estimated dcsa/CMA APZU4812090/NLRAM 2019-11-11T23:11:00Z", 1},
      {"container.loaded estimated dcsa/HLC APZU4812090/NLRAM 2019-11-11T23:11:00Z", 1},
      {"container.picked_up actual dcsa/ZIM APNR7744962/NLRAM 2018-03-18T16:36:00Z", 1},
      {"document.changed actual dcsa/MSC APZU4812090/ 2022-09-19T04:31:00Z", 1},
      {"document.changed actual dcsa/MSK APZU4812090/ 2022-09-19T04:31:00Z", 1},
      // The example of 2.2 is of an older edition: `eventSubtype`, and no date at all.
      {"missing_key: the key 'shipmentEventTypeCode' is missing", 1},
      {"mode_not_mapped: arrivals and departures by 'RAIL' are not read", 1},
      {"mode_not_mapped: arrivals and departures by 'TRUCK' are not read", 1},
      {"vessel.arrived actual void dcsa/CMA / 2022-09-19T23:11:00Z", 1},
      {"vessel.arrived actual void dcsa/HLC / 2022-09-19T23:11:00Z", 1},
      {"vessel.arrived estimated dcsa/MSK /NLRAM 2022-11-11T23:11:00Z", 1}};
  EXPECT_EQ(met, wanted);
}

// The date of an event and the date on which it was told stay apart.
TEST(Dcsa, KeepsBothDates) {
  const Recorder r = decode(
      R"({"eventID":"1","eventType":"EQUIPMENT","eventClassifierCode":"ACT","equipmentEventTypeCode":"GTOT",)"
      R"("eventDateTime":"2026-10-24T08:00:00+02:00","eventCreatedDateTime":"2026-10-24T11:00:00+02:00"})");
  ASSERT_EQ(r.events.size(), 1U);
  EXPECT_EQ(format_rfc3339(r.events[0]->event_time), "2026-10-24T06:00:00Z");
  EXPECT_EQ(format_rfc3339(r.events[0]->reported_at), "2026-10-24T09:00:00Z");
}

// A retraction takes back the event that it names, of the same publisher.
TEST(Dcsa, ARetractionHasTheKeyOfWhatItRetracts) {
  const Recorder r = decode(read_file(fs::path(QUAYWATCH_SOURCE_DIR "/adapters/dcsa/vectors/v3_lines.jsonl")));
  ASSERT_GE(r.events.size(), 2U);
  EXPECT_EQ(r.events[1]->op, Op::void_);
  EXPECT_EQ(r.events[1]->natural_key, r.events[0]->natural_key);
}

TEST(Dcsa, ContainersAboveTheBoundAreTold) {
  std::string bytes = R"({"eventID":"1","eventType":"SHIPMENT","eventClassifierCode":"ACT","documentTypeCode":"CUS",)"
                      R"("shipmentEventTypeCode":"HOLD","eventDateTime":"2026-10-24T06:00:00Z","references":[{})";
  for (std::size_t i = 0; i <= limits::kRecordContainers; ++i)
    bytes += R"(,{"referenceType":"EQ","referenceValue":"QAYU1000011"})";
  const Recorder r = decode(bytes + "]}");
  EXPECT_EQ(r.events.size(), limits::kRecordContainers);
  EXPECT_EQ(std::count_if(r.findings.begin(), r.findings.end(),
                          [](const auto& f) { return f.code == "too_many_containers"; }),
            1);
}

}  // namespace
}  // namespace quaywatch::adapters::dcsa
