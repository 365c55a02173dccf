#include "rules/pattern.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace quaywatch::rules {
namespace {

bool is_word(unsigned char c) {
  return c >= 0x80 || is_ascii_digit(static_cast<char>(c)) || is_ascii_upper(ascii_upper(static_cast<char>(c))) ||
         c == '_';
}

bool same(char pattern, char text, bool cased) {
  return pattern == (cased ? text : ascii_lower(text));
}

bool equals_at(std::string_view text, std::size_t at, std::string_view part, bool cased) {
  for (std::size_t i = 0; i < part.size(); ++i)
    if (!same(part[i], text[at + i], cased)) return false;
  return true;
}

// `part` is already lower case unless cased.
bool contains_folded(std::string_view text, std::string_view part, bool cased) {
  if (part.size() > text.size()) return false;
  for (std::size_t at = 0; at + part.size() <= text.size(); ++at)
    if (equals_at(text, at, part, cased)) return true;
  return false;
}

// Length of the dash at the start of `s`: hyphen, slash, or U+2013, U+2014, U+2015 in UTF-8; 0 when there is none.
std::size_t dash_length(std::string_view s) {
  if (s.empty()) return 0;
  if (s[0] == '-' || s[0] == '/') return 1;
  const bool is_long = s.size() >= 3 && s[0] == '\xE2' && s[1] == '\x80' && s[2] >= '\x93' && s[2] <= '\x95';
  return is_long ? 3 : 0;
}

// One code point of UTF-8 as UTF-16 units; a stray byte stands for itself.
void append_utf16(std::string_view bytes, std::size_t& at, bool big_endian, std::string& out) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  const std::uint32_t first = byte(at);
  const std::size_t length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  std::uint32_t code = first;
  std::size_t used = 1;
  if (length > 1 && at + length <= bytes.size()) {
    code = first & (0xFFU >> (length + 1));
    for (; used < length; ++used) code = code << 6 | (byte(at + used) & 0x3F);
  }
  at += used;
  const auto unit = [&](std::uint32_t u) {
    const char high = static_cast<char>(u >> 8 & 0xFF), low = static_cast<char>(u & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  if (code >= 0x10000) {
    unit(0xD800 + ((code - 0x10000) >> 10));
    unit(0xDC00 + ((code - 0x10000) & 0x3FF));
  } else {
    unit(code);
  }
}

}  // namespace

Pattern Pattern::parse(std::string_view value) {
  Pattern p;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && i + 1 < value.size() && (value[i + 1] == '*' || value[i + 1] == '?' || value[i + 1] == '\\')) {
      p.elements_.push_back(static_cast<unsigned char>(value[++i]));
    } else if (c == '*') {
      p.append_any();
    } else {
      p.elements_.push_back(c == '?' ? kOne : static_cast<unsigned char>(c));
    }
  }
  return p;
}

Pattern Pattern::literal(std::string_view bytes) {
  Pattern p;
  for (const char c : bytes) p.elements_.push_back(static_cast<unsigned char>(c));
  return p;
}

bool Pattern::has_wildcards() const {
  return std::any_of(elements_.begin(), elements_.end(), [](Element e) { return e >= kAny; });
}

std::string Pattern::literal_bytes() const {
  std::string out;
  for (const Element e : elements_) out += static_cast<char>(e);
  return out;
}

void Pattern::append_any() {
  if (elements_.empty() || elements_.back() != kAny) elements_.push_back(kAny);
}

void Pattern::prepend_any() {
  if (elements_.empty() || elements_.front() != kAny) elements_.insert(elements_.begin(), kAny);
}

void Pattern::loosen_dashes() {
  for (std::size_t i = 0; i + 1 < elements_.size(); ++i) {
    const bool dash = elements_[i] == '-' || elements_[i] == '/';
    const bool after_word = i > 0 && elements_[i - 1] < kAny && is_word(static_cast<unsigned char>(elements_[i - 1]));
    const bool before_word = elements_[i + 1] < kAny && is_word(static_cast<unsigned char>(elements_[i + 1]));
    if (dash && !after_word && before_word) elements_[i] = kDash;
  }
}

