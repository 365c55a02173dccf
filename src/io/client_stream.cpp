#include "io/client_stream.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "io/clock.h"

namespace quaywatch::io {
namespace {

constexpr std::size_t kBlock = 16 * 1024;

struct Addresses {
  addrinfo* first = nullptr;
  ~Addresses() {
    if (first != nullptr) ::freeaddrinfo(first);
  }
};

std::string system_words(int error) { return std::system_category().message(error); }

tl::unexpected<Error> unreachable(const std::string& host, std::uint16_t port, std::string_view why) {
  return fail(ErrorCode::io_failure,
              fmt::format("cannot reach {} port {}: {}; check name, port and what lies between", host, port, why));
}

Result<void> look_up(const std::string& host, std::uint16_t port, int kind, Addresses& out) {
  addrinfo hints{};
  hints.ai_socktype = kind;
  hints.ai_flags = AI_NUMERICSERV;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &out.first);
  if (error != 0) return unreachable(host, port, ::gai_strerror(error));
  return {};
}

bool is_address(const std::string& host) {
  in6_addr scratch{};
  return ::inet_pton(AF_INET, host.c_str(), &scratch) == 1 || ::inet_pton(AF_INET6, host.c_str(), &scratch) == 1;
}

// 0 or errno.
int connect_within(const Descriptor& socket, const addrinfo& address, Duration end) {
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd ready{socket.get(), POLLOUT, 0};
  const std::int64_t left = std::max<std::int64_t>(0, end.us - monotonic_now().us) / 1000;
  const int polled = ::poll(&ready, 1, static_cast<int>(left));
  if (polled == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  if (polled < 0 || ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

}  // namespace

// Memory on both sides: bytes go through our own send, which raises no SIGPIPE.
struct ClientStream::Tls {
  SSL_CTX* context = nullptr;
  SSL* session = nullptr;
  BIO* from_peer = nullptr;  // both belong to the session
  BIO* to_peer = nullptr;
  ~Tls() {
    SSL_free(session);
    SSL_CTX_free(context);
  }
};

ClientStream::ClientStream(Descriptor socket, std::string host, std::uint16_t port, Duration end)
    : socket_(std::move(socket)), host_(std::move(host)), port_(port), end_(end) {}
ClientStream::~ClientStream() = default;
ClientStream::ClientStream(ClientStream&&) noexcept = default;

tl::unexpected<Error> ClientStream::failure(std::string_view what) const {
  return fail(ErrorCode::io_failure, fmt::format("{} port {}: {}", host_, port_, what));
}

Result<ClientStream> ClientStream::connect(const std::string& host, std::uint16_t port, Duration at_most) {
  const Duration end = monotonic_now() + at_most;
  Addresses addresses;
  if (auto found = look_up(host, port, SOCK_STREAM, addresses); !found) return tl::unexpected(found.error());
  int error = ENOENT;
  for (const addrinfo* a = addresses.first; a != nullptr; a = a->ai_next) {
    Descriptor socket(::socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol));
    if (!socket.is_open()) {
      error = errno;
      continue;
    }
    error = connect_within(socket, *a, end);
    if (error == 0) return ClientStream(std::move(socket), host, port, end);
  }
  return unreachable(host, port, system_words(error));
}

Result<void> ClientStream::wait(short events) const {
  pollfd ready{socket_.get(), events, 0};
  for (;;) {
    const Duration now = monotonic_now();
    if (now >= end_) return failure("it took too long");
    const int polled = ::poll(&ready, 1, static_cast<int>((end_.us - now.us) / 1000 + 1));
    if (polled > 0) return {};
    if (polled < 0 && errno != EINTR) return failure(system_words(errno));
  }
}

Result<void> ClientStream::send_plain(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return failure(system_words(errno));
    if (auto ready = wait(POLLOUT); !ready) return ready;
  }
  return {};
}

Result<std::string> ClientStream::receive_plain() const {
  std::array<char, kBlock> block;
  for (;;) {
    const auto got = ::recv(socket_.get(), block.data(), block.size(), 0);
    if (got >= 0) return std::string(block.data(), static_cast<std::size_t>(got));
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return failure(system_words(errno));
    if (auto ready = wait(POLLIN); !ready) return tl::unexpected(ready.error());
  }
}

Result<void> ClientStream::send_sealed() {
  std::array<char, kBlock> block;
  for (;;) {
    const int made = BIO_read(tls_->to_peer, block.data(), static_cast<int>(block.size()));
    if (made <= 0) return {};
    if (auto sent = send_plain({block.data(), static_cast<std::size_t>(made)}); !sent) return sent;
  }
}

Result<void> ClientStream::start_tls(const std::string& ca_file) {
  // Put there by somebody between us, it would pass for an answer of the peer (RFC 3207 section 6).
  if (!held_.empty()) return failure("it said more before TLS than it was asked; somebody may be in between");
  tls_ = std::make_unique<Tls>();
  tls_->context = SSL_CTX_new(TLS_client_method());
  if (tls_->context == nullptr || SSL_CTX_set_min_proto_version(tls_->context, TLS1_2_VERSION) != 1)
    return failure("TLS cannot be set up");
  const int trusted = ca_file.empty() ? SSL_CTX_set_default_verify_paths(tls_->context)
                                      : SSL_CTX_load_verify_locations(tls_->context, ca_file.c_str(), nullptr);
  if (trusted != 1) return failure(fmt::format("cannot read certificates from '{}'; it must be a PEM file", ca_file));
  SSL_CTX_set_verify(tls_->context, SSL_VERIFY_PEER, nullptr);
  tls_->session = SSL_new(tls_->context);
  tls_->from_peer = BIO_new(BIO_s_mem());
  tls_->to_peer = BIO_new(BIO_s_mem());
  SSL_set_bio(tls_->session, tls_->from_peer, tls_->to_peer);
  if (is_address(host_)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_->session), host_.c_str());
  } else {
    SSL_set_tlsext_host_name(tls_->session, host_.c_str());
    SSL_set1_host(tls_->session, host_.c_str());
  }
  for (;;) {
    const int done = SSL_connect(tls_->session);
    const int why = SSL_get_error(tls_->session, done);
    if (auto sent = send_sealed(); !sent) return sent;
    if (done == 1) return {};
    if (why != SSL_ERROR_WANT_READ) {
      const long verified = SSL_get_verify_result(tls_->session);
      return failure(fmt::format("no TLS: {}; check that it speaks TLS 1.2 or newer and whose certificate it shows",
                                 verified == X509_V_OK ? "the handshake failed"
                                                       : X509_verify_cert_error_string(verified)));
    }
    const auto bytes = receive_plain();
    if (!bytes) return tl::unexpected(bytes.error());
    if (bytes->empty()) return failure("the peer ended the TLS handshake");
    BIO_write(tls_->from_peer, bytes->data(), static_cast<int>(bytes->size()));
  }
}

