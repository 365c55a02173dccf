// The forms in which alerts leave. The signature is checked against the one that the Standard Webhooks specification
// (version 1.0.0, "Signature scheme") gets from the same input with another implementation (Python's hmac).
#include "telling/render.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace quaywatch::telling {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-03-12T08:00:00Z");
const std::string kConsole = "https://quaywatch.port.example";
const std::string kAlert(32, 'a');

Message message(std::size_t alerts = 1) {
  Message out{"0123", {"channel:desk", "desk", {}, "o-1"}, {}, kNow, 1};
  for (std::size_t i = 0; i < alerts; ++i)
    out.notices.push_back({kAlert, 2, News::raised, "final", i % 2 == 0 ? "critical" : "high", "Seal\nchanged | twice",
                           "ZZQAY/T1", kNow - minutes(1)});
  return out;
}

TEST(CloudEvent, HoldsTheMinimumAndNothingElse) {
  const auto j = nlohmann::json::parse(cloud_event(message(), kConsole));
  EXPECT_EQ(j["specversion"], "1.0");
  EXPECT_EQ(j["id"], "0123");
  EXPECT_EQ(j["source"], kConsole);
  EXPECT_EQ(j["type"], "org.quaywatch.alert.raised");
  EXPECT_EQ(j["subject"], kAlert);
  EXPECT_EQ(j["time"], "2026-03-12T08:00:00Z");
  std::vector<std::string> keys;
  for (const auto& [key, value] : j["data"].items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"alert_id", "event_time", "facility", "level", "link", "news", "revision",
                                            "status", "title"}));
  EXPECT_EQ(j["data"]["link"], kConsole + "/watch?alert=" + kAlert);
}

TEST(CloudEvent, AGroupHasCountsAndAllItsAlerts) {
  const auto j = nlohmann::json::parse(cloud_event(message(5), kConsole));
  EXPECT_EQ(j["type"], "org.quaywatch.alerts.grouped");
  EXPECT_EQ(j["data"]["count"], 5);
  EXPECT_EQ(j["data"]["by_level"]["critical"], 3);
  EXPECT_EQ(j["data"]["alerts"].size(), 5u);
}

TEST(Webhook, IsSignedAsTheSpecificationSays) {
  const auto headers = webhook_headers(message(), "whsec_MDEyMzQ1Njc4OWFiY2RlZg==", kNow, "{}");
  ASSERT_EQ(headers.size(), 4u);
  EXPECT_EQ(headers[1].second, "0123");
  EXPECT_EQ(headers[2].second, "1773302400");
  EXPECT_EQ(headers[3].second, "v1,jugfxgrpyC0rolc4VhK5j40qhOxLcIL2q52ROyrab/Y=");
  EXPECT_EQ(webhook_headers(message(), "0123456789abcdef", kNow, "{}"), headers) << "the same key, as it is";
  EXPECT_EQ(webhook_headers(message(), "", kNow, "{}").size(), 3u);
}

TEST(Mail, HasOneLineOfSubjectAndTheLink) {
  const std::string text = mail_text(message(), kConsole, "quaywatch@port.example", "desk@port.example");
  EXPECT_NE(text.find("\nSubject: [Quaywatch] critical: Seal changed | twice\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Date: Thu, 12 Mar 2026 08:00:00 +0000\n"), std::string::npos) << text;
  EXPECT_NE(text.find(kConsole + "/watch?alert=" + kAlert), std::string::npos);
  Message m = message();
  m.notices.front().title = "Plomb\xC3\xA9";
  const std::string coded = mail_text(m, "", "a@b", "c@d");
  EXPECT_NE(coded.find("Subject: =?utf-8?B?"), std::string::npos) << coded;
  EXPECT_NE(coded.find("Content-Transfer-Encoding: base64"), std::string::npos);
}

TEST(Mail, CountsWhatItDoesNotList) {
  const std::string text = mail_text(message(50), kConsole, "a@b", "c@d");
  EXPECT_NE(text.find("50 alerts came within a minute: 25 critical, 25 high."), std::string::npos) << text;
  EXPECT_NE(text.find("and 30 more"), std::string::npos) << text;
}

TEST(Syslog, FollowsRfc5424AndCef) {
  EXPECT_EQ(syslog_line(message(), "", SyslogForm::rfc5424),
            "<130>1 2026-03-12T08:00:00Z - quaywatch - alert.raised - raised critical (final) ZZQAY/T1 "
            "2026-03-12T07:59:00Z " + kAlert + ": Seal changed | twice");
  const std::string cef = syslog_line(message(), kConsole, SyslogForm::cef);
  EXPECT_NE(cef.find("CEF:0|Quaywatch|Quaywatch|1|alert.raised|Seal changed \\| twice|10|rt=1773302400000 cnt=1 "),
            std::string::npos)
      << cef;
  EXPECT_NE(cef.find(" request=" + kConsole + "/watch?alert\\=" + kAlert), std::string::npos) << cef;
}

}  // namespace
}  // namespace quaywatch::telling
