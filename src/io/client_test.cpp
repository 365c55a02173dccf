// What we send, against a receiver of our own on this machine. That TLS and mail go through is tested with other
// programs' receivers (tests/telling_test.py).
#include <gtest/gtest.h>

#include "io/http_client.h"
#include "io/http_server.h"
#include "io/mail_client.h"

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
