// ClientStream: a connection that we make: TCP, and TLS 1.2 or newer over it (RFC 8446). Everything it does ends within
// the time given to `connect`, which counts from there; only the look-up of a host name takes what the system allows.
// With TLS the peer must show a certificate for the host that was named, signed by the system's authorities or by
// those of a file. One thread per object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "io/descriptor.h"

namespace quaywatch::io {

class ClientStream {
 public:
  static Result<ClientStream> connect(const std::string& host, std::uint16_t port, Duration at_most);
  ~ClientStream();
  ClientStream(ClientStream&&) noexcept;
  ClientStream& operator=(ClientStream&&) = delete;

  // An Error where more has come than was taken. `ca_file`: PEM; empty: the system's authorities.
  Result<void> start_tls(const std::string& ca_file);
  Result<void> write(std::string_view bytes);
  // Without its end (CR LF or LF). Longer than `at_most` bytes, or the end of the stream before: an Error.
  Result<std::string> read_line(std::size_t at_most);
  // So many bytes and no fewer: the end of the stream before is an Error.
  Result<std::string> read_bytes(std::size_t count);

 private:
  struct Tls;
  ClientStream(Descriptor socket, std::string host, std::uint16_t port, Duration end);
  Result<void> wait(short events) const;
  Result<void> send_plain(std::string_view bytes) const;
  Result<std::string> receive_plain() const;  // empty: the peer ended it
  Result<void> send_sealed();                 // what TLS has made
  Result<std::string> receive();
  tl::unexpected<Error> failure(std::string_view what) const;

  Descriptor socket_;
  std::string host_;
  std::uint16_t port_ = 0;
  Duration end_;  // of monotonic_now()
  std::unique_ptr<Tls> tls_;
  std::string held_;  // received and not taken
};

// One UDP datagram. That it was sent does not say that it arrived.
Result<void> send_datagram(const std::string& host, std::uint16_t port, std::string_view bytes);

}  // namespace quaywatch::io
