// IP networks for the Sigma modifier cidr: RFC 4632 (IPv4) and RFC 4291 section 2.3 (IPv6) notation. Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quaywatch::rules {

struct Network {
  std::array<std::uint8_t, 16> address{};
  int family_bytes = 4;  // 4 or 16
  int prefix_bits = 0;
};

// "10.0.0.0/8", "fe80::/10"; without a length it is one address. Bits behind the prefix are ignored.
std::optional<Network> parse_network(std::string_view text);
bool contains(const Network& network, std::string_view address);

}  // namespace quaywatch::rules
