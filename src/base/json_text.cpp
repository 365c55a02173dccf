#include "base/json_text.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace quaywatch {
namespace {

// Without a branch in it, so that it is compiled for several bytes at once.
bool is_plain(std::string_view text) {
  bool out = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out &= byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
  }
  return out;
}

template <typename Number>
void append_number(std::string& out, Number v) {
  std::array<char, 20> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), v).ptr);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  const bool utf8 = is_valid_utf8(text);
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8)) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

JsonText& JsonText::key(std::string_view name) {
  next();
  append_json_string(text, name);
  text += ':';
  return *this;
}

JsonText& JsonText::number(std::uint64_t v) {
  return next(), append_number(text, v), *this;
}
JsonText& JsonText::number(std::int64_t v) {
  return next(), append_number(text, v), *this;
}

}  // namespace quaywatch
