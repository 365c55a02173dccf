#include "rules/network.h"

#include <arpa/inet.h>

#include <charconv>

namespace quaywatch::rules {
namespace {

// inet_pton wants a terminated string; anything longer than an address is none.
bool parse_address(std::string_view text, Network& out) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.empty() || text.size() >= buffer.size()) return false;
  text.copy(buffer.data(), text.size());
  const bool is_v6 = text.find(':') != std::string_view::npos;
  out.family_bytes = is_v6 ? 16 : 4;
  return inet_pton(is_v6 ? AF_INET6 : AF_INET, buffer.data(), out.address.data()) == 1;
}

}  // namespace

std::optional<Network> parse_network(std::string_view text) {
  Network network;
  const auto slash = text.find('/');
  if (!parse_address(text.substr(0, slash), network)) return std::nullopt;
  network.prefix_bits = network.family_bytes * 8;
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > network.prefix_bits)
    return std::nullopt;
  network.prefix_bits = bits;
  return network;
}

bool contains(const Network& network, std::string_view address) {
  Network other;
  if (!parse_address(address, other) || other.family_bytes != network.family_bytes) return false;
  for (int bit = 0; bit < network.prefix_bits; bit += 8) {
    const int left = network.prefix_bits - bit;
    const auto mask = static_cast<std::uint8_t>(left >= 8 ? 0xFF : 0xFF << (8 - left));
    const auto i = static_cast<std::size_t>(bit / 8);
    if ((network.address[i] & mask) != (other.address[i] & mask)) return false;
  }
  return true;
}

}  // namespace quaywatch::rules
