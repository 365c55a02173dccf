// Listener: takes in records over TCP, TLS and UDP. A thread of its own receives; the consumer pulls with `wait`.
//
// What a stream carries is cut by Framer (framing.h); one datagram is one record, byte by byte as it came. Whatever is
// lost is told in its place as data: `lost` with a reason; nothing is thrown, nothing waits for ever.
//   queue full     TCP and TLS: no more is read, so that the sender has to wait. UDP: dropped, counted and told.
//   slow client    a frame begun and not ended within frame_timeout ends the connection, so does silence of
//                  idle_timeout, so does a TLS handshake beyond handshake_timeout; none runs while we do not read.
//   too many       a connection above max_connections is closed at once and told.
// TLS is 1.2 or newer, without renegotiation or session resumption. A stream that ends without the closing alert of TLS
// (RFC 8446 section 6.1) is not in good order: its last piece is lost and not a record.
//
// Not limited is how many of the connections one peer has; which client certificate it was is not told. Certificates
// are read at `open`, and anew by ListenOptions::certificates.
//
// Threads: all functions belong to one thread, except `stop`, which any thread may call. No Asio type shows here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "io/certificates.h"
#include "io/listen_address.h"

namespace quaywatch::io {

struct ListenOptions {
  std::string certificate_file = {};  // PEM, the server's certificate and those above it; needed for tls
  std::string key_file = {};          // PEM, without passphrase; needed for tls
  std::string client_ca_file = {};    // PEM; when named, a client must show a certificate that one of these has signed
  std::shared_ptr<Certificates> certificates = {};  // to be joined by what has tls
  std::size_t max_frame_bytes = limits::kFrameBytes;
  std::size_t max_connections = limits::kListenConnections;
  std::size_t queue_records = limits::kListenQueueRecords;
  std::size_t queue_bytes = limits::kListenQueueBytes;
  Duration frame_timeout = seconds(30);
  Duration idle_timeout = hours(1);  // log senders are silent for long, and some lose a message by being closed
  Duration handshake_timeout = seconds(10);
  int stop_descriptor = -1;  // when it becomes readable, it is as if `stop` was called (StopSignals); not owned
};

struct Received {
  // lost: data that came, or was sent, and is no record. disconnected: also without a `connected` before it, when the
  // connection was refused or its TLS handshake failed.
  enum class Kind : std::uint8_t { connected, record, lost, disconnected };
  Kind kind = Kind::record;
  std::string peer;          // "192.0.2.1:40312", "[2001:db8::1]:40312"; empty for what concerns the address as a whole
  std::string bytes;         // the record; of a lost one the first bytes
  Timestamp at;              // received_at
  std::size_t address = 0;   // place in Listener::addresses()
  std::string_view reason;   // lost, disconnected: a snake_case word with static storage
  std::string message;       // lost, disconnected: a sentence: what, how much, which limit, what to do
  std::uint64_t offset = 0;  // of the frame in the stream of this connection
  std::uint64_t count = 1;   // lost: how many records, as far as is known
};

struct ListenCounters {
  std::uint64_t connections = 0;
  std::uint64_t records = 0;
  std::uint64_t record_bytes = 0;
  std::uint64_t lost = 0;                                            // sum of Received::count
  std::vector<std::pair<std::string_view, std::uint64_t>> by_reason;  // lost and disconnected, sorted by reason
};

class Listener {
 public:
  // All addresses or none. An Error names the address or file and what to do.
  static Result<Listener> open(std::span<const ListenAddress> addresses, ListenOptions options);
  ~Listener();  // ends at once; what was not taken is dropped. Call `stop` and `wait` before for a good end
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;

  // Returns as soon as there is anything, with everything there is; nothing at all after `at_most`, or at the end. The
  // order is that of arrival within one connection, and within one UDP address.
  std::vector<Received> wait(Duration at_most);
  // No new connections; what has arrived is still read and given out by `wait`. Connections are closed when they are
  // silent for limits::kListenStopSilence, all of them after limits::kListenStopGrace.
  void stop();
  // After a stop: everything was given out.
  bool is_finished() const;

  const std::vector<ListenAddress>& addresses() const;  // as bound: with the port that the system chose
  ListenCounters counters() const;

 private:
  class Reception;
  explicit Listener(std::unique_ptr<Reception> reception);
  std::unique_ptr<Reception> reception_;
};

}  // namespace quaywatch::io
