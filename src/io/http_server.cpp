#include "io/http_server.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "base/text.h"
#include "io/files.h"
#include "io/tls_slot.h"

namespace quaywatch::io {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kPemBytes = 1024 * 1024;
constexpr std::size_t kDrainBlock = 16 * 1024;
constexpr std::size_t kBodyBlock = 64 * 1024;     // read at once of a body; as much as Beast asks for
constexpr std::chrono::seconds kDrainTime{2};     // a client may go on sending what was refused for so long
constexpr std::chrono::seconds kBeat{15};         // between comment lines of a silent event stream
constexpr std::chrono::seconds kHandshakeTime{10};

std::chrono::microseconds span_of(Duration d) { return std::chrono::microseconds(d.us); }

struct Counted {
  std::atomic<std::uint64_t> connections = 0, refused = 0, requests = 0, requests_refused = 0, timed_out = 0;
};

class Open;  // a connection
// What all connections share.
struct Shared {
  HttpOptions options;
  HttpServer::Answer answer;
  HttpServer::Refuse refuse;
  Counted counted;
  std::mutex mutex;
  std::set<std::shared_ptr<Open>> open;
  std::atomic<bool> is_stopping = false;
};

// A connection as the server ends it; plain and TLS are the two kinds.
class Open {
 public:
  virtual ~Open() = default;
  virtual void stop() = 0;  // at once when it is idle, else behind the answer
};

template <typename Stream>
class Connection : public Open, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  template <typename... Arguments>
  Connection(Shared& shared, std::string peer, bool is_loopback, Arguments&&... arguments)
      : shared_(shared), peer_(std::move(peer)), is_loopback_(is_loopback),
        stream_(std::forward<Arguments>(arguments)...) {}

