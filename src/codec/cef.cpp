#include "codec/cef.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::codec {
namespace {

constexpr std::string_view kMark = "CEF:";
constexpr std::size_t kLabelBytes = 64;  // of the longest custom key: deviceCustomFloatingPoint4Label has 31

char unescape_header(char c) {
  return c == '|' || c == '\\' ? c : '\0';
}

char unescape_extension(char c) {
  return c == 'n' ? '\n' : c == 'r' ? '\r' : c == '=' || c == '\\' || c == '|' ? c : '\0';
}

// Position of the first unescaped `c` from `from` on.
std::size_t unescaped(std::string_view text, char c, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == c) return i;
    if (text[i] == '\\') ++i;
  }
  return text.npos;
}

bool is_key_char(char c) {
  return is_ascii_digit(c) || is_ascii_upper(ascii_upper(c)) || c == '_' || c == '.' || c == '-' || c == '[' ||
         c == ']';
}

// Start of the key that ends at `equals`; npos when what stands before it is no key.
std::size_t key_start(std::string_view text, std::size_t least, std::size_t equals) {
  std::size_t start = equals;
  while (start > least && is_key_char(text[start - 1])) --start;
  return start < equals && (start == 0 || text[start - 1] == ' ') ? start : text.npos;
}

std::optional<LogRefusal> read_extension(std::string_view text, CefRecord& out) {
  LogPairs& extension = out.extension;
  std::size_t value = 0;  // where the value of the last key begins
  for (std::size_t equals = unescaped(text, '=', 0); equals != text.npos; equals = unescaped(text, '=', equals + 1)) {
    const std::size_t start = key_start(text, value, equals);
    if (start == text.npos) continue;
    if (extension.pairs.size() == limits::kCsvColumns)
      return LogRefusal{"too_many_members", start,
                        fmt::format("the extension has more than {} keys", limits::kCsvColumns)};
    const std::string_view before = trim(text.substr(value, start - value));
    (extension.pairs.empty() ? out.stray : extension.pairs.back().value) = before;
    extension.pairs.push_back({text.substr(start, equals - start), {}});
    value = equals + 1;
  }
  (extension.pairs.empty() ? out.stray : extension.pairs.back().value) = trim(text.substr(value));
  for (LogPair& p : extension.pairs) p.value = without_escapes(p.value, unescape_extension, extension.unescaped);
  return {};
}

}  // namespace

std::string_view CefRecord::label(std::string_view key) const {
  if (key.size() > kLabelBytes) return {};
  std::array<char, kLabelBytes + 5> labelled{};
  const auto end = std::copy(key.begin(), key.end(), labelled.begin());
  std::copy_n("Label", 5, end);
  return extension.find({labelled.data(), key.size() + 5});
}

std::size_t find_cef(std::string_view text) {
  for (std::size_t at = text.find(kMark); at != text.npos; at = text.find(kMark, at + 1)) {
    const std::string_view version = text.substr(at + kMark.size(), 8);
    if (!version.empty() && is_ascii_digit(version.front()) && version.find('|') != version.npos &&
        (at == 0 || text[at - 1] == ' '))
      return at;
  }
  return text.npos;
}

std::optional<LogRefusal> read_cef(std::string_view text, CefRecord& out) {
  out.extension.pairs.clear();
  out.extension.unescaped.clear();
  out.stray = {};
  if (text.size() > limits::kCsvRowBytes)
    return LogRefusal{"message_too_long", 0,
                      fmt::format("the record has {} bytes; at most {} are read", text.size(), limits::kCsvRowBytes)};
  if (find_cef(text) != 0)
    return LogRefusal{"not_cef", 0, "the record does not begin with 'CEF:', a version and '|'"};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == '\0')) text.remove_suffix(1);
  std::size_t pos = kMark.size();
  for (std::string_view* field : {&out.version, &out.vendor, &out.product, &out.device_version, &out.signature,
                                  &out.name, &out.severity}) {
    const std::size_t bar = unescaped(text, '|', pos);
    // Some senders leave the bar out that ends the severity when there is no extension.
    if (bar == text.npos && field != &out.severity)
      return LogRefusal{"bad_header", pos, "the header has fewer than seven fields that end with '|'"};
    *field = trim(without_escapes(text.substr(pos, std::min(bar, text.size()) - pos), unescape_header,
                                  out.extension.unescaped));
    pos = std::min(bar, text.size() - 1) + 1;
  }
  auto refused = read_extension(text.substr(std::min(pos, text.size())), out);
  if (refused) refused->offset += pos;
  return refused;
}

}  // namespace quaywatch::codec
