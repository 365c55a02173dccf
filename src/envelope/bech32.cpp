#include "envelope/bech32.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace quaywatch::envelope {
namespace {

constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t kChecksumSymbols = 6;
constexpr std::array<std::uint32_t, 5> kGenerators{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};

bool is_lower(char c) { return ascii_upper(c) != c; }

// The checksum's polynomial over symbols of 5 bits; 1 over a whole text.
class Checksum {
 public:
  explicit Checksum(std::string_view prefix) {
    for (const char c : prefix) add(static_cast<std::uint8_t>(ascii_lower(c)) >> 5);
    add(0);
    for (const char c : prefix) add(static_cast<std::uint8_t>(ascii_lower(c)) & 31);
  }
  void add(std::uint32_t symbol) {
    const std::uint32_t top = value_ >> 25;
    value_ = (value_ & 0x1ffffff) << 5 ^ symbol;
    for (std::size_t i = 0; i < kGenerators.size(); ++i)
      if ((top >> i & 1) != 0) value_ ^= kGenerators[i];
  }
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 1;
};

// Groups of bits in other groups. On the way back what is left over must be fewer than 5 bits, all zero.
bool regroup(std::string_view in, unsigned from, unsigned to, std::string& out) {
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : in) {
    bits = (bits << from | static_cast<std::uint8_t>(c)) & 0xffff;
    for (held += from; held >= to; held -= to) out += static_cast<char>(bits >> (held - to) & ((1u << to) - 1));
  }
  const std::uint32_t rest = bits & ((1u << held) - 1);
  if (from < to) return held < from && rest == 0;
  if (held > 0) out += static_cast<char>(rest << (to - held) & ((1u << to) - 1));
  return true;
}

}  // namespace

std::string to_bech32(std::string_view prefix, std::string_view bytes) {
  std::string symbols;
  regroup(bytes, 8, 5, symbols);
  Checksum checksum(prefix);
  for (const char s : symbols) checksum.add(static_cast<std::uint8_t>(s));
  for (std::size_t i = 0; i < kChecksumSymbols; ++i) checksum.add(0);
  const std::uint32_t sum = checksum.value() ^ 1;
  for (std::size_t i = kChecksumSymbols; i-- > 0;) symbols += static_cast<char>(sum >> 5 * i & 31);
  const bool is_in_capitals = !prefix.empty() && is_ascii_upper(prefix.front());
  std::string out = std::string(prefix) + '1';
  for (const char s : symbols) {
    const char c = kAlphabet[static_cast<std::uint8_t>(s)];
    out += is_in_capitals ? ascii_upper(c) : c;
  }
  return out;
}

std::optional<Bech32> from_bech32(std::string_view text) {
  const std::size_t one = text.rfind('1');
  if (one == text.npos || one == 0 || text.size() - one - 1 < kChecksumSymbols) return std::nullopt;
  bool has_upper = false, has_lower = false;
  for (const char c : text) {
    if (c < 33 || c > 126) return std::nullopt;
    has_upper |= is_ascii_upper(c);
    has_lower |= is_lower(c);
  }
  if (has_upper && has_lower) return std::nullopt;
  Bech32 out{std::string(text.substr(0, one)), {}};
  Checksum checksum(out.prefix);
  std::string symbols;
  for (const char c : text.substr(one + 1)) {
    const std::size_t symbol = kAlphabet.find(ascii_lower(c));
    if (symbol == kAlphabet.npos) return std::nullopt;
    checksum.add(static_cast<std::uint32_t>(symbol));
    symbols += static_cast<char>(symbol);
  }
  symbols.resize(symbols.size() - kChecksumSymbols);
  if (checksum.value() != 1 || !regroup(symbols, 5, 8, out.bytes)) return std::nullopt;
  return out;
}

}  // namespace quaywatch::envelope