  void start() {
    {
      const std::lock_guard lock(shared_.mutex);
      shared_.open.insert(this->shared_from_this());
    }
    asio::dispatch(stream_.get_executor(), [self = this->shared_from_this()] { self->begin(); });
  }
  void stop() override {
    asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
      if (self->events_) self->events_->close();
      if (self->is_idle_) self->end();
    });
  }

 private:
  static constexpr bool kIsTls = !std::is_same_v<Stream, beast::tcp_stream>;
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  void begin() {
    if constexpr (kIsTls) {
      lowest().expires_after(kHandshakeTime);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](error_code error) {
        return error ? self->end() : self->read();
      });
    } else {
      read();
    }
  }

  void read() {
    if (shared_.is_stopping) return end();
    parser_.emplace();
    parser_->header_limit(limits::kHttpHeaderBytes);
    parser_->body_limit(boost::none);  // decided when the header is known
    request_ = {};
    is_idle_ = true;
    lowest().expires_after(span_of(shared_.options.request_timeout));
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = this->shared_from_this()](error_code error, std::size_t) {
                              self->is_idle_ = false;
                              if (error) return self->fail(error);
                              self->take_header();
                            });
  }

  void take_header() {
    const auto& message = parser_->get();
    request_.method = std::string(message.method_string());
    request_.target = std::string(message.target());
    request_.peer = peer_;
    request_.is_loopback = is_loopback_;
    request_.is_secure = kIsTls || shared_.options.is_behind_tls;
    for (const auto& field : message)
      request_.headers.emplace_back(to_lower({field.name_string().data(), field.name_string().size()}),
                                    std::string(field.value()));
    if (const auto& receive = shared_.options.receive) reception_ = receive(request_);
    const auto& limit_of = shared_.options.body_limit;
    const std::size_t limit = reception_ ? reception_->limit
                              : limit_of ? limit_of(request_)
                                         : limits::kHttpBodyBytes;
    const auto length = parser_->content_length();
    drained_at_most_ = reception_ ? limit : limits::kHttpDrainBytes;
    if (length && *length > limit) return refuse(413);
    if (reception_ && reception_->refusal) return answer_early(std::move(*reception_->refusal));
    parser_->body_limit(limit);
    if (!equals_ignore_case(request_.header("expect"), "100-continue")) return read_body();
    continue_.emplace(http::status::continue_, message.version());
    http::async_write(stream_, *continue_, [self = this->shared_from_this()](error_code error, std::size_t) {
      return error ? self->end() : self->read_body();
    });
  }

  void read_body() {
    // Beast reads as much at once as the buffer has room for: after a header 512 bytes.
    if (parser_->content_length().value_or(kBodyBlock) >= kBodyBlock) buffer_.reserve(kBodyBlock);
    if (reception_) return begin_reception();
    http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](error_code error, std::size_t) {
      if (error) return self->fail(error);
      self->request_.body = std::move(self->parser_->get().body());
      ++self->shared_.counted.requests;
      self->write(self->shared_.answer(self->request_), self->parser_->keep_alive() && !self->shared_.is_stopping);
    });
  }

  // --- a body by blocks ---

  void begin_reception() {
    receiver_.emplace(std::move(*parser_));
    received_by_ = std::chrono::steady_clock::now() + span_of(shared_.options.receive_timeout);
    receive_more();
  }

  void receive_more() {
    if (receiver_->is_done()) {
      ++shared_.counted.requests;
      return write(reception_->finish(request_), receiver_->keep_alive() && !shared_.is_stopping);
    }
    if (std::chrono::steady_clock::now() > received_by_) return fail(beast::error::timeout);
    receiver_->get().body().data = block_.data();
    receiver_->get().body().size = block_.size();
    lowest().expires_after(span_of(shared_.options.request_timeout));
    http::async_read_some(stream_, buffer_, *receiver_, [self = this->shared_from_this()](error_code error,
                                                                                          std::size_t) {
      if (error && error != http::error::need_buffer) return self->fail(error);
      const std::size_t size = self->block_.size() - self->receiver_->get().body().size;
      if (size > 0)
        if (auto refused = self->reception_->take({self->block_.data(), size}))
          return self->answer_early(std::move(*refused));
      self->receive_more();
    });
  }

  // Before the body was read to its end.
  void answer_early(HttpResponse answer) {
    ++shared_.counted.requests;
    is_draining_ = true;
    write(std::move(answer), false);
  }

  void fail(error_code error) {
    if (error == http::error::end_of_stream || error == asio::error::operation_aborted) return end();
    if (error == beast::error::timeout) ++shared_.counted.timed_out;
    if (error == http::error::body_limit) return refuse(413);
    if (error == http::error::header_limit) return refuse(431);
    if (error.category() == make_error_code(http::error::bad_method).category()) return refuse(400);
    end();
  }

  void refuse(int status) {
    ++shared_.counted.requests_refused;
    is_draining_ = true;
    write(shared_.refuse(status), false);
  }

  void write(HttpResponse answer, bool keep_alive) {
    response_.emplace();
    response_->version(11);
    response_->result(static_cast<unsigned>(answer.status));
    for (const auto& [name, value] : answer.headers) response_->insert(name, value);
    if (!answer.content_type.empty()) response_->set(http::field::content_type, answer.content_type);
    events_ = std::move(answer.stream);
    response_->keep_alive(keep_alive && !events_);
    response_->body() = std::move(answer.body);
    const bool has_no_body = answer.status == 204 || answer.status == 304;
    blocks_ = std::move(answer.blocks);
    if (blocks_)
      response_->content_length(answer.blocks_bytes);
    else if (!events_ && !has_no_body)
      response_->prepare_payload();
    reception_.reset();
    lowest().expires_after(span_of(shared_.options.write_timeout));
    http::async_write(stream_, *response_,
                      [self = this->shared_from_this(), keep_alive](error_code error, std::size_t) {
                        if (self->events_) return error ? self->end_events() : self->begin_events();
                        if (error) return self->end();
                        if (self->blocks_) return self->write_blocks(keep_alive);
                        self->end_answer(keep_alive);
                      });
  }

  void end_answer(bool keep_alive) {
    if (keep_alive) return read();
    if (is_draining_) return drain();
    end_orderly();
  }

  void write_blocks(bool keep_alive) {
    auto block = blocks_();
    if (!block) return end();
    if (block->empty()) {
      blocks_ = {};
      return end_answer(keep_alive);
    }
    out_ = std::move(*block);
    lowest().expires_after(span_of(shared_.options.write_timeout));
    asio::async_write(stream_, asio::buffer(out_),
                      [self = this->shared_from_this(), keep_alive](error_code error, std::size_t) {
                        return error ? self->end() : self->write_blocks(keep_alive);
                      });
  }

  // --- server-sent events ---

  void begin_events() {
    events_->set_wake([weak = this->weak_from_this()] {
      if (const auto self = weak.lock())
        asio::post(self->stream_.get_executor(), [self] { self->write_events(); });
    });
    lowest().expires_never();
    // Nothing should come any more; that the client left is seen here.
    stream_.async_read_some(asio::buffer(block_), [self = this->shared_from_this()](error_code, std::size_t) {
      self->end_events();
    });
    beat_.emplace(stream_.get_executor());
    wait_beat();
    write_events();
  }

  void wait_beat() {
    beat_->expires_after(kBeat);
    beat_->async_wait([self = this->shared_from_this()](error_code error) {
      if (error || self->has_ended_) return;
      if (!self->is_writing_) self->write_out(":\n\n");
      self->wait_beat();
    });
  }

  void write_events() {
    if (is_writing_ || has_ended_ || !events_) return;
    std::string text = events_->take();
    if (!text.empty()) return write_out(std::move(text));
    if (events_->is_closed()) end_events();
  }

  void write_out(std::string text) {
    is_writing_ = true;
    out_ = std::move(text);
    lowest().expires_after(span_of(shared_.options.write_timeout));  // the read under way keeps its own
    asio::async_write(stream_, asio::buffer(out_), [self = this->shared_from_this()](error_code error, std::size_t) {
      self->is_writing_ = false;
      return error ? self->end_events() : self->write_events();
    });
  }

  void end_events() {
    if (events_) {
      events_->set_wake({});
      events_->close();
    }
    if (beat_) beat_->cancel();
    end();
  }

  // --- the end ---

  // A refused client is still sending; closing now would reset the connection before it read why.
  void drain() {
    error_code ignored;
    if constexpr (!kIsTls) lowest().socket().shutdown(tcp::socket::shutdown_send, ignored);
    lowest().expires_after(kDrainTime);
    drain_more(0);
  }
  void drain_more(std::size_t drained) {
    stream_.async_read_some(asio::buffer(block_),
                            [self = this->shared_from_this(), drained](error_code error, std::size_t size) {
                              if (error || drained + size > self->drained_at_most_) return self->end();
                              self->drain_more(drained + size);
                            });
  }

  void end_orderly() {
    if constexpr (kIsTls) {
      lowest().expires_after(kDrainTime);
      stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->end(); });
    } else {
      error_code ignored;
      lowest().socket().shutdown(tcp::socket::shutdown_send, ignored);
      end();
    }
  }

  void end() {
    if (std::exchange(has_ended_, true)) return;
    lowest().close();
    const std::lock_guard lock(shared_.mutex);
    shared_.open.erase(this->shared_from_this());
  }

  Shared& shared_;
  std::string peer_;
  bool is_loopback_;
  Stream stream_;
  beast::flat_buffer buffer_{limits::kHttpHeaderBytes + limits::kHttpIntakeBytes};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::request_parser<http::buffer_body>> receiver_;
  std::optional<HttpReception> reception_;
  std::chrono::steady_clock::time_point received_by_;
  std::optional<http::response<http::empty_body>> continue_;
  std::optional<http::response<http::string_body>> response_;
  HttpRequest request_;
  std::shared_ptr<EventStream> events_;
  std::optional<asio::steady_timer> beat_;
  HttpBlocks blocks_;
  std::string out_;
  std::array<char, kDrainBlock> block_;
  std::size_t drained_at_most_ = limits::kHttpDrainBytes;
  bool is_idle_ = false, is_draining_ = false, is_writing_ = false, has_ended_ = false;
};

