// JSON (RFC 8259) written at once as text, where a tree of values would cost ten times as much. Pure; one writer is for
// one thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/time.h"

namespace quaywatch {

// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 are written as the Latin-1 character of the
// same number: the output is always valid JSON and nothing is dropped.
void append_json_string(std::string& out, std::string_view text);

// Commas are set where something stands before; that brackets match and members have names is up to the caller.
class JsonText {
 public:
  std::string text;

  JsonText& open(char bracket) { return next(), text += bracket, *this; }
  JsonText& close(char bracket) { return text += bracket, *this; }
  JsonText& key(std::string_view name);
  JsonText& value(std::string_view v) { return next(), append_json_string(text, v), *this; }
  JsonText& value(const char* v) { return value(std::string_view(v)); }
  JsonText& value(const std::string& v) { return value(std::string_view(v)); }
  JsonText& value(Timestamp t) { return value(std::string_view(format_rfc3339(t))); }
  template <std::same_as<bool> Bool>
  JsonText& value(Bool v) {
    return next(), text += v ? "true" : "false", *this;
  }
  template <std::integral Number>
    requires(!std::same_as<Number, bool>)
  JsonText& value(Number v) {
    return number(std::conditional_t<std::unsigned_integral<Number>, std::uint64_t, std::int64_t>{v});
  }
  // What is JSON already.
  JsonText& written(std::string_view json) { return next(), text += json, *this; }
  JsonText& null() { return written("null"); }
  template <typename List>
  JsonText& texts(const List& list) {
    open('[');
    for (const auto& item : list) value(std::string_view(item));
    return close(']');
  }

 private:
  JsonText& number(std::uint64_t v);
  JsonText& number(std::int64_t v);
  void next() {
    if (!text.empty() && text.back() != '{' && text.back() != '[' && text.back() != ':') text += ',';
  }
};

}  // namespace quaywatch
