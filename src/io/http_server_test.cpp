#include "io/http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <thread>

#include "io/descriptor.h"

namespace quaywatch::io {
namespace {

// A client that says exactly what it is told to.
class Peer {
 public:
  explicit Peer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    timeval wait{10, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    connected_ = ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  bool is_connected() const { return connected_; }
  void say(std::string_view text) { ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL); }
  // Up to and with `end`, or to the end of the connection.
  std::string hear(std::string_view end = {}) {
    std::string out;
    char block[4096];
    while (end.empty() || out.find(end) == std::string::npos) {
      const ssize_t got = ::recv(socket_.get(), block, sizeof block, 0);
      if (got <= 0) break;
      out.append(block, static_cast<std::size_t>(got));
    }
    return out;
  }

 private:
  Descriptor socket_;
  bool connected_ = false;
};

class HttpServerTest : public testing::Test {
 protected:
  void open(HttpOptions options = {}, HttpServer::Answer answer = {}) {
    if (!answer)
      answer = [this](const HttpRequest& request) {
        ++answered_;
        HttpResponse out;
        out.content_type = "text/plain";
        out.body = fmt::format("{} {} {}", request.method, request.target, request.body.size());
        return out;
      };
    auto opened =
        HttpServer::open({Transport::tcp, "127.0.0.1", 0}, std::move(options), std::move(answer), [](int status) {
          HttpResponse out;
          out.status = status;
          out.body = "refused";
          return out;
        });
    ASSERT_TRUE(opened) << opened.error().message;
    server_.emplace(std::move(*opened));
  }
  Peer peer() const { return Peer(server_->address().port); }

  std::optional<HttpServer> server_;
  std::atomic<int> answered_ = 0;
};

TEST_F(HttpServerTest, AnswersSeveralRequestsOfOneConnection) {
  open();
  Peer p = peer();
  p.say("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(p.hear("GET /a?b=c 0").find("HTTP/1.1 200"), std::string::npos);
  p.say("POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nxyz");
  EXPECT_NE(p.hear("POST /d 3").find("HTTP/1.1 200"), std::string::npos);
  EXPECT_EQ(server_->counters().connections, 1u);
  EXPECT_EQ(server_->counters().requests, 2u);
}

TEST_F(HttpServerTest, WhatIsTooLargeNeverReachesTheAnswer) {
  HttpOptions options;
  options.body_limit = [](const HttpRequest& request) { return request.target == "/big" ? 100u : 10u; };
  open(std::move(options));
  const std::pair<std::string, std::string> rows[] = {
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", " 413 "},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n", " 413 "},
      {"GET / HTTP/1.1\r\nA: " + std::string(20000, 'a') + "\r\n\r\n", " 431 "},
      {"NONSENSE\r\n\r\n", " 400 "},
      {"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", " 400 "},
  };
  for (const auto& [request, status] : rows) {
    Peer p = peer();
    p.say(request);
    EXPECT_EQ(p.hear().substr(8, 5), status) << request.substr(0, 60);
  }
  EXPECT_EQ(answered_, 0);
  EXPECT_EQ(server_->counters().requests_refused, std::size(rows));
  Peer p = peer();
  p.say("POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nConnection: close\r\n\r\n01234567890");
  EXPECT_EQ(p.hear().substr(8, 5), " 200 ");
}

TEST_F(HttpServerTest, ASlowRequestIsEnded) {
  HttpOptions options;
  options.request_timeout = {200'000};
  open(std::move(options));
  Peer p = peer();
  p.say("GET / HTTP/1.1\r\nHost");
  EXPECT_EQ(p.hear(), "");
  server_->stop();  // the client sees the end before it is counted
  EXPECT_EQ(server_->counters().timed_out, 1u);
}

TEST_F(HttpServerTest, ConnectionsBeyondTheLimitAreClosed) {
  HttpOptions options;
  options.max_connections = 1;
  open(std::move(options));
  Peer first = peer();
  first.say("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(first.hear("GET /1 0"), "");
  Peer second = peer();
  second.say("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(second.hear(), "");
  EXPECT_EQ(server_->counters().connections_refused, 1u);
}

TEST_F(HttpServerTest, EventsGoOutUntilTheProgramEndsThem) {
  const auto stream = std::make_shared<EventStream>();
  open({}, [&](const HttpRequest&) {
    HttpResponse out;
    out.content_type = "text/event-stream";
    out.stream = stream;
    return out;
  });
  Peer p = peer();
  p.say("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(p.hear("\r\n\r\n").find("text/event-stream"), std::string::npos);
  EXPECT_TRUE(stream->send("1", "alert", "{}"));
  EXPECT_NE(p.hear("data: {}\n\n").find("id: 1\nevent: alert\n"), std::string::npos);
  stream->close();
  EXPECT_EQ(p.hear(), "");
  EXPECT_FALSE(stream->send("2", "alert", "{}"));
}

TEST_F(HttpServerTest, AClientThatDoesNotReadIsNotWaitedFor) {
  EventStream stream;
  const std::string data(1024 * 1024, 'x');
  std::size_t sent = 0;
  while (stream.send("1", "alert", data)) ++sent;
  EXPECT_LE(sent, limits::kEventStreamBytes / data.size());
  EXPECT_TRUE(stream.is_closed());
}

TEST_F(HttpServerTest, StopAnswersWhatIsUnderWayAndEndsTheRest) {
  std::atomic<bool> is_in = false, may_go = false;
  open({}, [&](const HttpRequest&) {
    is_in = true;
    is_in.notify_all();
    may_go.wait(false);
    HttpResponse out;
    out.body = "done";
    return out;
  });
  Peer idle = peer(), busy = peer();
  busy.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  is_in.wait(false);
  std::jthread stopping([&] { server_->stop(); });
  EXPECT_EQ(idle.hear(), "");
  may_go = true;
  may_go.notify_all();
  EXPECT_NE(busy.hear().find("done"), std::string::npos);
  stopping.join();
  EXPECT_EQ(server_->counters().connections_open, 0u);
}

TEST_F(HttpServerTest, AnAddressInUseIsSaid) {
  open();
  const auto second = HttpServer::open(
      server_->address(), {}, [](const HttpRequest&) { return HttpResponse{}; }, [](int) { return HttpResponse{}; });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::io_failure);
}

TEST(HttpServer, UnusableCertificatesAreRefused) {
  HttpOptions options;
  options.certificate_file = options.key_file = "/nonexistent.pem";
  const auto opened = HttpServer::open(
      {Transport::tcp, "127.0.0.1", 0}, options, [](const HttpRequest&) { return HttpResponse{}; },
      [](int) { return HttpResponse{}; });
  EXPECT_FALSE(opened);
}

}  // namespace
}  // namespace quaywatch::io
