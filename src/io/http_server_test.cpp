#include "io/http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
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
  // False: something came, or the connection ended.
  bool is_quiet_for(Duration time) {
    pollfd wait{socket_.get(), POLLIN, 0};
    return ::poll(&wait, 1, static_cast<int>(time.us / 1000)) == 0;
  }
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

// What one request's body came to.
struct Received {
  std::string body;
  std::size_t largest = 0;
  bool is_finished = false, is_dropped = false;
};

HttpReception reception_of(const std::shared_ptr<Received>& received, std::size_t limit) {
  HttpReception out;
  out.limit = limit;
  // Dropped with the last function that holds it.
  const std::shared_ptr<void> held(nullptr, [received](void*) { received->is_dropped = true; });
  out.take = [received, held](std::string_view block) -> std::optional<HttpResponse> {
    received->body += block;
    received->largest = std::max(received->largest, block.size());
    if (received->body.find("STOP") == std::string::npos) return std::nullopt;
    HttpResponse full;
    full.status = 503;
    full.body = "full";
    return full;
  };
  out.finish = [received](const HttpRequest& request) {
    received->is_finished = true;
    HttpResponse done;
    done.body = fmt::format("{} {}", request.target, request.body.size());
    return done;
  };
  return out;
}

TEST_F(HttpServerTest, ABodyComesByBlocks) {
  auto received = std::make_shared<Received>();
  HttpOptions options;
  options.receive = [&](const HttpRequest& r) -> std::optional<HttpReception> {
    if (r.target != "/file") return std::nullopt;
    return reception_of(received, 1 << 20);
  };
  open(std::move(options));
  Peer p = peer();
  const std::string body(200'000, 'x');
  p.say("POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + body);
  EXPECT_NE(p.hear("/file 0").find("200 OK"), std::string::npos);
  EXPECT_EQ(received->body, body);
  EXPECT_LE(received->largest, 64u * 1024);
  EXPECT_TRUE(received->is_finished);
  p.say("POST /file HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  p.hear("/file 0");
  EXPECT_EQ(received->body, body + "abcde");
  p.say("POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_NE(p.hear("/file 0").find("200 OK"), std::string::npos) << "an empty one is for `finish` to refuse";
  p.say("POST /file HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_NE(p.hear("\r\n\r\n").find("100 Continue"), std::string::npos);
  p.say("hi");
  p.hear("/file 0");
  EXPECT_TRUE(received->body.ends_with("dehi"));
  p.say("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_NE(p.hear("/other 2").find("200 OK"), std::string::npos) << "the connection serves on, and others as before";
}

TEST_F(HttpServerTest, ABodyIsRefusedBeforeItsEnd) {
  auto received = std::make_shared<Received>();
  HttpOptions options;
  options.receive = [&](const HttpRequest& r) -> std::optional<HttpReception> {
    auto out = reception_of(received, 100);
    if (r.target == "/no") out.refusal = HttpResponse{.status = 403, .content_type = "", .body = "no"};
    return out;
  };
  open(std::move(options));
  const auto ask = [&](const std::string& text) {
    Peer p = peer();
    p.say("POST " + text);
    return p.hear();
  };
  EXPECT_NE(ask("/no HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n").find(" 403 "), std::string::npos);
  EXPECT_NE(ask("/no HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 50\r\n\r\n").find(" 403 "),
            std::string::npos)
      << "and not asked to go on";
  EXPECT_NE(ask("/a HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n").find(" 413 "), std::string::npos);
  EXPECT_EQ(received->body, "");
  const std::string chunk = "40\r\n" + std::string(64, 'x') + "\r\n";
  EXPECT_NE(ask("/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk).find(" 413 "),
            std::string::npos);
  EXPECT_NE(ask("/a HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nSTOP").find("full"), std::string::npos);
  server_->stop();
  EXPECT_FALSE(received->is_finished);
  EXPECT_TRUE(received->is_dropped);
}

TEST_F(HttpServerTest, ABodyThatEndsHalfwayOrComesTooSlowlyIsDropped) {
  auto received = std::make_shared<Received>();
  HttpOptions options;
  options.request_timeout = Duration{150'000};
  options.receive_timeout = Duration{400'000};
  options.receive = [&](const HttpRequest&) { return reception_of(received, 1000); };
  open(std::move(options));
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
  {
    Peer p = peer();
    p.say(head + "abc");
    EXPECT_EQ(p.hear(), "") << "no block within the time of one";
  }
  Peer p = peer();
  p.say(head);
  for (int i = 0; i < 20; ++i) {
    p.say("x");
    if (!p.is_quiet_for(Duration{50'000})) break;
  }
  EXPECT_EQ(p.hear(), "") << "each block in time, the whole not";
  EXPECT_GE(server_->counters().timed_out, 2u);
  server_->stop();
  EXPECT_FALSE(received->is_finished);
  EXPECT_TRUE(received->is_dropped);
}

TEST_F(HttpServerTest, AnAnswerGoesOutByBlocks) {
  open({}, [](const HttpRequest& request) {
    HttpResponse out;
    out.content_type = "text/plain";
    out.blocks_bytes = 6;
    out.blocks = [left = 2, fails = request.target == "/torn"]() mutable -> Result<std::string> {
      if (left == 0) return std::string();
      if (fails && left == 1) return fail(ErrorCode::corrupt, "damaged");
      return std::string(left-- == 2 ? "abc" : "def");
    };
    return out;
  });
  Peer p = peer();
  for (int i = 0; i < 2; ++i) {
    p.say("GET /whole HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string heard = p.hear("abcdef");
    EXPECT_NE(heard.find("Content-Length: 6\r\n"), std::string::npos) << heard;
    EXPECT_TRUE(heard.ends_with("\r\n\r\nabcdef")) << heard;
  }
  p.say("GET /torn HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(p.hear().ends_with("\r\n\r\nabc")) << "three of six bytes, and the end";
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

TEST(HttpServer, APeerOfVersion6IsKnownByItsNetwork) {
  EXPECT_EQ(network_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2::1"));
  EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
  EXPECT_EQ(network_of(""), "");
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
