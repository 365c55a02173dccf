// JSON comes in several formats with similar keys: each head is taken for its own.
#include <gtest/gtest.h>

#include "adapters/formats.h"

namespace quaywatch::adapters {
namespace {

struct Head {
  const char* bytes;
  const char* format;
};

TEST(JsonRecognition, TakesEachHeadForItsOwnFormat) {
  const Head heads[] = {
      {R"({"type":"container.gate_in","event_time":"2026-10-24T08:00:00Z"})", "canonical"},
      {R"({"type":"container.gate_in","event_time":"2026-10-24T08:00:00Z","event.reason":"eventType"})", "canonical"},
      {R"({"eventID":"1","eventType":"EQUIPMENT","eventClassifierCode":"ACT"})", "dcsa"},
      {R"([{"metadata":{"eventType":"EQUIPMENT","eventCreatedDateTime":"x","retractedEventID":"1"}}])", "dcsa"},
      {R"({"events":[{"eventType":"SHIPMENT","eventClassifierCode":"ACT"}]})", "dcsa"},
      {R"({"@context":"x","type":"EPCISDocument","epcisBody":{}})", "epcis"},
      {"\xEF\xBB\xBF\n[{\"type\":\"ObjectEvent\",\"eventTime\":\"x\"}]", "epcis"},
      {R"({"specversion":"1.0","type":"org.dcsa","data":{"eventType":"EQUIPMENT","eventClassifierCode":"ACT"}})",
       "cloudevents"},
      {R"([{"specversion":"1.0","type":"x","data":{"type":"ObjectEvent","eventTime":"x"}}])", "cloudevents"},
      {R"({"class_uid":3002,"time":1,"metadata":{"version":"1.3.0"}})", "ocsf"},
      {"[\n {\"class_uid\":3002,\n  \"metadata\":{\"version\":\"1.3.0\"}}\n]", "ocsf"},
  };
  for (const Head& head : heads) {
    const adapter::FormatAdapter* found = recognise_format(head.bytes);
    ASSERT_NE(found, nullptr) << head.bytes;
    EXPECT_EQ(found->id, head.format) << head.bytes;
  }
  // An OCSF record belongs to none of the three, whoever takes it.
  const adapter::FormatAdapter* ocsf = recognise_format(R"({"class_uid":3002,"type_uid":300201,"time":1})");
  for (const std::string_view id : {"dcsa", "epcis", "cloudevents"}) EXPECT_TRUE(ocsf == nullptr || ocsf->id != id);
  EXPECT_EQ(recognise_format(R"([{"eventTime":"x"}])"), nullptr);
}

}  // namespace
}  // namespace quaywatch::adapters
