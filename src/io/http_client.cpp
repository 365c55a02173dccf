#include "io/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "io/client_stream.h"

namespace quaywatch::io {
namespace {

constexpr std::size_t kLine = 8 * 1024;
constexpr std::size_t kLines = 256;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

// 0: no number.
std::uint16_t port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() ? port : std::uint16_t{0};
}

// The status of a head (RFC 9112 section 4), whose other lines are skipped.
Result<int> read_status(ClientStream& stream) {
  auto line = stream.read_line(kLine);
  if (!line) return tl::unexpected(line.error());
  int status = 0;
  if (line->size() >= 12 && line->starts_with("HTTP/1.")) std::from_chars(line->data() + 9, line->data() + 12, status);
  if (status < 100) return fail(ErrorCode::malformed, "what answers there does not speak HTTP; check the address");
  if (status >= 200) return status;
  for (std::size_t i = 0; i < kLines && !line->empty(); ++i) {
    line = stream.read_line(kLine);
    if (!line) return tl::unexpected(line.error());
  }
  return status;
}

}  // namespace

Result<WebAddress> parse_web_address(std::string_view text) {
  const auto refuse = [text] {
    return fail(ErrorCode::invalid_argument,
                fmt::format("'{}' is no address: write https://HOST/PATH or http://HOST:PORT/PATH", text));
  };
  WebAddress out;
  out.is_secure = text.starts_with("https://");
  if (!out.is_secure && !text.starts_with("http://")) return refuse();
  std::string_view rest = text.substr(out.is_secure ? 8 : 7);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  out.target = slash == rest.size() ? "/" : std::string(rest.substr(slash));
  std::string_view host = rest.substr(0, slash);
  out.port = out.is_secure ? 443 : 80;
  const std::size_t bracket = host.rfind(']'), colon = host.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    out.port = port_of(host.substr(colon + 1));
    host = host.substr(0, colon);
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  out.host = host;
  const bool is_bad = host.empty() || host.find_first_of("@?[]") != std::string_view::npos || out.port == 0 ||
                      !is_printable(text) || text.find('#') != std::string_view::npos;
  if (is_bad) return refuse();
  return out;
}

Result<int> http_post(const Posting& posting, Duration at_most) {
  auto stream = ClientStream::connect(posting.to.host, posting.to.port, at_most);
  if (!stream) return tl::unexpected(stream.error());
  if (posting.to.is_secure)
    if (auto sealed = stream->start_tls(posting.ca_file); !sealed) return tl::unexpected(sealed.error());
  const bool is_v6 = posting.to.host.find(':') != std::string::npos;
  std::string request = fmt::format("POST {} HTTP/1.1\r\nHost: {}{}{}:{}\r\n", posting.to.target, is_v6 ? "[" : "",
                                    posting.to.host, is_v6 ? "]" : "", posting.to.port);
  for (const auto& [name, value] : posting.headers) request += fmt::format("{}: {}\r\n", name, value);
  request += fmt::format("Content-Length: {}\r\nConnection: close\r\n\r\n", posting.body.size());
  request += posting.body;
  if (auto sent = stream->write(request); !sent) return tl::unexpected(sent.error());
  for (int heads = 0; heads < 4; ++heads)
    if (const auto status = read_status(*stream); !status || *status >= 200) return status;
  return fail(ErrorCode::malformed, "it answers without an end (1xx)");
}

}  // namespace quaywatch::io
