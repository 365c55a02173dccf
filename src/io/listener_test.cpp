// Real sockets on the loopback interface, at ports that the system chooses. TLS: tests/listen_test.py.
#include "io/listener.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "io/clock.h"
#include "io/descriptor.h"
#include "io/signals.h"

namespace quaywatch::io {
namespace {

using Kind = Received::Kind;

Listener listen(std::string_view address, ListenOptions options = {}) {
  const ListenAddress addresses[] = {parse_listen_address(address).value()};
  return std::move(Listener::open(addresses, std::move(options)).value());
}

Descriptor connect_to(const Listener& listener, int type = SOCK_STREAM) {
  Descriptor out(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(listener.addresses()[0].port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(out.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  return out;
}

void send(const Descriptor& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ASSERT_GT(sent, 0);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// What came until `is_enough`, or for ten seconds at most.
std::vector<Received> receive(Listener& listener, const std::function<bool(const std::vector<Received>&)>& is_enough) {
  std::vector<Received> out;
  const Timestamp latest = now() + seconds(10);
  while (!is_enough(out) && now() < latest)
    for (Received& received : listener.wait({100'000})) out.push_back(std::move(received));
  return out;
}

std::vector<Received> receive_until(Listener& listener, Kind kind) {
  return receive(listener, [kind](const auto& all) { return !all.empty() && all.back().kind == kind; });
}

// "connected", "record one", "lost frame_too_long", "disconnected idle".
std::vector<std::string> story(const std::vector<Received>& all) {
  constexpr std::string_view kWords[] = {"connected", "record ", "lost ", "disconnected "};
  std::vector<std::string> out;
  for (const Received& r : all)
    out.push_back(std::string(kWords[static_cast<std::size_t>(r.kind)]) +
                  (r.kind == Kind::record ? r.bytes : std::string(r.reason)));
  return out;
}
using Story = std::vector<std::string>;

TEST(Listener, TakesRecordsInBothFramesAndTellsWhoCameAndWent) {
  Listener listener = listen("tcp:0");
  Descriptor client = connect_to(listener);
  send(client, "one\r\n5 a\nb\nclast");
  client.reset();
  const auto all = receive_until(listener, Kind::disconnected);
  EXPECT_EQ(story(all),
            (Story{"connected", "record one", "record a\nb\nc", "record last", "disconnected closed_by_peer"}));
  for (const Received& received : all) EXPECT_EQ(received.peer, all[0].peer);
  EXPECT_EQ(all[0].peer.substr(0, 10), "127.0.0.1:");
  EXPECT_EQ(all[2].offset, 5u);
  const ListenCounters counters = listener.counters();
  EXPECT_EQ(counters.connections, 1u);
  EXPECT_EQ(counters.records, 3u);
  EXPECT_EQ(counters.record_bytes, 12u);
}

TEST(Listener, ABrokenConnectionLosesItsPieceAndSaysSo) {
  Listener listener = listen("tcp:0");
  Descriptor client = connect_to(listener);
  send(client, "whole\nhal");
  auto all = receive(listener, [](const auto& so_far) { return so_far.size() == 2; });
  const linger at_once{1, 0};
  ASSERT_EQ(::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  client.reset();
  all = receive_until(listener, Kind::disconnected);
  EXPECT_EQ(story(all), (Story{"lost frame_incomplete", "disconnected connection_broken"}));
  EXPECT_EQ(all[0].bytes, "hal");
  EXPECT_EQ(all[0].offset, 6u);
  EXPECT_EQ(listener.counters().lost, 1u);
}

TEST(Listener, ATooLongLineCostsItselfAndATooLargeCountTheConnection) {
  Listener listener = listen("tcp:0", {.max_frame_bytes = 100});
  const Descriptor client = connect_to(listener);
  send(client, std::string(500, 'x') + "\nnext\n101 " + std::string(101, 'y') + "never\n");
  const auto all = receive_until(listener, Kind::disconnected);
  EXPECT_EQ(story(all), (Story{"connected", "lost frame_too_long", "record next", "lost octet_count_too_large",
                               "disconnected framing_broken"}));
  EXPECT_NE(all[1].message.find("501 bytes at offset 0"), std::string::npos) << all[1].message;
  EXPECT_NE(all[1].message.find("at most 100"), std::string::npos) << all[1].message;
}

TEST(Listener, SlowAndSilentClientsAreClosed) {
  const struct {
    std::string_view sent;
    ListenOptions options;
    Story story;
  } rows[] = {
      {"whole\nbegun", {.frame_timeout = {60'000}},
       {"connected", "record whole", "lost frame_incomplete", "disconnected frame_too_slow"}},
      {"whole\n", {.idle_timeout = {500'000}}, {"connected", "record whole", "disconnected idle"}},
  };
  for (const auto& row : rows) {
    Listener listener = listen("tcp:0", row.options);
    const Descriptor client = connect_to(listener);
    send(client, row.sent);
    EXPECT_EQ(story(receive_until(listener, Kind::disconnected)), row.story);
    char byte = 0;
    EXPECT_LE(::recv(client.get(), &byte, 1, 0), 0) << "the peer sees the end";
  }
}

TEST(Listener, TheTimeOfAFrameBeginsWithItsFirstByte) {
  Listener listener = listen("tcp:0", {.frame_timeout = seconds(1)});
  const Descriptor client = connect_to(listener);
  receive_until(listener, Kind::connected);
  EXPECT_TRUE(listener.wait({1'200'000}).empty()) << "silence before it does not count";
  send(client, "be");
  EXPECT_TRUE(listener.wait({400'000}).empty());
  send(client, "gun\n");
  EXPECT_EQ(story(receive_until(listener, Kind::record)), (Story{"record begun"}));
}

TEST(Listener, MoreConnectionsThanAllowedAreRefusedAndTold) {
  Listener listener = listen("tcp:0", {.max_connections = 1});
  Descriptor first = connect_to(listener);
  receive_until(listener, Kind::connected);
  const Descriptor second = connect_to(listener);
  EXPECT_EQ(story(receive_until(listener, Kind::disconnected)), (Story{"disconnected too_many_connections"}));
  first.reset();
  receive_until(listener, Kind::disconnected);
  const Descriptor third = connect_to(listener);
  EXPECT_EQ(story(receive_until(listener, Kind::connected)), (Story{"connected"}));
}

TEST(Listener, AFullQueueMakesTheSenderWaitAndLosesNothing) {
  Listener listener = listen("tcp:0", {.queue_records = 10, .idle_timeout = seconds(1)});
  const Descriptor client = connect_to(listener);
  const std::string line = std::string(999, 'x') + "\n";
  std::size_t sent = 0;
  // Non-blocking, until nothing more was taken for 300 ms: kernel buffers hold some megabytes.
  const timeval patience{0, 300'000};
  ASSERT_EQ(::setsockopt(client.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
  constexpr std::size_t kMost = 64 * 1024 * 1024;
  while (sent < kMost) {
    const std::string_view rest = std::string_view(line).substr(sent % line.size());
    const ssize_t n = ::send(client.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n <= 0) break;
    sent += static_cast<std::size_t>(n);
  }
  ASSERT_LT(sent, kMost) << "the sender never had to wait";
  std::size_t records = 0, batch = 0;
  const auto all = receive(listener, [&](const auto& so_far) {
    batch = std::max(batch, so_far.size() - records);
    records = so_far.size();
    return !so_far.empty() && so_far.back().kind == Kind::disconnected;
  });
  const std::size_t whole = sent / line.size();
  EXPECT_EQ(listener.counters().records, whole);
  EXPECT_EQ(all.back().reason, "idle");
  // The wait for room was not taken for silence of the client, and a batch exceeds the bound by one read at most.
  EXPECT_LE(batch, 10 + limits::kListenBlockBytes / line.size() + 1);
}

TEST(Listener, ADatagramIsARecordAsItCame) {
  Listener listener = listen("udp:0");
  const Descriptor client = connect_to(listener, SOCK_DGRAM);
  send(client, "<13>a\nb\n");
  ASSERT_EQ(::send(client.get(), "", 0, 0), 0);
  send(client, std::string(60'000, 'x'));
  const auto all = receive(listener, [](const auto& so_far) { return so_far.size() == 3; });
  EXPECT_EQ(story(all), (Story{"record <13>a\nb\n", "lost datagram_empty", "record " + std::string(60'000, 'x')}));
  EXPECT_EQ(all[0].peer.substr(0, 10), "127.0.0.1:");
}

TEST(Listener, DatagramsThatWereDroppedAreCounted) {
  Listener listener = listen("udp:0", {.queue_records = 10});
  const Descriptor client = connect_to(listener, SOCK_DGRAM);
  constexpr std::uint64_t kSent = 100'000;
  for (std::uint64_t i = 0; i < kSent; ++i) send(client, std::string(1000, 'x'));
  std::uint64_t records = 0, lost = 0;
  receive(listener, [&](const auto&) {
    records = listener.counters().records;
    lost = listener.counters().lost;
    return records + lost == kSent;
  });
  EXPECT_EQ(records + lost, kSent);
  EXPECT_GT(lost, 0u);
  EXPECT_EQ(listener.counters().by_reason, (decltype(ListenCounters::by_reason){{"datagrams_dropped", lost}}));
}

TEST(Listener, AStopGivesOutWhatHadArrived) {
  const ListenAddress addresses[] = {parse_listen_address("tcp:0").value(), parse_listen_address("udp:0").value()};
  auto listener = Listener::open(addresses, {.queue_records = 10});
  ASSERT_TRUE(listener.has_value()) << listener.error().message;
  const Descriptor client = connect_to(*listener);
  receive_until(*listener, Kind::connected);
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "line\n";
  send(client, lines + "begun");
  listener->stop();
  const auto all = receive(*listener, [&](const auto&) { return listener->is_finished(); });
  EXPECT_TRUE(listener->is_finished());
  EXPECT_EQ(listener->counters().records, 10'000u);
  ASSERT_GE(all.size(), 2u);
  EXPECT_EQ(all[all.size() - 2].reason, "frame_incomplete");
  EXPECT_EQ(all.back().reason, "stopped");
  EXPECT_TRUE(listener->wait(seconds(10)).empty()) << "and does not wait";
}

TEST(Listener, ASignalEndsTheListening) {
  const auto signals = StopSignals::install();
  ASSERT_TRUE(signals.has_value());
  EXPECT_FALSE(signals->is_raised());
  EXPECT_EQ(StopSignals::install().error().code, ErrorCode::invalid_argument);
  Listener listener = listen("tcp:0", {.stop_descriptor = signals->descriptor()});
  ASSERT_EQ(std::raise(SIGTERM), 0);
  receive(listener, [&](const auto&) { return listener.is_finished(); });
  EXPECT_TRUE(listener.is_finished());
  EXPECT_TRUE(signals->wait(seconds(10)));
}

TEST(Listener, WhatCannotBeOpenedIsNamedWithWhatToDo) {
  const Listener taken = listen("tcp:0");
  const std::string port = std::to_string(taken.addresses()[0].port);
  const struct {
    std::string address;
    ListenOptions options;
    std::string_view words;
  } rows[] = {
      {"tcp:" + port, {}, "choose another port"},
      {"udp:192.0.2.1:5514", {}, "no interface of this machine"},
      {"tls:0", {}, "tls needs a certificate file"},
      {"tls:0", {.certificate_file = "/missing.pem"}, "/missing.pem"},
      {"tls:0", {.certificate_file = QUAYWATCH_SOURCE_DIR "/LICENSE"}, "it must be PEM"},
      {"tcp:0", {.stop_descriptor = 9999}, "descriptor"},
  };
  for (const auto& row : rows) {
    const ListenAddress addresses[] = {parse_listen_address(row.address).value()};
    const auto listener = Listener::open(addresses, row.options);
    ASSERT_FALSE(listener.has_value()) << row.address;
    EXPECT_NE(listener.error().message.find(row.words), std::string::npos) << listener.error().message;
  }
  EXPECT_EQ(Listener::open({}, {}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace quaywatch::io
