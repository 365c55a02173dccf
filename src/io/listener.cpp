#include "io/listener.h"

#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <cerrno>
#include <chrono>
#include <optional>
#include <set>
#include <thread>

#include "io/clock.h"
#include "io/files.h"
#include "io/framing.h"
#include "io/received_queue.h"
#include "io/tls_slot.h"

namespace quaywatch::io {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;
using Kind = Received::Kind;

constexpr std::size_t kPemBytes = 1024 * 1024;
constexpr int kDatagramsAtOnce = 256;  // then the others have their turn

std::chrono::microseconds span_of(Duration d) { return std::chrono::microseconds(d.us); }

template <typename Endpoint>
std::string peer_of(const Endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return fmt::format(fmt::runtime(endpoint.address().is_v6() ? "[{}]:{}" : "{}:{}"), host, endpoint.port());
}

// What all that receives has in common; belongs to the receiving thread, but for the queue.
class Connection;
struct ReceiveState {
  explicit ReceiveState(ListenOptions o) : options(std::move(o)), queue(options.queue_records, options.queue_bytes) {}
  ListenOptions options;
  ReceivedQueue queue;
  std::shared_ptr<TlsSlot> tls;  // null: no address has it
  std::set<std::shared_ptr<Connection>> connections;
  bool is_stopping = false;
};

// --- one TCP or TLS connection ---------------------------------------------------------------------------------------

// At any time one operation is under way (handshake or read), or it is parked until the queue has room. It ends by
// cancelling that operation: what the operation still brought is handed over before.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ReceiveState& state, tcp::socket socket, std::string peer, std::size_t address, bool is_tls)
      : state_(state), socket_(std::move(socket)), peer_(std::move(peer)), address_(address),
        framer_(state.options.max_frame_bytes) {
    if (is_tls) tls_.emplace(socket_, *state_.tls->load());
  }

  void start();
  void resume();                      // the queue may have room again
  void watch(Steady::time_point now);  // ends what took too long
  void end(std::string_view reason, std::string message);

 private:
  enum class Phase : std::uint8_t { handshake, reading, parked, ended };
  void begin();
  void read();
  void take(const error_code& error, std::size_t size);
  void hand_over();
  void tell(Frame frame);
  void end_of_stream(const error_code& error);
  void finish(std::string_view reason, std::string message, bool is_orderly);

  ReceiveState& state_;
  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  std::string peer_;
  std::size_t address_;
  Framer framer_;
  std::array<char, limits::kListenBlockBytes> block_;
  std::size_t held_ = 0;  // bytes of the block not handed over
  Timestamp held_at_;
  Steady::time_point heard_ = Steady::now();        // when the last bytes came, or we began to listen for them
  Steady::time_point frame_begun_ = Steady::now();  // the same for the first bytes of the partial frame
  Phase phase_ = Phase::reading;
  std::string_view ending_;  // the reason, once it is decided
  std::string ending_message_;
};

void Connection::start() {
  state_.connections.insert(shared_from_this());
  if (!tls_) return begin();
  phase_ = Phase::handshake;
  tls_->async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](const error_code& error) {
    if (!self->ending_.empty()) return self->finish(self->ending_, std::move(self->ending_message_), false);
    if (error)
      return self->finish("tls_handshake_failed",
                          fmt::format("{}: {}; check the certificates of both sides, and that the peer speaks TLS 1.2 "
                                      "or newer",
                                      self->peer_, error.message()),
                          false);
    self->begin();
  });
}

void Connection::begin() {
  state_.queue.push({Kind::connected, peer_, {}, now(), address_, {}, {}, 0, 0});
  heard_ = Steady::now();
  read();
}

void Connection::read() {
  phase_ = Phase::reading;
  auto done = [self = shared_from_this()](const error_code& error, std::size_t size) { self->take(error, size); };
  if (tls_) return tls_->async_read_some(asio::buffer(block_), std::move(done));
  socket_.async_read_some(asio::buffer(block_), std::move(done));
}

void Connection::take(const error_code& error, std::size_t size) {
  if (error) return end_of_stream(error);
  held_ = size;
  held_at_ = now();
  heard_ = Steady::now();
  hand_over();
}

void Connection::hand_over() {
  if (ending_.empty() && state_.queue.is_full()) {
    phase_ = Phase::parked;
    return;
  }
  const bool was_partial = framer_.has_partial();
  const std::uint64_t offset = framer_.frame_offset();
  framer_.feed({block_.data(), std::exchange(held_, 0)});
  while (auto frame = framer_.next()) tell(std::move(*frame));
  if (!was_partial || framer_.frame_offset() != offset) frame_begun_ = heard_;
  if (framer_.is_broken() && ending_.empty())
    return finish("framing_broken", fmt::format("{}: where its next record begins cannot be known; closed", peer_),
                  true);
  if (!ending_.empty()) return finish(ending_, std::move(ending_message_), false);
  read();
}

