// Both ways of finding marked bytes against the definition, on random and on adversarial bytes.
#include "codec/byte_marks.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace quaywatch::codec {
namespace {

constexpr MarkedBytes kUsual;
constexpr MarkedBytes kNoRelease{':', '+', '\'', '\''};
constexpr MarkedBytes kHigh{'\xFF', '\x80', '\x01', '\x7F'};

std::uint64_t bit(std::size_t place, bool is_set) {
  return static_cast<std::uint64_t>(is_set) << place;
}

// By definition.
Marks marked(std::string_view text, std::size_t base, const MarkedBytes& wanted) {
  Marks out;
  for (std::size_t i = 0; i < 64 && base + i < text.size(); ++i) {
    const char c = text[base + i];
    out.elements |= bit(i, c == wanted.element);
    out.separators |= bit(i, c == wanted.element || c == wanted.component);
    out.ends |= bit(i, c == wanted.terminator || c == wanted.release);
    out.line_ends |= bit(i, c == '\r' || c == '\n');
  }
  return out;
}

std::vector<std::size_t> ends(std::string_view text, const MarkedBytes& wanted, std::size_t from, std::size_t end) {
  std::vector<std::size_t> out;
  ByteMarks marks(text, wanted);
  for (std::size_t at = marks.next_end(from, end); at < end; at = marks.next_end(at + 1, end)) out.push_back(at);
  return out;
}

std::vector<std::string> texts() {
  std::mt19937 random(26);
  std::vector<std::string> out = {"", "'", std::string(64, '\''), std::string(65, '?'), std::string(300, '\0'),
                                  std::string(63, 'A') + "'", std::string(64, 'A') + "'", std::string(127, '\x80')};
  for (std::size_t size = 0; size < 400; ++size) {
    std::string any(size, '\0');
    std::string dense(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
      any[i] = static_cast<char>(random());
      dense[i] = ":+?'\r\nA\xFF"[random() % 8];
    }
    out.push_back(any);
    out.push_back(dense);
  }
  return out;
}

TEST(ByteMarks, FindsWhatIsThereAndNothingElse) {
  for (const MarkedBytes& wanted : {kUsual, kNoRelease, kHigh})
    for (const std::string& text : texts()) {
      ByteMarks marks(text, wanted);
      std::vector<std::size_t> expected;
      for (std::size_t base = 0; base < text.size(); base += 64) {
        const Marks here = marked(text, base, wanted);
        ASSERT_EQ(marks.block(base), here) << "at " << base << " of " << text.size();
        for (std::size_t i = 0; i < 64; ++i)
          if ((here.ends >> i & 1) != 0) expected.push_back(base + i);
      }
      EXPECT_EQ(ends(text, wanted, 0, text.size()), expected);
    }
}

TEST(ByteMarks, StaysBetweenFromAndEnd) {
  const std::string text = std::string(70, '\'') + std::string(70, 'A') + "'''";
  EXPECT_EQ(ends(text, kUsual, 68, 70), (std::vector<std::size_t>{68, 69}));
  EXPECT_TRUE(ends(text, kUsual, 70, 140).empty());
  ByteMarks marks(text, kUsual);
  EXPECT_EQ(marks.next_end(141, 143), 141U);
  EXPECT_EQ(marks.next_end(3, 143), 3U) << "going back reads its block again";
  EXPECT_EQ(marks.next_end(143, 143), 143U);
  EXPECT_EQ(marks.block(64).ends, 0x3FU);
  EXPECT_EQ(marks.block(128).ends, 0x7000U) << "nothing is marked behind the text";
}

TEST(ByteMarks, BothWaysAgree) {
  const MarkBlock by_vector = marks_avx2();
  if (by_vector == nullptr) GTEST_SKIP() << "this processor has no AVX2";
  for (const MarkedBytes& wanted : {kUsual, kNoRelease, kHigh})
    for (const std::string& text : texts())
      for (std::size_t at = 0; at + 64 <= text.size(); ++at) {
        Marks a, b;
        by_vector(text.data() + at, wanted, a);
        marks_by_byte(text.data() + at, wanted, b);
        ASSERT_EQ(a, b) << "at " << at;
      }
}

}  // namespace
}  // namespace quaywatch::codec
