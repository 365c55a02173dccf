// What we send, against a receiver of our own on this machine. That TLS and mail go through is tested with other
// programs' receivers (tests/telling_test.py).
#include <gtest/gtest.h>

#include "io/http_client.h"
#include "io/http_server.h"
#include "io/mail_client.h"
#include "io/print_client.h"

namespace quaywatch::io {
namespace {

TEST(WebAddress, IsReadInParts) {
  const auto a = parse_web_address("https://desk.example/hooks?a=1");
  ASSERT_TRUE(a);
  EXPECT_TRUE(a->is_secure);
  EXPECT_EQ(a->host, "desk.example");
  EXPECT_EQ(a->port, 443);
  EXPECT_EQ(a->target, "/hooks?a=1");
  const auto b = parse_web_address("http://[::1]:8080");
  ASSERT_TRUE(b);
  EXPECT_EQ(b->host, "::1");
  EXPECT_EQ(b->port, 8080);
  EXPECT_EQ(b->target, "/");
}

TEST(WebAddress, RefusesWhatIsNone) {
  for (const char* text : {"", "ftp://a", "http://", "https:///x", "http://a:0", "http://a:99999", "http://a b/",
                           "http://u@a/", "http://a/\r\nX: y", "http://a/#b", "http://a?b"})
    EXPECT_FALSE(parse_web_address(text)) << text;
}

TEST(HttpPost, BringsBodyAndHeadersAndTheStatusBack) {
  HttpRequest seen;
  auto server = HttpServer::open(
      *parse_listen_address("tcp:127.0.0.1:0"), {},
      [&seen](const HttpRequest& request) {
        seen = request;
        return HttpResponse{202, "text/plain", {}, "taken"};
      },
      [](int status) { return HttpResponse{status, ""}; });
  ASSERT_TRUE(server);
  const Posting posting{{false, "127.0.0.1", server->address().port, "/hooks?a=1"},
                        {{"Content-Type", "application/json"}, {"webhook-id", "7"}},
                        "{\"a\":1}",
                        {}};
  const auto status = http_post(posting, seconds(5));
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 202);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/hooks?a=1");
  EXPECT_EQ(seen.body, "{\"a\":1}");
  EXPECT_EQ(seen.header("webhook-id"), "7");
  server->stop();
  const auto nobody = http_post(posting, seconds(5));
  ASSERT_FALSE(nobody);
  EXPECT_NE(nobody.error().message.find("cannot reach 127.0.0.1 port"), std::string::npos) << nobody.error().message;
}

TEST(PrinterAddress, HasThePortOfPrinters) {
  const auto a = parse_printer_address("ipps://[::1]/printers/gate");
  ASSERT_TRUE(a);
  EXPECT_EQ(*a, (WebAddress{true, "::1", 631, "/printers/gate"}));
  EXPECT_EQ(authority(*a), "[::1]:631");
  EXPECT_EQ(parse_printer_address("ipp://printer:8631")->port, 8631);
  for (const char* text : {"", "http://a/ipp", "ipp://", "ipp://a:0", "a:9100"})
    EXPECT_FALSE(parse_printer_address(text)) << text;
}

// A printer that says `reply`; its printing is what is tried.
Result<void> print_with(HttpResponse reply, HttpRequest& seen) {
  auto server = HttpServer::open(
      *parse_listen_address("tcp:127.0.0.1:0"), {},
      [&](const HttpRequest& request) {
        seen = request;
        return reply;
      },
      [](int status) { return HttpResponse{status, ""}; });
  const WebAddress printer{false, "127.0.0.1", server->address().port, "/ipp/print"};
  return print_text({printer, {}, "Quaywatch 7", "seal changed\r\n"}, seconds(5));
}

HttpResponse ipp_reply(std::string_view status) {
  return {200, "application/ipp", {}, "\x01\x01" + std::string(status) + std::string("\0\0\0\1\3", 5)};
}

TEST(PrintText, IsAJobOfPlainText) {
  using namespace std::string_view_literals;
  HttpRequest seen;
  const auto taken = print_with(ipp_reply("\0\1"sv), seen);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(seen.method + " " + seen.target, "POST /ipp/print");
  EXPECT_EQ(seen.header("content-type"), "application/ipp");
  EXPECT_EQ(seen.body.substr(0, 8), "\1\1\0\2\0\0\0\1"sv) << "IPP/1.1 Print-Job";
  EXPECT_NE(seen.body.find("\x47\0\x12" "attributes-charset\0\5utf-8\x48"sv), std::string::npos);
  EXPECT_NE(seen.body.find("\x42\0\x08job-name\0\x0bQuaywatch 7"sv), std::string::npos);
  EXPECT_TRUE(seen.body.ends_with("\x49\0\x0f" "document-format\0\x0atext/plain\3seal changed\r\n"sv));
}

TEST(PrintText, SaysWhyItIsNotTaken) {
  using namespace std::string_view_literals;
  HttpRequest seen;
  for (const auto& [reply, words] :
       {std::pair(ipp_reply("\x05\x07"sv), "the printer refuses it: it is busy"),
        {ipp_reply("\x04\x08"sv), "the printer refuses it: IPP status 0x0408"},
        {HttpResponse{404, "text/plain", {}, "none here"}, "the printer answered 404"},
        {HttpResponse{200, "text/plain", {}, "hello"}, "what answers there is no printer; check the address"}}) {
    const auto done = print_with(reply, seen);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, words);
  }
}

TEST(SendMail, NoPasswordGoesOutInClear) {
  const auto refused = send_mail({"127.0.0.1", 1, MailTls::none, {}, "user", "password"},
                                 {"a@port.example", "b@port.example", "text"}, seconds(5));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "a password goes out over TLS alone");
}

TEST(MailAddress, IsOneThatNoCommandCanBeHiddenIn) {
  EXPECT_TRUE(is_mail_address("desk@port.example"));
  for (const char* text : {"", "desk", "@port", "desk@", "a@b@c", "a b@c", "<a@b>", "a@b\r\nRCPT", "a@b,c@d"})
    EXPECT_FALSE(is_mail_address(text)) << text;
}

}  // namespace
}  // namespace quaywatch::io