void Connection::resume() {
  if (phase_ != Phase::parked) return;
  heard_ = frame_begun_ = Steady::now();
  hand_over();
}

void Connection::tell(Frame frame) {
  Received out{Kind::record, peer_, std::move(frame.bytes), held_at_, address_, frame.reason, {}, frame.offset, 1};
  if (!frame.reason.empty()) {
    out.kind = Kind::lost;
    out.message = fmt::format("{}: {} bytes at offset {} are no record ({}); at most {} bytes are one, ended by a line "
                              "feed or preceded by their number",
                              peer_, frame.size, frame.offset, frame.reason, state_.options.max_frame_bytes);
  }
  state_.queue.push(std::move(out));
}

void Connection::end_of_stream(const error_code& error) {
  if (!ending_.empty()) return finish(ending_, std::move(ending_message_), false);
  if (error == asio::error::eof) return finish("closed_by_peer", fmt::format("{} closed the connection", peer_), true);
  const bool is_cut = error == asio::ssl::error::stream_truncated;
  finish(is_cut ? "tls_truncated" : "connection_broken",
         fmt::format("{}: {}; if this happens often, look at the network between", peer_, error.message()), false);
}

void Connection::finish(std::string_view reason, std::string message, bool is_orderly) {
  held_at_ = now();
  if (auto frame = framer_.finish(is_orderly)) tell(std::move(*frame));
  error_code ignored;  // closed either way
  if (tls_ && phase_ != Phase::handshake) {
    socket_.non_blocking(true, ignored);  // says goodbye (RFC 8446 section 6.1) and does not wait for the answer
    tls_->shutdown(ignored);
  }
  phase_ = Phase::ended;
  state_.queue.push({Kind::disconnected, peer_, {}, held_at_, address_, reason, std::move(message), 0, 0});
  socket_.close(ignored);
  state_.connections.erase(shared_from_this());
}

void Connection::end(std::string_view reason, std::string message) {
  if (phase_ == Phase::ended || !ending_.empty()) return;
  ending_ = reason;
  ending_message_ = std::move(message);
  if (phase_ == Phase::parked) return hand_over();
  error_code ignored;
  socket_.cancel(ignored);
}

void Connection::watch(Steady::time_point now) {
  if (phase_ == Phase::parked) return;
  const ListenOptions& o = state_.options;
  const auto is_over = [now](Steady::time_point since, Duration limit) { return now - since >= span_of(limit); };
  const auto end_for = [this](std::string_view reason, std::string_view what, Duration limit) {
    end(reason, fmt::format("{}: {} for {} ms; closed", peer_, what, limit.us / 1000));
  };
  if (phase_ == Phase::handshake && is_over(heard_, o.handshake_timeout))
    return end_for("tls_handshake_too_slow", "the TLS handshake was under way", o.handshake_timeout);
  if (phase_ != Phase::reading) return;
  if (framer_.has_partial() && is_over(frame_begun_, o.frame_timeout))
    return end_for("frame_too_slow", "a record was begun and not ended", o.frame_timeout);
  if (is_over(heard_, o.idle_timeout)) return end_for("idle", "nothing came", o.idle_timeout);
  if (state_.is_stopping && is_over(heard_, limits::kListenStopSilence))
    end_for("stopped", "stopping, and nothing came", limits::kListenStopSilence);
}

// --- where connections and datagrams come in -------------------------------------------------------------------------

class Acceptor {
 public:
  Acceptor(ReceiveState& state, tcp::acceptor socket, std::size_t address, bool is_tls)
      : state_(state), socket_(std::move(socket)), address_(address), is_tls_(is_tls) {}

  void resume() {
    if (!std::exchange(is_parked_, false)) return;
    accept();
  }
  void stop() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  void accept() {
    if (!socket_.is_open()) return;
    if (state_.queue.is_full()) {
      is_parked_ = true;
      return;
    }
    socket_.async_accept([this](const error_code& error, tcp::socket socket) { take(error, std::move(socket)); });
  }
  void take(const error_code& error, tcp::socket socket);

  ReceiveState& state_;
  tcp::acceptor socket_;
  std::size_t address_;
  bool is_tls_;
  bool is_parked_ = true;
};

