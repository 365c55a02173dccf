#include "codec/syslog.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace quaywatch::codec {
namespace {

// "priority version|time|host|app|procid|msgid|element.name=value ...|message", or "!reason@offset".
std::string flat(std::string_view text) {
  SyslogMessage m;
  if (const auto refused = read_syslog(text, m))
    return "!" + std::string(refused->reason) + "@" + std::to_string(refused->offset);
  std::string out = std::to_string(m.priority) + " " + std::to_string(m.version) + "|";
  if (m.time) out += m.time->text;
  for (const std::string_view part : {m.host, m.app, m.procid, m.msgid}) out += "|" + std::string(part);
  out += "|";
  for (const SyslogParam& p : m.params)
    out += std::string(p.element) + "." + std::string(p.name) + "=" + std::string(p.value) + " ";
  return out + "|" + std::string(m.message);
}

struct Case {
  std::string_view text, wanted;
};

TEST(Syslog, ReadsRfc5424) {
  const Case kCases[] = {
      // util-linux: logger --rfc5424
      {R"(<13>1 2026-10-23T19:52:14.123456+02:00 gate-pc logger - - [timeQuality tzKnown="1" isSynced="0"] lane 3)",
       "13 1|2026-10-23T19:52:14.123456+02:00|gate-pc|logger|||timeQuality.tzKnown=1 timeQuality.isSynced=0 |lane 3"},
      {"<165>1 2026-10-23T17:52:14Z - - - - - \xEF\xBB\xBF\xC5\xA1\n", "165 1|2026-10-23T17:52:14Z||||||\xC5\xA1"},
      {"<34>1 - host app 12 ID47 -", "34 1||host|app|12|ID47||"},
      {"<34>1 2026-10-23T19:52:14 host app - - - no offset", "34 1|2026-10-23T19:52:14|host|app||||no offset"},
      {R"(<34>1 - h a - m [a@1 k="1" k="2"][b@1] x)", "34 1||h|a||m|a@1.k=1 a@1.k=2 |x"},
      {R"(<34>1 - h a - m [a@1 k="say \"hi\" \] \\ \n"] x)", R"(34 1||h|a||m|a@1.k=say "hi" ] \ \n |x)"},
      {R"(<34>1 - h a - m [a@1 k=""] x)", "34 1||h|a||m|a@1.k= |x"},
      {R"(<34>1 - h a - m [a@1 k="v"]no blank)", "34 1||h|a||m|a@1.k=v |no blank"},
  };
  for (const Case& c : kCases) EXPECT_EQ(flat(c.text), c.wanted) << c.text;
}