struct TlsFiles {
  std::string certificate, key;
};

Result<asio::ssl::context> make_tls(const TlsFiles& files) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  const auto certificate = read_file(files.certificate, kPemBytes);
  if (!certificate) return tl::unexpected(certificate.error());
  const auto key = read_file(files.key, kPemBytes);
  if (!key) return tl::unexpected(key.error());
  error_code error;
  // Else OpenSSL would ask for the passphrase on the terminal.
  context.set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); }, error);
  context.use_certificate_chain(asio::buffer(*certificate), error);
  if (!error) context.use_private_key(asio::buffer(*key), asio::ssl::context::pem, error);
  if (!error && SSL_CTX_check_private_key(native) != 1) error = asio::error::invalid_argument;
  if (error)
    return quaywatch::fail(
        ErrorCode::malformed,
        fmt::format("certificate and key cannot be used: {}; both are PEM files, the key without passphrase, and "
                    "belong together",
                    error.message()),
        files.certificate);
  return context;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view lower_case_name) const {
  const auto at =
      std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return h.first == lower_case_name; });
  return at == headers.end() ? std::string_view{} : std::string_view(at->second);
}

class HttpServer::Running {
 public:
  Running(HttpOptions options, Answer answer, Refuse refuse) : acceptor_(asio::make_strand(context_)) {
    shared_.options = std::move(options);
    shared_.answer = std::move(answer);
    shared_.refuse = std::move(refuse);
  }
  ~Running() { stop(); }

