// A cursor over plain JSON (RFC 8259): texts are ASCII without escapes, so that every value is a view of the bytes.
// Nearly every record of a feed is plain, and one pass over it costs a fraction of a parser's set-up.
//
// Invariants: a record that these functions read to its end is valid, and they give what simdjson gives. They refuse
// nothing and name no reason: false means "not plain", valid or not, and the record is read again by simdjson. Nothing
// is read beyond `bytes`. Threads: a cursor belongs to one thread.
#pragma once

#include <bit>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "codec/json_lines.h"

namespace quaywatch::codec {

// The first quote, backslash, control character or byte above 127 from `p` on. Blocks reach up to `readable`, so that
// it may lie behind `end`; never behind `readable`.
inline const char* plain_end(const char* p, const char* end, const char* readable) {
#ifdef __SSE2__
  for (; readable - p >= 16; p += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(' '));  // signed: bytes above 127, too
    const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    const int marks = _mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, backslash)));
    if (marks != 0) return p + std::countr_zero(static_cast<unsigned>(marks));
  }
#else
  (void)readable;
#endif
  const auto is_plain = [](unsigned char c) { return c != '"' && c != '\\' && c >= ' ' && c < 0x80; };
  while (p < end && is_plain(static_cast<unsigned char>(*p))) ++p;
  return p;
}

class PlainCursor {
 public:
  // Over the `size` bytes at `offset` of `bytes`.
  PlainCursor(std::string_view bytes, std::size_t offset, std::size_t size)
      : at_(bytes.data() + offset), end_(at_ + size), readable_(bytes.data() + bytes.size()) {}

  const char* position() const { return at_; }

  // The first character behind blanks; NUL at the end (a NUL in the record is the same to every caller: not plain).
  char peek() {
    // One comparison where no blank stands, which is nearly everywhere.
    while (at_ < end_ && static_cast<unsigned char>(*at_) <= ' ' && is_blank(*at_)) ++at_;
    return at_ < end_ ? *at_ : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void step() { ++at_; }  // over the character that peek() gave
  bool is_done() { return peek() == '\0' && at_ == end_; }

  // Does `bytes` stand here? kPadding bytes behind its end can be read, too. What stands here may reach behind the end
  // of the record.
  static constexpr std::size_t kPadding = 16;
  bool holds(std::string_view bytes) const {
    const std::size_t size = bytes.size();
#ifdef __SSE2__
    if (static_cast<std::size_t>(readable_ - at_) >= size + kPadding) {
      for (std::size_t i = 0; i < size; i += 16) {
        const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at_ + i));
        const __m128i wanted = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + i));
        const int differ = _mm_movemask_epi8(_mm_cmpeq_epi8(here, wanted)) ^ 0xFFFF;
        if (differ != 0) return i + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(differ))) >= size;
      }
      return true;
    }
#endif
    return static_cast<std::size_t>(readable_ - at_) >= size && std::memcmp(at_, bytes.data(), size) == 0;
  }
  bool is_behind_end() const { return at_ > end_; }
  // NUL at the end.
  char behind(std::string_view bytes) const { return at_ + bytes.size() < end_ ? at_[bytes.size()] : '\0'; }
  // Up to what no plain text holds, or a little behind the end of the record.
  std::string_view skip_plain() {
    const char* const start = at_;
    at_ = plain_end(start, end_, readable_);
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  void skip(std::size_t size) { at_ += size; }  // of what it holds

  // The text whose opening quote stands here, without its quotes.
  bool text(std::string_view& out) {
    return take('"') && rest_of_text(out);
  }
  // The same behind its opening quote.
  bool rest_of_text(std::string_view& out) {
    const char* const start = at_;
    at_ = plain_end(start, end_, readable_);
    if (at_ >= end_ || *at_ != '"') return false;
    out = {start, static_cast<std::size_t>(at_++ - start)};
    return true;
  }

  // "name": without blanks; nothing is taken when something else stands here.
  bool take_key(std::string_view name) {
    const std::size_t size = name.size() + 3;
    if (static_cast<std::size_t>(end_ - at_) < size || at_[0] != '"' || at_[size - 2] != '"' || at_[size - 1] != ':' ||
        std::memcmp(at_ + 1, name.data(), name.size()) != 0)
      return false;
    at_ += size;
    return true;
  }

  // A text, number, true, false or null; null has no text.
  bool value(JsonKind& kind, std::string_view& out) {
    if (peek() != '"') return word(kind, out);
    kind = JsonKind::text;
    return text(out);
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  // Also false for what is none, such as the brace of an object.
  bool word(JsonKind& kind, std::string_view& out) {
    const char* const start = at_;
    while (at_ < end_ && *at_ != ',' && *at_ != '}' && *at_ != ']' && static_cast<unsigned char>(*at_) > ' ') ++at_;
    out = {start, static_cast<std::size_t>(at_ - start)};
    kind = JsonKind::boolean;
    if (out == "true" || out == "false") return true;
    kind = JsonKind::number;
    if (is_json_number(out)) return true;
    kind = JsonKind::null;
    const bool is_null = out == "null";
    out = {};
    return is_null;
  }

  const char* at_;
  const char* end_;
  const char* readable_;
};

}  // namespace quaywatch::codec