void Acceptor::take(const error_code& error, tcp::socket socket) {
  if (error == asio::error::operation_aborted && !socket_.is_open()) return;
  error_code gone;
  const tcp::endpoint endpoint = error ? tcp::endpoint() : socket.remote_endpoint(gone);
  if (gone || error == asio::error::connection_aborted) return accept();  // it left before anything came
  if (error) {
    state_.queue.push({Kind::lost, {}, {}, now(), address_, "accept_failed",
                           fmt::format("cannot take in a connection: {}; tried again every second. Raise the open "
                                       "files limit of the process (ulimit -n)",
                                       error.message()),
                           0, 1});
    is_parked_ = true;
    return;
  }
  std::string peer = peer_of(endpoint);
  const std::size_t most = state_.options.max_connections;
  if (state_.connections.size() >= most) {
    state_.queue.push({Kind::disconnected, peer, {}, now(), address_, "too_many_connections",
                           fmt::format("{} was refused: {} connections are open already, which is the limit", peer,
                                       most),
                           0, 0});
    return accept();
  }
  socket.set_option(asio::socket_base::keep_alive(true), gone);  // finds peers that vanished; not vital
  std::make_shared<Connection>(state_, std::move(socket), std::move(peer), address_, is_tls_)->start();
  accept();
}

// While the queue is full nothing is read: the kernel's buffer is the queue then, and what the kernel drops is counted
// there (SO_MEMINFO, Linux 4.12) and told here.
class DatagramSocket {
 public:
  DatagramSocket(ReceiveState& state, udp::socket socket, std::size_t address)
      : state_(state), socket_(std::move(socket)), address_(address) {}

  void resume() {
    if (!std::exchange(is_parked_, false)) return;
    receive();
  }
  void stop() {
    error_code ignored;
    socket_.cancel(ignored);
    if (is_parked_) read_all();
  }

 private:
  void receive() {
    if (state_.queue.is_full()) {
      is_parked_ = true;
      return;
    }
    socket_.async_wait(udp::socket::wait_read, [this](const error_code&) { read_all(); });
  }
  void read_all();
  bool read_one();
  void tell_dropped();

  ReceiveState& state_;
  udp::socket socket_;
  std::size_t address_;
  std::uint32_t dropped_ = 0;  // as the kernel counts, modulo 2^32
  bool is_parked_ = true;
  std::array<char, limits::kDatagramBytes> block_;
};

void DatagramSocket::read_all() {
  if (!socket_.is_open()) return;
  int left = kDatagramsAtOnce;
  const bool is_last = state_.is_stopping;  // then all there is, once
  while ((is_last || (left-- > 0 && !state_.queue.is_full())) && read_one()) continue;
  tell_dropped();
  error_code ignored;
  if (is_last) {
    socket_.close(ignored);
    return;
  }
  receive();
}

bool DatagramSocket::read_one() {
  udp::endpoint from;
  error_code error;
  const std::size_t size = socket_.receive_from(asio::buffer(block_), from, 0, error);
  if (error) return false;
  Received out{Kind::record, peer_of(from), {block_.data(), size}, now(), address_, {}, {}, 0, 1};
  if (size == 0) {
    out.kind = Kind::lost;
    out.reason = "datagram_empty";
    out.message = fmt::format("{} sent a datagram without content", out.peer);
  }
  state_.queue.push(std::move(out));
  return true;
}

void DatagramSocket::tell_dropped() {
  std::array<std::uint32_t, SK_MEMINFO_VARS> figures{};
  socklen_t size = sizeof figures;
  if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_MEMINFO, figures.data(), &size) != 0) return;
  const std::uint32_t count = figures[SK_MEMINFO_DROPS] - std::exchange(dropped_, figures[SK_MEMINFO_DROPS]);
  if (count == 0) return;
  state_.queue.push({Kind::lost, {}, {}, now(), address_, "datagrams_dropped",
                         fmt::format("{} datagrams were dropped: they came faster than they were taken. Use tcp, or "
                                     "raise net.core.rmem_max to {}",
                                     count, limits::kUdpBufferBytes),
                         0, count});
}

// --- opening ---------------------------------------------------------------------------------------------------------

struct Advice {
  int os_error;
  std::string_view what_to_do;
};
constexpr Advice kAdvice[] = {
    {EADDRINUSE, "another program listens there: stop it or choose another port"},
    {EACCES, "ports below 1024 need the right CAP_NET_BIND_SERVICE: choose a higher one"},
    {EADDRNOTAVAIL, "no interface of this machine has that address"},
    {EAFNOSUPPORT, "this machine has no IPv6: write an IPv4 address"},
    {EMFILE, "raise the open files limit of the process (ulimit -n)"},
};