  Result<void> open(const ListenAddress& wanted) {
    if (!shared_.options.certificate_file.empty() || !shared_.options.key_file.empty()) {
      const TlsFiles files{shared_.options.certificate_file, shared_.options.key_file};
      auto tls = open_tls(shared_.options.certificates, [files] { return make_tls(files); });
      if (!tls) return tl::unexpected(tls.error());
      tls_ = std::move(*tls);
    }
    error_code error;
    const auto host = asio::ip::make_address(wanted.host, error);
    const tcp::endpoint endpoint(host, wanted.port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return quaywatch::fail(ErrorCode::io_failure,
                  fmt::format("cannot listen: {}; choose another address or port, or end what listens there",
                              error.message()),
                  fmt::format("{}:{}", wanted.host, wanted.port));
    address_ = wanted;
    address_.port = acceptor_.local_endpoint().port();
    accept();
    for (std::size_t i = 0; i < std::max<std::size_t>(1, shared_.options.threads); ++i)
      threads_.emplace_back([this] { context_.run(); });
    return {};
  }

  void stop() {
    if (shared_.is_stopping.exchange(true)) return;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    {
      const std::lock_guard lock(shared_.mutex);
      for (const auto& connection : shared_.open) connection->stop();
    }
    // Ends by itself when nothing is open any more.
    asio::steady_timer grace(context_, span_of(shared_.options.stop_grace));
    grace.async_wait([this](error_code error) {
      if (!error) context_.stop();
    });
    asio::steady_timer look(context_);
    watch_end(look, grace);
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    const std::lock_guard lock(shared_.mutex);
    shared_.open.clear();
  }

  const ListenAddress& address() const { return address_; }
  HttpCounters counters() {
    const Counted& c = shared_.counted;
    const std::lock_guard lock(shared_.mutex);
    return {c.connections, c.refused, shared_.open.size(), c.requests, c.requests_refused, c.timed_out};
  }

 private:
  void watch_end(asio::steady_timer& look, asio::steady_timer& grace) {
    {
      const std::lock_guard lock(shared_.mutex);
      if (shared_.open.empty()) return void(grace.cancel());
    }
    look.expires_after(std::chrono::milliseconds(20));
    look.async_wait([this, &look, &grace](error_code error) {
      if (!error) watch_end(look, grace);
    });
  }

  void accept() {
    acceptor_.async_accept(asio::make_strand(context_), [this](error_code error, tcp::socket socket) {
      if (shared_.is_stopping || error == asio::error::operation_aborted) return;
      if (!error) begin(std::move(socket));
      // Out of descriptors: trying again at once would spin.
      if (error == asio::error::no_descriptors) {
        pause_.expires_after(std::chrono::milliseconds(100));
        return pause_.async_wait([this](error_code) { accept(); });
      }
      accept();
    });
  }

  void begin(tcp::socket socket) {
    ++shared_.counted.connections;
    error_code error;
    const auto remote = socket.remote_endpoint(error).address();
    socket.set_option(tcp::no_delay(true), error);
    std::size_t open = 0;
    {
      const std::lock_guard lock(shared_.mutex);
      open = shared_.open.size();
    }
    if (error || open >= shared_.options.max_connections) {
      ++shared_.counted.refused;
      return;
    }
    const std::string peer = remote.to_string();
    if (tls_)
      std::make_shared<Connection<beast::ssl_stream<beast::tcp_stream>>>(shared_, peer, remote.is_loopback(),
                                                                         std::move(socket), *tls_->load())
          ->start();
    else
      std::make_shared<Connection<beast::tcp_stream>>(shared_, peer, remote.is_loopback(), std::move(socket))->start();
  }

  Shared shared_;  // outlives the context, whose connections point to it
  std::shared_ptr<TlsSlot> tls_;  // null: there is no TLS
  asio::io_context context_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_{context_};
  ListenAddress address_;
  std::vector<std::jthread> threads_;
};

HttpServer::HttpServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}
HttpServer::~HttpServer() = default;
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&&) noexcept = default;

Result<HttpServer> HttpServer::open(const ListenAddress& address, HttpOptions options, Answer answer, Refuse refuse) {
  auto running = std::make_unique<Running>(std::move(options), std::move(answer), std::move(refuse));
  if (auto opened = running->open(address); !opened) return tl::unexpected(opened.error());
  return HttpServer(std::move(running));
}

void HttpServer::stop() {
  running_->stop();
}
const ListenAddress& HttpServer::address() const {
  return running_->address();
}
HttpCounters HttpServer::counters() const {
  return running_->counters();
}

std::string network_of(const std::string& peer) {
  error_code error;
  const auto address = asio::ip::make_address_v6(peer, error);
  if (error) return peer;
  if (address.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, address).to_string();
  return asio::ip::make_network_v6(address, 64).canonical().to_string();
}

}  // namespace quaywatch::io