TEST(Syslog, ReadsBsdFormsOfHostsAndDevices) {
  const Case kCases[] = {
      // util-linux: logger --rfc3164, and glibc syslog(3) on a local socket, which names no host
      {"<13>Oct 23 19:52:14 gate-pc logger[812]: lane 3 open", "13 0|Oct 23 19:52:14|gate-pc|logger|812|||lane 3 open"},
      {"<86>Oct  3 19:52:14 sshd[4711]: Accepted publickey", "86 0|Oct  3 19:52:14||sshd|4711|||Accepted publickey"},
      // rsyslog: traditional and ISO files, forwarding
      {"Oct 23 19:52:14 gate-pc CRON[99]: (root) CMD (x)", "-1 0|Oct 23 19:52:14|gate-pc|CRON|99|||(root) CMD (x)"},
      {"2026-10-23T19:52:14.5+02:00 gate-pc kernel: [ 12.3] usb",
       "-1 0|2026-10-23T19:52:14.5+02:00|gate-pc|kernel||||[ 12.3] usb"},
      {"<30>2026-10-23T19:52:14Z gate-pc systemd[1]: Started.",
       "30 0|2026-10-23T19:52:14Z|gate-pc|systemd|1|||Started."},
      {"<13>Oct 23 19:52:14 h app[1] no colon", "13 0|Oct 23 19:52:14|h|app|1|||no colon"},
      {"<13>Oct 23 19:52:14 10.0.0.99 last message repeated 3 times",
       "13 0|Oct 23 19:52:14|10.0.0.99|||||last message repeated 3 times"},
      {"<13>Oct 23 19:52:14 2001:db8::7 app: x", "13 0|Oct 23 19:52:14|2001:db8::7|app||||x"},
      {"<13>Oct 23 19:52:14 host CEF:0|v|p|1|s|n|5|", "13 0|Oct 23 19:52:14|host|||||CEF:0|v|p|1|s|n|5|"},
      // Cisco IOS, ASA, NX-OS
      {"<189>45: *Oct 23 19:52:14.120: %SYS-5-CONFIG_I: Configured",
       "189 0|*Oct 23 19:52:14.120||%SYS-5-CONFIG_I||||Configured"},
      {"<166>Oct 23 2026 19:52:14: %ASA-6-605005: Login permitted",
       "166 0|Oct 23 2026 19:52:14||%ASA-6-605005||||Login permitted"},
      {"<190>sw01: 2026 Oct 23 19:52:14 UTC: %AUTHPRIV-6-X: m",
       "190 0|2026 Oct 23 19:52:14 UTC|sw01|%AUTHPRIV-6-X||||m"},
      // A panel and a firewall that send a priority and nothing else of the header
      {"<13>Door 12 forced", "13 0|||||||Door 12 forced"},
      {"<189>date=2026-10-23 time=19:52:14 devname=\"fw\"", "189 0|||||||date=2026-10-23 time=19:52:14 devname=\"fw\""},
      {"<13>", "13 0|||||||"},
      {"<0>Oct 23 19:52:14", "0 0|Oct 23 19:52:14||||||"},
  };
  for (const Case& c : kCases) EXPECT_EQ(flat(c.text), c.wanted) << c.text;
  using namespace std::string_view_literals;
  EXPECT_EQ(flat("<13>Oct 23 19:52:14 h a: x\r\n\0"sv), "13 0|Oct 23 19:52:14|h|a||||x");
}

TEST(Syslog, RefusesWithReasonAndOffset) {
  const Case kCases[] = {
      {"", "!no_header@0"},
      {"plain text", "!no_header@0"},
      {"<192>x", "!bad_priority@0"},
      {"<>x", "!bad_priority@0"},
      {"<1234>x", "!bad_priority@0"},
      {"<13", "!bad_priority@0"},
      {"<-1>x", "!bad_priority@0"},
      {"<34>2 - h a - - - x", "!unknown_version@4"},
      {"<34>1 2026-10-23T99:52:14Z h a - - - x", "!bad_time@6"},
      {"<34>1 2026-10-23 h a - - - x", "!bad_time@6"},
      {"<34>1 - h a - -", "!bad_structured_data@15"},
      {"<34>1 - h a - - x", "!bad_structured_data@16"},
      {"<34>1 - h a - - -x", "!bad_structured_data@17"},
      {R"(<34>1 - h a - - [a k="v" x)", "!bad_structured_data@26"},
      {R"(<34>1 - h a - - [a k="v)", "!bad_structured_data@22"},
      {R"(<34>1 - h a - - [a k=v])", "!bad_structured_data@20"},
      {R"(<34>1 - h a - - [] x)", "!bad_structured_data@17"},
  };
  for (const Case& c : kCases) EXPECT_EQ(flat(c.text), c.wanted) << c.text;
  EXPECT_EQ(flat(std::string(limits::kCsvRowBytes + 1, 'x')), "!message_too_long@0");
  std::string many = "<34>1 - h a - - [a";
  for (std::size_t i = 0; i <= limits::kCsvColumns; ++i) many += " k=\"v\"";
  EXPECT_EQ(flat(many + "]").substr(0, 18), "!too_many_members@");
}

}  // namespace
}  // namespace quaywatch::codec
