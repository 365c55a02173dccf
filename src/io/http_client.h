// What we send to other programs by HTTP/1.1 (RFC 9112). One request per connection; redirections are not followed: a
// secret must not wander. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace quaywatch::io {

struct WebAddress {
  bool is_secure = false;
  std::string host;  // without brackets
  std::uint16_t port = 0;
  std::string target;  // path and query, begins with a slash

  bool operator==(const WebAddress&) const = default;
};

// http://HOST[:PORT][/PATH] or https://...; no user, no fragment.
Result<WebAddress> parse_web_address(std::string_view text);
// A printer: ipp://HOST[:PORT][/PATH] or ipps://..., port 631 where none is named (RFC 3510, RFC 7472).
Result<WebAddress> parse_printer_address(std::string_view text);
// HOST:PORT, with the brackets of IPv6.
std::string authority(const WebAddress& address);

struct Posting {
  WebAddress to;
  std::vector<std::pair<std::string, std::string>> headers;  // besides Host, Content-Length and Connection
  std::string body;
  std::string ca_file;  // PEM; empty: the system's authorities
};

// The status of the answer; an Error when there was none within `at_most`.
Result<int> http_post(const Posting& posting, Duration at_most);

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Likewise with so many first bytes of the body of a 2xx; fewer where it states that it has no more.
Result<HttpAnswer> http_ask(const Posting& posting, Duration at_most, std::size_t body_bytes);

}  // namespace quaywatch::io
