// HttpServer: answers HTTP/1.1 (RFC 9112) over TCP or TLS with values of our own; no Asio or Beast type shows here.
//
// Threads of its own read, call `answer` and write; `answer` is called from several at once and may block, but must not
// throw. One request at a time per connection.
//   slow client    a request must be there whole within request_timeout of the connection or of the answer before; an
//                  answer must be taken within write_timeout. Else the connection ends. Of what goes by blocks, each
//                  block must; a body that is received so must be there whole within receive_timeout.
//   too large      headers beyond kHttpHeaderBytes: 431. A body beyond its limit: 413, decided before the body is read
//                  where its length is stated.
//   too many       a connection above max_connections is closed at once and counted.
// What `refuse` makes of a status is sent for requests that never reach `answer`.
// TLS is 1.2 or newer. Certificate and key are read at `open`, and anew by HttpOptions::certificates.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits_server.h"
#include "base/result.h"
#include "base/time.h"
#include "io/certificates.h"
#include "io/event_stream.h"
#include "io/listen_address.h"

namespace quaywatch::io {

struct HttpRequest {
  std::string method;  // as sent; case matters (RFC 9110 section 9.1)
  std::string target;  // path and query, as sent
  std::string peer;    // address without the port
  bool is_loopback = false;
  bool is_secure = false;                                       // came over TLS, here or to the proxy before it
  std::vector<std::pair<std::string, std::string>> headers;     // names in lower case
  std::string body;

  std::string_view header(std::string_view lower_case_name) const;  // the first; empty: none
};

// A peer, as who controls one address has it: of IPv6 the network of 64 bits.
std::string network_of(const std::string& peer);

// The next block of a body; empty: it is over. An Error ends the connection, so that the client knows that it lacks
// something.
using HttpBlocks = std::function<Result<std::string>()>;

struct HttpResponse {
  int status = 200;
  std::string content_type;  // empty: none, as with 204
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::shared_ptr<EventStream> stream = {};  // instead of a body: server-sent events until either side ends it
  HttpBlocks blocks = {};                    // instead of a body: one that is not held in memory
  std::uint64_t blocks_bytes = 0;            // all of them together
  std::string reason = {};                   // for who runs the server; not sent
};

// Takes a body that is too large for memory while it comes. What answers early ends the request, and the connection
// behind it. Goes with the request, also when its body never was whole.
struct HttpReception {
  std::size_t limit = 0;
  std::optional<HttpResponse> refusal = {};  // nothing of the body is wanted
  std::function<std::optional<HttpResponse>(std::string_view block)> take = {};
  std::function<HttpResponse(const HttpRequest&)> finish = {};  // the body was taken whole
};

struct HttpOptions {
  std::string certificate_file = {};  // PEM, with those above it; both files or none: then there is no TLS
  std::string key_file = {};          // PEM, without passphrase
  std::shared_ptr<Certificates> certificates = {};  // to be joined
  bool is_behind_tls = false;         // a proxy before it does TLS: requests count as secure
  std::size_t threads = 8;
  std::size_t max_connections = limits::kHttpConnections;
  Duration request_timeout = seconds(20);
  Duration write_timeout = seconds(30);
  Duration receive_timeout = minutes(30);  // 100 MiB at half a megabit a second
  Duration stop_grace = seconds(5);
  // Of a request whose body is still to come; empty: limits::kHttpBodyBytes for all.
  std::function<std::size_t(const HttpRequest&)> body_limit = {};
  // Of the same, who takes its body by blocks; nullopt: it goes into HttpRequest::body, and to `answer`.
  std::function<std::optional<HttpReception>(const HttpRequest&)> receive = {};
};

struct HttpCounters {
  std::uint64_t connections = 0, connections_refused = 0, connections_open = 0;
  std::uint64_t requests = 0;          // that reached `answer`
  std::uint64_t requests_refused = 0;  // too large or malformed
  std::uint64_t timed_out = 0;
};

class HttpServer {
 public:
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  using Refuse = std::function<HttpResponse(int status)>;

  static Result<HttpServer> open(const ListenAddress& address, HttpOptions options, Answer answer, Refuse refuse);
  ~HttpServer();  // stops
  HttpServer(HttpServer&&) noexcept;
  HttpServer& operator=(HttpServer&&) noexcept;

  // No new connections; requests under way are answered, within stop_grace; streams end. Returns when all are closed.
  void stop();
  const ListenAddress& address() const;  // as bound: with the port that the system chose
  HttpCounters counters() const;

 private:
  class Running;
  explicit HttpServer(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace quaywatch::io
