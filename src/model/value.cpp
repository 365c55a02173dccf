#include "model/value.h"

#include <fmt/format.h>

namespace quaywatch {

std::string_view name(UnknownCause cause) {
  switch (cause) {
    case UnknownCause::none:
      return "none";
    case UnknownCause::no_coverage:
      return "no_coverage";
    case UnknownCause::pending:
      return "pending";
    case UnknownCause::known_since:
      return "known_since";
    case UnknownCause::order:
      return "order";
    case UnknownCause::erased:
      return "erased";
  }
  return "none";
}

std::string format_decimal(std::int64_t millionths) {
  const bool negative = millionths < 0;
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(millionths) : static_cast<std::uint64_t>(millionths);
  std::string out = fmt::format("{}{}", negative ? "-" : "", magnitude / kDecimalOne);
  if (const auto rest = magnitude % kDecimalOne; rest != 0) {
    std::string fraction = fmt::format(".{:06}", rest);
    while (fraction.back() == '0') fraction.pop_back();
    out += fraction;
  }
  return out;
}

bool parse_decimal(std::string_view s, std::int64_t& out) {
  bool negative = false;
  if (!s.empty() && (s.front() == '-' || s.front() == '+')) {
    negative = s.front() == '-';
    s.remove_prefix(1);
  }
  std::int64_t whole = 0, fraction = 0, scale = kDecimalOne;
  std::size_t digits = 0;
  bool seen_mark = false;
  for (const char c : s) {
    if ((c == '.' || c == ',') && !seen_mark) {
      seen_mark = true;
    } else if (c < '0' || c > '9' || ++digits > 18) {
      return false;
    } else if (!seen_mark) {
      whole = whole * 10 + (c - '0');
      if (whole > 9'000'000'000'000) return false;
    } else if (scale > 1) {
      scale /= 10;
      fraction += (c - '0') * scale;
    }
  }
  if (digits == 0) return false;
  out = whole * kDecimalOne + fraction;
  if (negative) out = -out;
  return true;
}

std::string to_text(const Value& v) {
  switch (v.kind) {
    case Kind::absent:
      return "";
    case Kind::text:
      return std::string(v.text);
    case Kind::integer:
      return std::to_string(v.number);
    case Kind::decimal:
      return format_decimal(v.number);
    case Kind::boolean:
      return v.number != 0 ? "true" : "false";
    case Kind::time:
      return format_rfc3339(v.time());
    case Kind::unknown:
      return "unknown";
  }
  return "";
}

}  // namespace quaywatch
