#include "codec/log_pairs.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::codec {
namespace {

// Position of the closing quote of text that begins behind the opening one.
std::size_t closing_quote(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return i;
    if (text[i] == '\\') ++i;
  }
  return text.npos;
}

char unescape_quoted(char c) {
  return c == '"' || c == '\\' ? c : '\0';
}

}  // namespace

std::string_view LogPairs::find(std::string_view key) const {
  const auto it = std::find_if(pairs.begin(), pairs.end(), [&](const LogPair& p) { return p.key == key; });
  return it == pairs.end() ? std::string_view{} : it->value;
}

std::string_view without_escapes(std::string_view text, char (*unescape)(char), std::deque<std::string>& own) {
  std::size_t slash = text.find('\\');
  if (slash == text.npos) return text;
  std::string& out = own.emplace_back();
  std::size_t start = 0;
  for (; slash != text.npos && slash + 1 < text.size(); slash = text.find('\\', slash)) {
    const char c = unescape(text[slash + 1]);
    out.append(text.substr(start, slash - start));
    if (c == '\0') out.append(text.substr(slash, 2));
    if (c != '\0') out += c;
    start = slash += 2;
  }
  out.append(text.substr(start));
  return out;
}

std::optional<LogRefusal> read_log_pairs(std::string_view text, char separator, LogPairs& out) {
  out.pairs.clear();
  out.unescaped.clear();
  if (text.size() > limits::kCsvRowBytes)
    return LogRefusal{"message_too_long", 0,
                      fmt::format("the text has {} bytes; at most {} are read", text.size(), limits::kCsvRowBytes)};
  std::size_t pos = 0, equals = text.find('=');
  while (pos < text.size()) {
    const std::size_t end = std::min(text.find(separator, pos), text.size());
    if (equals < pos) equals = text.find('=', pos);
    const std::string_view key = trim(text.substr(pos, std::min(equals, end) - pos));
    if (equals >= end || key.empty()) {
      pos = end + 1;
      continue;
    }
    if (out.pairs.size() == limits::kCsvColumns)
      return LogRefusal{"too_many_members", pos, fmt::format("more than {} pairs", limits::kCsvColumns)};
    std::size_t value = equals + 1;
    while (separator != ' ' && value < text.size() && text[value] == ' ') ++value;
    if (text.substr(value).starts_with('"')) {
      const std::size_t size = closing_quote(text.substr(value + 1));
      if (size == text.npos)
        return LogRefusal{"unclosed_quote", value,
                          fmt::format("the value of '{}' has no closing quote", key.substr(0, 80))};
      out.pairs.push_back({key, without_escapes(text.substr(value + 1, size), unescape_quoted, out.unescaped)});
      pos = std::min(text.find(separator, value + size + 2), text.size()) + 1;
    } else {
      out.pairs.push_back({key, trim(text.substr(value, std::max(end, value) - value))});
      pos = std::max(end, value) + 1;
    }
  }
  if (out.pairs.empty()) return LogRefusal{"no_pairs", 0, "the text holds no pair of the form key=value"};
  return {};
}

}  // namespace quaywatch::codec