tl::unexpected<Error> open_failure(const ListenAddress& address, const error_code& error) {
  std::string_view advice = "see the system log";
  for (const Advice& row : kAdvice)
    if (row.os_error == error.value()) advice = row.what_to_do;
  const std::string text = format_listen_address(address);
  return fail(ErrorCode::io_failure, fmt::format("cannot listen on {}: {}; {}", text, error.message(), advice), text);
}

// Opened, bound and, if it is an acceptor, listening; an IPv6 socket takes no IPv4, so that both can have the port.
template <typename Protocol, typename Socket>
error_code bind_socket(Socket& socket, const ListenAddress& address) {
  error_code error;
  const auto host = asio::ip::make_address(address.host, error);
  const typename Protocol::endpoint endpoint(host, address.port);
  if (!error) socket.open(endpoint.protocol(), error);
  if (!error && host.is_v6()) socket.set_option(asio::ip::v6_only(true), error);
  if constexpr (std::is_same_v<Protocol, tcp>)
    if (!error) socket.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) socket.bind(endpoint, error);
  if constexpr (std::is_same_v<Protocol, tcp>)
    if (!error) socket.listen(asio::socket_base::max_listen_connections, error);
  if (!error) socket.non_blocking(true, error);
  return error;
}

struct TlsFile {
  std::string_view what;
  const std::string& path;
  bool is_needed;
  void (*use)(asio::ssl::context&, std::string_view pem, error_code&);
};

void use_client_ca(asio::ssl::context& context, std::string_view pem, error_code& error) {
  context.add_certificate_authority(asio::buffer(pem), error);
  if (!error) context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert, error);
}

Result<asio::ssl::context> make_tls(const ListenOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  // A resumed session would skip the client's certificate; a renegotiation costs the server most of the work.
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);
  error_code error;
  // Else OpenSSL would ask for the passphrase on the terminal.
  context.set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); }, error);
  const TlsFile files[] = {
      {"certificate file", options.certificate_file, true,
       [](asio::ssl::context& c, std::string_view pem, error_code& e) {
         c.use_certificate_chain(asio::buffer(pem), e);
       }},
      {"key file", options.key_file, true,
       [](asio::ssl::context& c, std::string_view pem, error_code& e) {
         c.use_private_key(asio::buffer(pem), asio::ssl::context::pem, e);
       }},
      {"file of client authorities", options.client_ca_file, false, use_client_ca},
  };
  for (const TlsFile& file : files) {
    if (file.path.empty() && !file.is_needed) continue;
    if (file.path.empty())
      return fail(ErrorCode::invalid_argument, fmt::format("tls needs a {} in PEM form; name one", file.what));
    const auto pem = read_file(file.path, kPemBytes);
    if (!pem) return tl::unexpected(pem.error());
    file.use(context, *pem, error);
    if (error)
      return fail(
          ErrorCode::invalid_argument,
          fmt::format("cannot use {} as {}: {}; it must be PEM, without passphrase, and key and certificate must "
                      "belong together",
                      file.path, file.what, error.message()),
          file.path);
  }
  return context;
}

}  // namespace

// --- all of it -------------------------------------------------------------------------------------------------------

class Listener::Reception {
 public:
  explicit Reception(ListenOptions options) : state_(std::move(options)) {}
  ~Reception() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
    state_.connections.clear();
  }

  Result<void> open(std::span<const ListenAddress> addresses);
  void stop() {
    asio::post(io_, [this] { begin_stop(); });
  }
  std::vector<Received> wait(Duration at_most) {
    auto out = state_.queue.take(at_most);
    if (state_.queue.take_waiting()) asio::post(io_, [this] { resume(); });
    return out;
  }
  const ReceivedQueue& queue() const { return state_.queue; }
  const std::vector<ListenAddress>& addresses() const { return addresses_; }

 private:
  Result<void> open_address(const ListenAddress& address);
  Result<void> open_stop_descriptor();
  void resume();
  void begin_stop();
  void watch();

  asio::io_context io_{1};
  ReceiveState state_;
  std::vector<ListenAddress> addresses_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::vector<std::unique_ptr<DatagramSocket>> datagrams_;
  asio::steady_timer timer_{io_};
  asio::posix::stream_descriptor stop_descriptor_{io_};
  Steady::time_point stop_begun_;
  std::jthread thread_;
};

