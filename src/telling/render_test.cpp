// The forms in which alerts leave. The signature is checked against the one that the Standard Webhooks specification
// (version 1.0.0, "Signature scheme") gets from the same input with another implementation (Python's hmac).
#include "telling/render.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/base64.h"

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

TEST(ParcelMail, IsItsOnePaperOrATextWithSeveral) {
  const Document edi{"application/EDIFACT", "h-1.edi", "UNB+UNOA:2'\n"};
  const Document text{"text/plain; charset=utf-8", "", "Hold.\n"};
  const std::string one = mail_text(Parcel{"h-1", "Hold request", {edi}}, "q@port.example", "yard@t.example", kNow);
  EXPECT_NE(one.find("Message-ID: <h-1@port.example>\nSubject: Hold request\n"), std::string::npos) << one;
  EXPECT_TRUE(one.ends_with("Content-Type: application/EDIFACT\n"
                            "Content-Disposition: attachment; filename=\"h-1.edi\"\n"
                            "Content-Transfer-Encoding: base64\n\nVU5CK1VOT0E6MicK\n"))
      << one;
  const std::string two = mail_text(Parcel{"h-1", "Hold request", {text, edi}}, "q@port.example", "y@t.example", kNow);
  EXPECT_NE(two.find("boundary=\"=_h-1\"\n\n--=_h-1\nContent-Type: text/plain"), std::string::npos) << two;
  EXPECT_NE(two.find("7bit\n\nHold.\n\n--=_h-1\nContent-Type: application/EDIFACT"), std::string::npos) << two;
  EXPECT_TRUE(two.ends_with("\n--=_h-1--\n")) << two;
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

Message waiting(std::vector<Waiting> requests) {
  return {"0123", {"channel:desk", "desk", {}, "o-1"}, {}, kNow, 1, std::move(requests)};
}

TEST(WaitingRequest, LeavesAsItsKindAndPlaceAlone) {
  const Message m = waiting({{WaitingKind::unmasking, "m-77"}});
  const auto j = nlohmann::json::parse(cloud_event(m, kConsole));
  EXPECT_EQ(j["type"], "org.quaywatch.request.waiting");
  EXPECT_FALSE(j.contains("subject"));
  EXPECT_EQ(j["data"].dump(), R"({"kind":"unmasking","link":"https://quaywatch.port.example/unmaskings"})");
  EXPECT_EQ(nlohmann::json::parse(cloud_event(m, ""))["data"].dump(), R"({"kind":"unmasking"})");
  const std::string mail = mail_text(m, kConsole, "q@port.example", "officer@port.example", Language::en);
  EXPECT_NE(mail.find("Subject: [Quaywatch] an unmasking waits for a second person\n"), std::string::npos) << mail;
  EXPECT_NE(mail.find("\n" + kConsole + "/unmaskings\n"), std::string::npos) << mail;
  EXPECT_EQ(syslog_line(m, kConsole, SyslogForm::rfc5424),
            "<133>1 2026-03-12T08:00:00Z - quaywatch - request.waiting - an unmasking waits for a second person "
            "https://quaywatch.port.example/unmaskings");
  EXPECT_EQ(syslog_line(m, kConsole, SyslogForm::cef),
            "<133>1 2026-03-12T08:00:00Z - quaywatch - request.waiting - CEF:0|Quaywatch|Quaywatch|1|request.waiting|"
            "an unmasking waits for a second person|3|rt=1773302400000 cnt=1 "
            "request=https://quaywatch.port.example/unmaskings");
  for (const std::string& text : {cloud_event(m, kConsole), mail, syslog_line(m, kConsole, SyslogForm::cef)})
    EXPECT_EQ(text.find("m-77"), std::string::npos) << text;
}

TEST(WaitingRequest, OfAHandOverLeadsToTheCasesAndNamesNone) {
  const Message m = waiting({{WaitingKind::hand_over, "c-12/1"}});
  EXPECT_EQ(nlohmann::json::parse(cloud_event(m, kConsole))["data"].dump(),
            R"({"kind":"hand_over","link":"https://quaywatch.port.example/cases"})");
  const std::string mail = mail_text(m, kConsole, "q@port.example", "officer@port.example", Language::en);
  EXPECT_NE(mail.find("Subject: [Quaywatch] a case that is handed over waits for an answer\n"), std::string::npos);
  EXPECT_EQ(mail.find("c-12"), std::string::npos) << mail;
}

TEST(WaitingRequest, ThatACaseGivenAwayHasEndedNamesNone) {
  const Message m = waiting({{WaitingKind::feedback, "c-12/2026-03-12T08:00:00Z"}});
  EXPECT_EQ(nlohmann::json::parse(cloud_event(m, kConsole))["data"].dump(),
            R"({"kind":"feedback","link":"https://quaywatch.port.example/cases"})");
  const std::string mail = mail_text(m, kConsole, "q@port.example", "officer@port.example", Language::en);
  EXPECT_NE(mail.find("Subject: [Quaywatch] a case that you handed on has ended\n"), std::string::npos) << mail;
  EXPECT_EQ(mail.find("c-12"), std::string::npos) << mail;
}

TEST(WaitingRequest, SeveralAreCountedByKind) {
  const Message m =
      waiting({{WaitingKind::rule_set, "1"}, {WaitingKind::rule_set, "2"}, {WaitingKind::agreement, "1"}});
  const auto j = nlohmann::json::parse(cloud_event(m, kConsole));
  EXPECT_EQ(j["type"], "org.quaywatch.requests.grouped");
  EXPECT_EQ(j["data"].dump(), R"({"by_kind":{"agreement":1,"rule_set":2},"count":3,)"
                              R"("link":"https://quaywatch.port.example/rules"})");
  EXPECT_EQ(link(kConsole, waiting({{WaitingKind::rule_set, "1"}, {WaitingKind::unmasking, "m-1"}})), kConsole)
      << "of several pages the console";
  const std::string mail = mail_text(m, kConsole, "q@port.example", "officer@port.example", Language::en);
  EXPECT_NE(mail.find("[Quaywatch] 3 matters wait in the console: sets of rules: 2, agreements: 1\n"),
            std::string::npos)
      << mail;
}

TEST(Mail, HasTheTitleOfAShippedRuleInTheLanguageOfItsChannel) {
  Message m = message();
  m.notices.front().title = "Canary container looked up";
  const auto mail = [&m](Language language) { return mail_text(m, "", "a@b", "c@d", language); };
  EXPECT_NE(mail(Language::en).find("critical: Canary container looked up\n"), std::string::npos);
  const std::string subject = "[Quaywatch] crítica: Contenedor cebo consultado";
  EXPECT_NE(mail(Language::es).find("Subject: =?utf-8?B?" + base64(subject) + "?="), std::string::npos);
  EXPECT_NE(syslog_line(m, "", SyslogForm::rfc5424).find("Canary container looked up"), std::string::npos);
}

TEST(Mail, SpeaksTheLanguageOfItsChannel) {
  const std::string line =
      "crítica (definitiva) ZZQAY/T1 2026-03-12T07:59:00Z " + kAlert + ": Seal changed | twice\n";
  Message revised = message();
  revised.notices.front().news = News::revised;
  const std::string request = "una petición de revelar un seudónimo espera a una segunda persona";
  const struct {
    Message message;
    std::string subject, body;
  } rows[] = {
      {revised, "revisada: crítica: Seal changed | twice",
       "revisada " + line + "\nEn qué se basa está solo en la consola.\n"},
      {message(2), "2 alertas: 1 crítica, 1 alta",
       "Han llegado 2 alertas en un minuto: 1 crítica, 1 alta.\n\nnueva " + line + "nueva alta" +
           line.substr(line.find(" (")) + "\nEn qué se basa está solo en la consola.\n"},
      {waiting({{WaitingKind::unmasking, "m-77"}}), request, request + "\n\nDe qué trata está solo en la consola.\n"},
  };
  for (const auto& row : rows) {
    std::string text = mail_text(row.message, "", "a@b", "c@d", Language::es);
    std::erase(text, '\n');
    EXPECT_NE(text.find("Subject: =?utf-8?B?" + base64("[Quaywatch] " + row.subject) + "?="), std::string::npos)
        << text;
    EXPECT_NE(text.find(base64(row.body)), std::string::npos) << row.body << text;
  }
}

TEST(CloudEvent, AGroupHasCountsAndAllItsAlerts) {
  const auto j = nlohmann::json::parse(cloud_event(message(5), kConsole));
  EXPECT_EQ(j["type"], "org.quaywatch.alerts.grouped");
  EXPECT_EQ(j["data"]["count"], 5);
  EXPECT_EQ(j["data"]["by_level"]["critical"], 3);
  EXPECT_EQ(j["data"]["alerts"].size(), 5u);
}

TEST(Webhook, IsSignedAsTheSpecificationSays) {
  const auto signed_with = [](const char* secret) {
    return webhook_headers(message().id, "application/cloudevents+json", secret, kNow, "{}");
  };
  const auto headers = signed_with("whsec_MDEyMzQ1Njc4OWFiY2RlZg==");
  ASSERT_EQ(headers.size(), 4u);
  EXPECT_EQ(headers[1].second, "0123");
  EXPECT_EQ(headers[2].second, "1773302400");
  EXPECT_EQ(headers[3].second, "v1,jugfxgrpyC0rolc4VhK5j40qhOxLcIL2q52ROyrab/Y=");
  EXPECT_EQ(signed_with("0123456789abcdef"), headers) << "the same key, as it is";
  EXPECT_EQ(signed_with("").size(), 3u);
}

TEST(Mail, HasOneLineOfSubjectAndTheLink) {
  const std::string text = mail_text(message(), kConsole, "quaywatch@port.example", "desk@port.example", Language::en);
  EXPECT_NE(text.find("\nSubject: [Quaywatch] critical: Seal changed | twice\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Date: Thu, 12 Mar 2026 08:00:00 +0000\n"), std::string::npos) << text;
  EXPECT_NE(text.find(kConsole + "/watch?alert=" + kAlert), std::string::npos);
  Message m = message();
  m.notices.front().title = "Plomb\xC3\xA9";
  const std::string coded = mail_text(m, "", "a@b", "c@d", Language::en);
  EXPECT_NE(coded.find("Subject: =?utf-8?B?"), std::string::npos) << coded;
  EXPECT_NE(coded.find("Content-Transfer-Encoding: base64"), std::string::npos);
}

TEST(Mail, CountsWhatItDoesNotList) {
  const std::string text = mail_text(message(50), kConsole, "a@b", "c@d", Language::en);
  EXPECT_NE(text.find("50 alerts came within a minute: 25 critical, 25 high."), std::string::npos) << text;
  EXPECT_NE(text.find("and 30 more"), std::string::npos) << text;
}

TEST(Paper, IsOfShortLinesInTheLanguageOfItsChannel) {
  Message m = message();
  m.notices.front().title = "Canary container looked up";
  EXPECT_EQ(paper_text(m, kConsole, Language::es),
            "Quaywatch 2026-03-12T08:00:00Z\r\n\r\ncrítica: Contenedor cebo consultado\r\n\r\n"
            "nueva crítica (definitiva) ZZQAY/T1 2026-03-12T07:59:00Z\r\n" + kAlert +
                ": Contenedor cebo consultado\r\n\r\n" + kConsole + "/watch?alert=" + kAlert +
                "\r\n\r\nEn qué se basa está solo en la consola.\r\n");
  const std::string link = "https://" + std::string(80, 'q') + ".example";
  EXPECT_NE(paper_text(m, link, Language::en).find("\r\n" + link + "/watch?alert=" + kAlert + "\r\n"),
            std::string::npos)
      << "a link stays whole";
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