void Pattern::encode_utf16(bool big_endian, bool byte_order_mark) {
  std::vector<Element> out;
  const auto put = [&](std::string_view bytes) {
    for (const char c : bytes) out.push_back(static_cast<unsigned char>(c));
  };
  if (byte_order_mark) put(big_endian ? "\xFE\xFF" : "\xFF\xFE");
  std::string run;
  const auto flush = [&] {
    std::string encoded;
    for (std::size_t at = 0; at < run.size();) append_utf16(run, at, big_endian, encoded);
    put(encoded);
    run.clear();
  };
  for (const Element e : elements_) {
    if (e < kAny) {
      run += static_cast<char>(e);
    } else {
      flush();
      out.push_back(e);
    }
  }
  flush();
  elements_ = std::move(out);
}

void Pattern::fold(bool cased) {
  cased_ = cased;
  if (!cased)
    for (Element& e : elements_)
      if (e < kAny) e = static_cast<unsigned char>(ascii_lower(static_cast<char>(e)));
  auto first = elements_.begin(), last = elements_.end();
  const bool open_front = first != last && *first == kAny;
  const bool open_back = last - first > (open_front ? 1 : 0) && *(last - 1) == kAny;
  if (open_front) ++first;
  if (open_back) --last;
  if (std::any_of(first, last, [](Element e) { return e >= kAny; })) return;
  literal_.clear();
  for (auto it = first; it != last; ++it) literal_ += static_cast<char>(*it);
  shape_ = open_front ? (open_back || literal_.empty() ? Shape::contains : Shape::suffix)
                      : (open_back ? Shape::prefix : Shape::equals);
}

bool Pattern::matches(std::string_view text) const {
  const std::size_t n = literal_.size();
  switch (shape_) {
    case Shape::equals:
      return text.size() == n && equals_at(text, 0, literal_, cased_);
    case Shape::prefix:
      return text.size() >= n && equals_at(text, 0, literal_, cased_);
    case Shape::suffix:
      return text.size() >= n && equals_at(text, text.size() - n, literal_, cased_);
    case Shape::contains:
      return contains_folded(text, literal_, cased_);
    case Shape::general:
      return matches_general(text);
  }
  return false;
}

// Bytes that one element takes at `at`, 0 when it does not match there. `?` is one UTF-8 character.
std::size_t Pattern::consume(Element element, std::string_view text, std::size_t at) const {
  if (at >= text.size()) return 0;
  if (element == kDash) return dash_length(text.substr(at));
  if (element != kOne) return same(static_cast<char>(element), text[at], cased_) ? 1 : 0;
  std::size_t n = 1;
  while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0) == 0x80) ++n;
  return n;
}

// Greedy with one remembered `*`: a later star makes an earlier one final, so the cost is at most text times pattern.
bool Pattern::matches_general(std::string_view text) const {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t at = 0, i = 0, star = kNone, star_at = 0;
  while (at < text.size() || i < elements_.size()) {
    if (i < elements_.size() && elements_[i] == kAny) {
      star = i++;
      star_at = at;
      continue;
    }
    const std::size_t used = i < elements_.size() ? consume(elements_[i], text, at) : 0;
    if (used > 0) {
      at += used;
      ++i;
    } else if (star != kNone && star_at < text.size()) {
      at = ++star_at;
      i = star + 1;
    } else {
      return false;
    }
  }
  return true;
}

std::string Pattern::key() const {
  std::string out = cased_ ? "cased:" : "text:";
  for (const Element e : elements_) {
    if (e == kAny)
      out += "\\*";
    else if (e == kOne)
      out += "\\?";
    else if (e == kDash)
      out += "\\-";
    else if (e == '\\')
      out += "\\\\";
    else
      out += static_cast<char>(e);
  }
  return out;
}

bool text_equals(std::string_view a, std::string_view b, bool cased) {
  return cased ? a == b : equals_ignore_case(a, b);
}

bool text_contains(std::string_view text, std::string_view part, bool cased) {
  if (cased) return text.find(part) != std::string_view::npos;
  for (std::size_t at = 0; at + part.size() <= text.size(); ++at)
    if (equals_ignore_case(text.substr(at, part.size()), part)) return true;
  return false;
}

}  // namespace quaywatch::rules
