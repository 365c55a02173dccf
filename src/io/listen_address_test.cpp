#include "io/listen_address.h"

#include <gtest/gtest.h>

namespace quaywatch::io {
namespace {

TEST(ListenAddress, WithoutAnAddressItIsThisMachineAlone) {
  const struct {
    std::string_view text;
    std::string_view meant;
  } rows[] = {
      {"tcp:5514", "tcp:127.0.0.1:5514"},       {"tcp:127.0.0.1:5514", "tcp:127.0.0.1:5514"},
      {"udp:[::1]:5514", "udp:[::1]:5514"},     {"tls:0.0.0.0:6514", "tls:0.0.0.0:6514"},
      {"tls:[2001:db8::1]:0", "tls:[2001:db8::1]:0"},
  };
  for (const auto& row : rows) {
    const auto address = parse_listen_address(row.text);
    ASSERT_TRUE(address.has_value()) << address.error().message;
    EXPECT_EQ(format_listen_address(*address), row.meant);
  }
}

TEST(ListenAddress, ARefusalNamesTheTextAndTheRightForm) {
  const struct {
    std::string_view text;
    std::string_view words;
  } rows[] = {
      {"", "begin with tcp:"},
      {"tcp", "begin with tcp:"},
      {"http:127.0.0.1:80", "begin with tcp:"},
      {"TCP:5514", "begin with tcp:"},
      {"tcp:", "the port is no number"},
      {"tcp:65536", "the port is no number"},
      {"tcp:-1", "the port is no number"},
      {"tcp:514x", "the port is no number"},
      {"tcp:127.0.0.1:", "the port is no number"},
      {"tcp::5514", "no IPv4 address"},
      {"tcp:*:5514", "no IPv4 address"},
      {"tcp:localhost:5514", "host names are not looked up"},
      {"tcp:127.1:5514", "no IPv4 address"},
      {"udp:::1:5514", "no IPv4 address"},
      {"udp:[127.0.0.1]:5514", "no IPv4 address"},
      {"udp:[::1:5514", "no IPv4 address"},
  };
  for (const auto& row : rows) {
    const auto address = parse_listen_address(row.text);
    ASSERT_FALSE(address.has_value()) << row.text;
    const std::string& message = address.error().message;
    EXPECT_NE(message.find("'" + std::string(row.text) + "'"), std::string::npos) << message;
    EXPECT_NE(message.find(row.words), std::string::npos) << message;
    EXPECT_NE(message.find("udp:[::1]:5514"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace quaywatch::io
