// Prints what io::Listener receives, a line each, until SIGINT or SIGTERM; for tests/listen_test.py.
//
// usage: listen_tool [certificate=FILE] [key=FILE] [client-ca=FILE] [handshake-ms=N] ADDRESS...
//
// First a line `listening ADDRESS` for each address as bound; then kind, address, peer, reason and bytes, separated by
// tabs; bytes that are not printable ASCII, and the backslash, as \xNN.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "io/listener.h"
#include "io/signals.h"

namespace {

using namespace quaywatch;

std::string printable(std::string_view bytes) {
  std::string out;
  for (const char c : bytes)
    if (c < ' ' || c > '~' || c == '\\')
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  return out;
}

bool take_option(std::string_view argument, io::ListenOptions& options) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = argument.substr(0, equals), value = argument.substr(equals + 1);
  if (name == "certificate") options.certificate_file = value;
  if (name == "key") options.key_file = value;
  if (name == "client-ca") options.client_ca_file = value;
  if (name == "handshake-ms") {
    std::from_chars(value.data(), value.data() + value.size(), options.handshake_timeout.us);
    options.handshake_timeout.us *= 1000;
  }
  return true;
}

int refuse(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return 2;
}

void print(const io::Received& received, const io::Listener& listener) {
  constexpr std::string_view kKinds[] = {"connected", "record", "lost", "disconnected"};
  fmt::print("{}\t{}\t{}\t{}\t{}\n", kKinds[static_cast<std::size_t>(received.kind)],
             io::format_listen_address(listener.addresses()[received.address]), received.peer, received.reason,
             printable(received.bytes));
  if (!received.message.empty()) fmt::print(stderr, "{}\n", received.message);
}

}  // namespace

int main(int count, char** arguments) {
  const auto signals = io::StopSignals::install();
  if (!signals) return refuse(signals.error());
  io::ListenOptions options;
  options.stop_descriptor = signals->descriptor();
  std::vector<io::ListenAddress> addresses;
  for (int i = 1; i < count; ++i) {
    if (take_option(arguments[i], options)) continue;
    const auto address = io::parse_listen_address(arguments[i]);
    if (!address) return refuse(address.error());
    addresses.push_back(*address);
  }
  auto listener = io::Listener::open(addresses, options);
  if (!listener) return refuse(listener.error());
  for (const io::ListenAddress& address : listener->addresses())
    fmt::print("listening\t{}\n", io::format_listen_address(address));
  std::fflush(stdout);
  while (!listener->is_finished()) {
    for (const io::Received& received : listener->wait(seconds(60))) print(received, *listener);
    std::fflush(stdout);
  }
  return 0;
}