Result<void> ClientStream::write(std::string_view bytes) {
  if (tls_ == nullptr) return send_plain(bytes);
  // Into memory: all is taken at once, unless the session is broken.
  if (SSL_write(tls_->session, bytes.data(), static_cast<int>(bytes.size())) <= 0) return failure("TLS is broken");
  return send_sealed();
}

Result<std::string> ClientStream::receive() {
  if (tls_ == nullptr) return receive_plain();
  std::array<char, kBlock> block;
  for (;;) {
    const int got = SSL_read(tls_->session, block.data(), static_cast<int>(block.size()));
    if (got > 0) return std::string(block.data(), static_cast<std::size_t>(got));
    const int why = SSL_get_error(tls_->session, got);
    if (why == SSL_ERROR_ZERO_RETURN) return std::string{};
    if (why != SSL_ERROR_WANT_READ) return failure("TLS is broken");
    const auto bytes = receive_plain();
    if (!bytes || bytes->empty()) return bytes;
    BIO_write(tls_->from_peer, bytes->data(), static_cast<int>(bytes->size()));
  }
}

Result<std::string> ClientStream::read_line(std::size_t at_most) {
  for (;;) {
    if (const std::size_t end = held_.find('\n'); end != std::string::npos) {
      std::string line = held_.substr(0, end);
      held_.erase(0, end + 1);
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    if (held_.size() > at_most) return failure(fmt::format("it answered a line of more than {} bytes", at_most));
    const auto more = receive();
    if (!more) return more;
    if (more->empty()) return failure("it ended the connection before it had answered");
    held_ += *more;
  }
}

Result<std::string> ClientStream::read_bytes(std::size_t count) {
  while (held_.size() < count) {
    const auto more = receive();
    if (!more) return more;
    if (more->empty()) return failure("it ended the connection before it had answered");
    held_ += *more;
  }
  std::string out = held_.substr(0, count);
  held_.erase(0, count);
  return out;
}

Result<void> send_datagram(const std::string& host, std::uint16_t port, std::string_view bytes) {
  Addresses addresses;
  if (auto found = look_up(host, port, SOCK_DGRAM, addresses); !found) return found;
  const addrinfo& a = *addresses.first;
  const Descriptor socket(::socket(a.ai_family, a.ai_socktype | SOCK_CLOEXEC, a.ai_protocol));
  if (!socket.is_open() ||
      ::sendto(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL, a.ai_addr, a.ai_addrlen) < 0)
    return unreachable(host, port, system_words(errno));
  return {};
}

}  // namespace quaywatch::io
