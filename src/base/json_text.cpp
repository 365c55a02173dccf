#include "base/json_text.h"

#include <array>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace quaywatch {
namespace {

constexpr std::uint64_t each_byte(std::uint8_t byte) {
  return byte * 0x0101010101010101U;
}
// Has one of eight bytes, none of them above 0x7F, no more than `byte`?
constexpr std::uint64_t any_upto(std::uint64_t eight, std::uint8_t byte) {
  return ~(eight + each_byte(0x7F - byte)) & each_byte(0x80);
}

// Printable ASCII that needs no escape. Eight bytes at once: most texts are one or two such words.
bool is_plain(std::string_view text) {
  const auto is_plain_word = [](std::uint64_t w) {
    const std::uint64_t special = (w + each_byte(1)) | any_upto(w & each_byte(0x7F), 0x1F) |
                                  any_upto((w ^ each_byte('"')) & each_byte(0x7F), 0) |
                                  any_upto((w ^ each_byte('\\')) & each_byte(0x7F), 0);
    return ((w | special) & each_byte(0x80)) == 0;
  };
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    if (!is_plain_word(word)) return false;
  }
  std::uint64_t last = each_byte(' ');
  if (!text.empty()) std::memcpy(&last, text.data(), text.size());
  return is_plain_word(last);
}

// Its quotes with it, and what follows: one growth of the text.
void append_plain(std::string& out, std::string_view text, std::string_view behind) {
  const std::size_t at = out.size();
  out.resize(at + text.size() + behind.size() + 1);
  char* to = out.data() + at;
  *to = '"';
  if (!text.empty()) std::memcpy(to + 1, text.data(), text.size());
  std::memcpy(to + 1 + text.size(), behind.data(), behind.size());
}

template <typename Number>
void append_number(std::string& out, Number v) {
  std::array<char, 20> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), v).ptr);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  if (is_plain(text)) return append_plain(out, text, "\"");
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
  if (is_plain(name)) return append_plain(text, name, "\":"), *this;
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
