// Pattern: a Sigma string value, that is text with `*` (any run), `?` (one character) and backslash escapes (Sigma
// rules specification 2.1, "String Wildcard" and "Escape Character"). Case is ignored for ASCII letters unless cased;
// bytes above 127 must match exactly. Immutable after `fold`; matching never allocates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quaywatch::rules {

class Pattern {
 public:
  // Parses wildcards and escapes: `\*` and `\?` are plain, `\\` is one backslash, other backslashes are themselves.
  static Pattern parse(std::string_view value);
  // Every byte stands for itself.
  static Pattern literal(std::string_view bytes);

  bool has_wildcards() const;
  // The bytes of a pattern without wildcards, escapes resolved.
  std::string literal_bytes() const;

  void append_any();   // `*` behind
  void prepend_any();  // `*` before
  // `windash`: a dash or slash that begins a word may be any of - / and the three long dashes (en, em, bar).
  void loosen_dashes();
  // UTF-16 of each literal run (modifiers utf16, utf16le, utf16be, wide).
  void encode_utf16(bool big_endian, bool byte_order_mark);
  // Last step: prepares matching. Cased keeps the case.
  void fold(bool cased);

  bool matches(std::string_view text) const;
  // After `fold`: a text that it equals, begins or ends with or contains, without case unless cased; a general one has
  // no such part.
  enum class Shape : std::uint8_t { equals, prefix, suffix, contains, general };
  Shape shape() const { return shape_; }
  std::string_view literal_part() const { return literal_; }
  std::string key() const;  // equal for patterns that match the same way; for the predicate table

 private:
  using Element = std::uint16_t;  // a byte, or one of the three below
  static constexpr Element kAny = 256, kOne = 257, kDash = 258;

  std::size_t consume(Element element, std::string_view text, std::size_t at) const;
  bool matches_general(std::string_view text) const;

  std::vector<Element> elements_;
  std::string literal_;  // for the four simple shapes
  Shape shape_ = Shape::general;
  bool cased_ = false;
};

// Contains/starts/ends/equals on two texts, ASCII case ignored unless cased.
bool text_equals(std::string_view a, std::string_view b, bool cased);
bool text_contains(std::string_view text, std::string_view part, bool cased);

}  // namespace quaywatch::rules