Result<void> Listener::Reception::open_address(const ListenAddress& address) {
  const std::size_t place = addresses_.size();
  addresses_.push_back(address);
  if (address.transport == Transport::udp) {
    udp::socket socket(io_);
    if (const auto error = bind_socket<udp>(socket, address)) return open_failure(address, error);
    error_code ignored;  // the kernel grants what it likes
    socket.set_option(asio::socket_base::receive_buffer_size(limits::kUdpBufferBytes), ignored);
    addresses_.back().port = socket.local_endpoint(ignored).port();
    datagrams_.push_back(std::make_unique<DatagramSocket>(state_, std::move(socket), place));
    return {};
  }
  const bool is_tls = address.transport == Transport::tls;
  if (is_tls && !state_.tls) {
    ListenOptions files = state_.options;
    files.certificates = nullptr;  // which would hold itself
    auto tls = open_tls(state_.options.certificates, [files] { return make_tls(files); });
    if (!tls) return tl::unexpected(std::move(tls.error()));
    state_.tls = std::move(*tls);
  }
  tcp::acceptor socket(io_);
  if (const auto error = bind_socket<tcp>(socket, address)) return open_failure(address, error);
  error_code ignored;
  addresses_.back().port = socket.local_endpoint(ignored).port();
  acceptors_.push_back(std::make_unique<Acceptor>(state_, std::move(socket), place, is_tls));
  return {};
}

Result<void> Listener::Reception::open_stop_descriptor() {
  if (state_.options.stop_descriptor < 0) return {};
  error_code error;
  const int own = ::dup(state_.options.stop_descriptor);
  if (own >= 0) stop_descriptor_.assign(own, error);
  if (own < 0 || error)
    return fail(ErrorCode::invalid_argument, "the descriptor that is to end the listening cannot be waited for");
  stop_descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const error_code& failed) {
    if (!failed) begin_stop();
  });
  return {};
}

Result<void> Listener::Reception::open(std::span<const ListenAddress> addresses) {
  if (addresses.empty() || addresses.size() > limits::kListenAddresses)
    return fail(ErrorCode::invalid_argument, fmt::format("{} addresses to listen on; give 1 to {}", addresses.size(),
                                                         limits::kListenAddresses));
  for (const ListenAddress& address : addresses)
    if (auto opened = open_address(address); !opened) return opened;
  if (auto opened = open_stop_descriptor(); !opened) return opened;
  resume();
  watch();
  thread_ = std::jthread([this] {
    io_.run();
    state_.queue.end();
  });
  return {};
}

void Listener::Reception::resume() {
  for (const auto& acceptor : acceptors_) acceptor->resume();
  for (const auto& datagrams : datagrams_) datagrams->resume();
  const auto connections = state_.connections;  // one that ends leaves the set
  for (const auto& connection : connections) connection->resume();
}

void Listener::Reception::begin_stop() {
  if (std::exchange(state_.is_stopping, true)) return;
  stop_begun_ = Steady::now();
  for (const auto& acceptor : acceptors_) acceptor->stop();
  for (const auto& datagrams : datagrams_) datagrams->stop();
  error_code ignored;
  stop_descriptor_.close(ignored);
  timer_.cancel();
}

// Looks at every connection some times in the shortest span that it has to keep.
void Listener::Reception::watch() {
  const ListenOptions& o = state_.options;
  const auto now = Steady::now();
  const auto connections = state_.connections;
  const bool is_over = state_.is_stopping && now - stop_begun_ >= span_of(limits::kListenStopGrace);
  for (const auto& connection : connections) {
    if (is_over) connection->end("stopped", "stopping, and it still sent; closed");
    connection->watch(now);
  }
  if (state_.is_stopping && state_.connections.empty()) return;  // the last work of the thread
  resume();
  Duration period = std::min({o.frame_timeout, o.idle_timeout, o.handshake_timeout, seconds(4)});
  if (state_.is_stopping) period = std::min(period, limits::kListenStopSilence);
  timer_.expires_after(span_of({std::max<std::int64_t>(period.us / 4, 5'000)}));
  timer_.async_wait([this](const error_code&) { watch(); });
}

Listener::Listener(std::unique_ptr<Reception> reception) : reception_(std::move(reception)) {}
Listener::~Listener() = default;
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;

Result<Listener> Listener::open(std::span<const ListenAddress> addresses, ListenOptions options) {
  auto reception = std::make_unique<Reception>(std::move(options));
  if (auto opened = reception->open(addresses); !opened) return tl::unexpected(std::move(opened.error()));
  return Listener(std::move(reception));
}

std::vector<Received> Listener::wait(Duration at_most) { return reception_->wait(at_most); }
void Listener::stop() { reception_->stop(); }
bool Listener::is_finished() const { return reception_->queue().is_finished(); }
const std::vector<ListenAddress>& Listener::addresses() const { return reception_->addresses(); }
ListenCounters Listener::counters() const { return reception_->queue().counters(); }

}  // namespace quaywatch::io
