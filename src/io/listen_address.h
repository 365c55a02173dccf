// ListenAddress: where records are received, as a person writes it: "tcp:127.0.0.1:5514", "udp:[::1]:5514",
// "tls:0.0.0.0:6514". The address may be left out ("tcp:5514"): then it is 127.0.0.1, so that nothing is open to a
// network unless somebody wrote so. Host names are refused: what they mean changes from outside. Values; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace quaywatch::io {

enum class Transport : std::uint8_t { tcp, udp, tls };

struct ListenAddress {
  Transport transport = Transport::tcp;
  std::string host = "127.0.0.1";  // a literal IPv4 or IPv6 address, without brackets
  std::uint16_t port = 0;          // 0: the system chooses a free one
};

// invalid_argument names the text, what is wrong in it and the right form.
Result<ListenAddress> parse_listen_address(std::string_view text);
std::string format_listen_address(const ListenAddress& address);

}  // namespace quaywatch::io
