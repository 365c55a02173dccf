// Value: one typed field value, borrowed. 24 bytes, copied freely; text points into the Record it came from and lives
// as long as that Record is neither changed nor destroyed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace quaywatch {

enum class Kind : std::uint8_t { absent, text, integer, decimal, boolean, time, unknown };

// Why a fact is unknown (DESIGN section 6a). `pending` alone resolves by waiting: the feed's watermark has not passed
// yet.
enum class UnknownCause : std::uint8_t { none, no_coverage, pending, known_since, order, erased };
std::string_view name(UnknownCause cause);

struct Value {
  Kind kind = Kind::absent;
  UnknownCause cause = UnknownCause::none;  // set when kind is unknown
  std::string_view text{};
  std::int64_t number = 0;  // integer; decimal in millionths; boolean 0 or 1; time in microseconds since the epoch

  bool is_absent() const { return kind == Kind::absent; }
  bool is_unknown() const { return kind == Kind::unknown; }
  bool boolean() const { return number != 0; }
  Timestamp time() const { return {number}; }
};

inline constexpr std::int64_t kDecimalOne = 1'000'000;  // decimals are exact to six places

// The canonical spelling used in output, digests and rule comparison: 640, 26195.5, true, 2026-10-23T17:52:14Z.
std::string to_text(const Value& v);
// "640" or "-0,5" or "26195.5" to millionths; comma and point both mark decimals, no grouping. False: not a number.
bool parse_decimal(std::string_view text, std::int64_t& out);
std::string format_decimal(std::int64_t millionths);

}  // namespace quaywatch
