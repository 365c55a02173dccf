// Bech32 (BIP 173), as age writes its keys: a prefix, a 1, and bytes with a checksum that catches what was mistyped.
// Without BIP 173's bound of 90 characters. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quaywatch::envelope {

struct Bech32 {
  std::string prefix;  // in the case of the text
  std::string bytes;
  bool operator==(const Bech32&) const = default;
};

// All in the case of the prefix.
std::string to_bech32(std::string_view prefix, std::string_view bytes);
// nullopt: mistyped, of mixed case, or no bech32 at all.
std::optional<Bech32> from_bech32(std::string_view text);

}  // namespace quaywatch::envelope
