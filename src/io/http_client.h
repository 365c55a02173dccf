// What we send to other programs by HTTP/1.1 (RFC 9112). One request per connection; redirections are not followed: a
// secret must not wander. Thread-safe.
#pragma once

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

struct Posting {
  WebAddress to;
  std::vector<std::pair<std::string, std::string>> headers;  // besides Host, Content-Length and Connection
  std::string body;
  std::string ca_file;  // PEM; empty: the system's authorities
};

// The status of the answer; an Error when there was none within `at_most`.
Result<int> http_post(const Posting& posting, Duration at_most);

}  // namespace quaywatch::io
