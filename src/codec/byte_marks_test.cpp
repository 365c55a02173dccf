// Both ways of finding marked bytes against the definition, on random and on adversarial bytes.
#include "codec/byte_marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace quaywatch::codec {
namespace {

const ByteSet kEdifact({':', '+', '?', '\'', '\r', '\n'});
const ByteSet kEnds({'\'', '?'});
const ByteSet kHigh({'\xFF', '\x80', '\x01'});

std::vector<std::size_t> marked(std::string_view text, const ByteSet& set) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\0' && std::find(set.bytes.begin(), set.bytes.end(), text[i]) != set.bytes.end()) out.push_back(i);
  return out;
}

std::vector<std::size_t> found(std::string_view text, const ByteSet& set, std::size_t from, std::size_t end) {
  std::vector<std::size_t> out;
  ByteMarks marks(text, set);
  for (std::size_t at = marks.next(from, end); at < end; at = marks.next(at + 1, end)) out.push_back(at);
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
  for (const ByteSet& set : {kEdifact, kEnds, kHigh})
    for (const std::string& text : texts()) EXPECT_EQ(found(text, set, 0, text.size()), marked(text, set));
}

TEST(ByteMarks, StaysBetweenFromAndEnd) {
  const std::string text = std::string(70, '\'') + std::string(70, 'A') + "'''";
  EXPECT_EQ(found(text, kEnds, 68, 70), (std::vector<std::size_t>{68, 69}));
  EXPECT_TRUE(found(text, kEnds, 70, 140).empty());
  ByteMarks marks(text, kEnds);
  EXPECT_EQ(marks.next(141, 143), 141U);
  EXPECT_EQ(marks.next(3, 143), 3U) << "going back reads its block again";
  EXPECT_EQ(marks.next(143, 143), 143U);
  EXPECT_EQ(marks.block(64), 0x3FU);
  EXPECT_EQ(marks.block(128), 0x7000U) << "nothing is marked behind the text";
}

TEST(ByteMarks, BothWaysAgree) {
  const MarkBlock by_vector = marks_avx2();
  if (by_vector == nullptr) GTEST_SKIP() << "this processor has no AVX2";
  for (const ByteSet& set : {kEdifact, kEnds, kHigh})
    for (const std::string& text : texts())
      for (std::size_t at = 0; at + 64 <= text.size(); ++at)
        ASSERT_EQ(by_vector(text.data() + at, set), marks_by_byte(text.data() + at, set)) << "at " << at;
}

}  // namespace
}  // namespace quaywatch::codec
