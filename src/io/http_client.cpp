#include "io/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"
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

struct Head {
  int status = 0;
  std::size_t length = std::string::npos;  // not stated
  bool is_chunked = false;
};

template <typename Number>
void read_number(std::string_view text, Number& out, int base = 10) {
  std::from_chars(text.data(), text.data() + text.size(), out, base);
}

void read_field(std::string_view line, Head& head) {
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(std::min(colon + 1, line.size())));
  if (equals_ignore_case(name, "content-length")) read_number(value, head.length);
  if (equals_ignore_case(name, "transfer-encoding")) head.is_chunked = equals_ignore_case(value, "chunked");
}

// RFC 9112 section 4.
Result<Head> read_head(ClientStream& stream) {
  auto line = stream.read_line(kLine);
  if (!line) return tl::unexpected(line.error());
  Head head;
  if (line->size() >= 12 && line->starts_with("HTTP/1."))
    read_number(std::string_view(*line).substr(9, 3), head.status);
  if (head.status < 100) return fail(ErrorCode::malformed, "what answers there does not speak HTTP; check the address");
  for (std::size_t i = 0; i < kLines && !line->empty(); ++i) {
    line = stream.read_line(kLine);
    if (!line) return tl::unexpected(line.error());
    read_field(*line, head);
  }
  return head;
}

// Section 7.1; to its end or until there is enough.
Result<std::string> read_chunks(ClientStream& stream, std::size_t at_most) {
  std::string out;
  while (out.size() < at_most) {
    const auto line = stream.read_line(kLine);
    if (!line) return tl::unexpected(line.error());
    std::size_t size = 0;
    read_number(*line, size, 16);
    if (size == 0) return out;
    const auto bytes = stream.read_bytes(std::min(size, at_most - out.size()));
    if (!bytes) return bytes;
    out += *bytes;
    if (out.size() < at_most)
      if (const auto end = stream.read_line(kLine); !end) return tl::unexpected(end.error());
  }
  return out;
}

Result<void> send_request(ClientStream& stream, const Posting& posting) {
  if (posting.to.is_secure)
    if (auto sealed = stream.start_tls(posting.ca_file); !sealed) return sealed;
  std::string request = fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\n", posting.to.target, authority(posting.to));
  for (const auto& [name, value] : posting.headers) request += fmt::format("{}: {}\r\n", name, value);
  request += fmt::format("Content-Length: {}\r\nConnection: close\r\n\r\n", posting.body.size());
  return stream.write(request + posting.body);
}

struct Scheme {
  std::string_view prefix;
  std::uint16_t port;
  bool is_secure;
};
constexpr std::array<Scheme, 2> kWeb{{{"https://", 443, true}, {"http://", 80, false}}};
constexpr std::array<Scheme, 2> kPrinter{{{"ipps://", 631, true}, {"ipp://", 631, false}}};

// nullopt: it is none.
std::optional<WebAddress> parse_address(std::string_view text, const std::array<Scheme, 2>& schemes) {
  const auto is_of = [text](const Scheme& s) { return text.starts_with(s.prefix); };
  const auto scheme = std::find_if(schemes.begin(), schemes.end(), is_of);
  if (scheme == schemes.end()) return std::nullopt;
  WebAddress out;
  out.is_secure = scheme->is_secure;
  std::string_view rest = text.substr(scheme->prefix.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  out.target = slash == rest.size() ? "/" : std::string(rest.substr(slash));
  std::string_view host = rest.substr(0, slash);
  out.port = scheme->port;
  const std::size_t bracket = host.rfind(']'), colon = host.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    out.port = port_of(host.substr(colon + 1));
    host = host.substr(0, colon);
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  out.host = host;
  const bool is_bad = host.empty() || host.find_first_of("@?[]") != std::string_view::npos || out.port == 0 ||
                      !is_printable(text) || text.find('#') != std::string_view::npos;
  if (is_bad) return std::nullopt;
  return out;
}

}  // namespace

Result<WebAddress> parse_web_address(std::string_view text) {
  if (auto out = parse_address(text, kWeb)) return std::move(*out);
  return fail(ErrorCode::invalid_argument,
              fmt::format("'{}' is no address: write https://HOST/PATH or http://HOST:PORT/PATH", text));
}

Result<WebAddress> parse_printer_address(std::string_view text) {
  if (auto out = parse_address(text, kPrinter)) return std::move(*out);
  return fail(ErrorCode::invalid_argument,
              fmt::format("'{}' is no printer: write ipp://HOST/ipp/print or ipps://HOST:PORT/PATH", text));
}

std::string authority(const WebAddress& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", is_v6 ? "[" : "", address.host, is_v6 ? "]" : "", address.port);
}

Result<HttpAnswer> http_ask(const Posting& posting, Duration at_most, std::size_t body_bytes) {
  auto stream = ClientStream::connect(posting.to.host, posting.to.port, at_most);
  if (!stream) return tl::unexpected(stream.error());
  if (auto sent = send_request(*stream, posting); !sent) return tl::unexpected(sent.error());
  for (int heads = 0; heads < 4; ++heads) {
    const auto head = read_head(*stream);
    if (!head) return tl::unexpected(head.error());
    if (head->status < 200) continue;
    const std::size_t wanted = head->status < 300 ? body_bytes : 0;
    auto body = head->is_chunked ? read_chunks(*stream, wanted) : stream->read_bytes(std::min(wanted, head->length));
    if (!body) return tl::unexpected(body.error());
    return HttpAnswer{head->status, std::move(*body)};
  }
  return fail(ErrorCode::malformed, "it answers without an end (1xx)");
}

Result<int> http_post(const Posting& posting, Duration at_most) {
  const auto answer = http_ask(posting, at_most, 0);
  if (!answer) return tl::unexpected(answer.error());
  return answer->status;
}

}  // namespace quaywatch::io
