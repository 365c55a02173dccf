#include "io/listen_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <charconv>
#include <optional>

namespace quaywatch::io {
namespace {

struct TransportName {
  std::string_view word;
  Transport transport;
};
constexpr TransportName kTransports[] = {
    {"tcp", Transport::tcp}, {"udp", Transport::udp}, {"tls", Transport::tls}};

std::optional<Transport> find_transport(std::string_view word) {
  for (const TransportName& row : kTransports)
    if (row.word == word) return row.transport;
  return std::nullopt;
}

std::string_view word_of(Transport transport) {
  for (const TransportName& row : kTransports)
    if (row.transport == transport) return row.word;
  return {};
}

bool is_literal(const std::string& host, int family) {
  in6_addr scratch{};
  return ::inet_pton(family, host.c_str(), &scratch) == 1;
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto refuse = [text](std::string_view what) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("cannot listen on '{}': {}; write tcp:127.0.0.1:5514, udp:[::1]:5514 or tls:0.0.0.0:6514",
                            text, what));
  };
  const std::size_t colon = text.find(':');
  const auto transport = find_transport(text.substr(0, colon));
  if (!transport || colon == std::string_view::npos) return refuse("it does not begin with tcp:, udp: or tls:");
  ListenAddress out{*transport};
  std::string_view rest = text.substr(colon + 1);
  if (const std::size_t last = rest.rfind(':'); last != std::string_view::npos) {
    out.host = rest.substr(0, last);
    rest.remove_prefix(last + 1);
    const bool is_bracketed = out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']';
    if (is_bracketed) out.host = out.host.substr(1, out.host.size() - 2);
    if (out.host.find('\0') != std::string::npos || !is_literal(out.host, is_bracketed ? AF_INET6 : AF_INET))
      return refuse("between the colons stands no IPv4 address and no IPv6 address in brackets (host names are not "
                    "looked up)");
  }
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out.port);
  if (error != std::errc() || end != rest.data() + rest.size()) return refuse("the port is no number from 0 to 65535");
  return out;
}

std::string format_listen_address(const ListenAddress& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}:{}{}{}:{}", word_of(address.transport), is_v6 ? "[" : "", address.host, is_v6 ? "]" : "",
                     address.port);
}

}  // namespace quaywatch::io
