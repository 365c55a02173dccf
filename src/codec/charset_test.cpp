#include "codec/charset.h"

#include <gtest/gtest.h>

namespace quaywatch::codec {
namespace {

using namespace std::string_view_literals;

TEST(Utf16, BothByteOrdersAndSurrogatePairs) {
  EXPECT_EQ(utf16_to_utf8("\xFF\xFE" "a\0\x7D\x01\x3D\xD8\xA2\xDE"sv, ByteOrder::little).text,
            "\uFEFFa\u017D\U0001F6A2");
  EXPECT_EQ(utf16_to_utf8("\xFE\xFF\0a\x01\x7D\xD8\x3D\xDE\xA2"sv, ByteOrder::big).text, "\uFEFFa\u017D\U0001F6A2");
  EXPECT_EQ(utf16_order("\xFF\xFE" "a\0"sv), ByteOrder::little);
  EXPECT_EQ(utf16_order("\xFE\xFF\0a"sv), ByteOrder::big);
  EXPECT_FALSE(utf16_order("a\0b\0"sv));
}

TEST(Utf16, HalvesAreReplacedAndCounted) {
  const Utf8Text text = utf16_to_utf8("a\0\x3D\xD8" "b\0\xA2\xDE" "c"sv, ByteOrder::little);
  EXPECT_EQ(text.text, "a\uFFFDb\uFFFD\uFFFD");
  EXPECT_EQ(text.faults, 3U);
  EXPECT_EQ(text.first_fault, 1U);
  EXPECT_EQ(utf16_to_utf8("\x3D\xD8"sv, ByteOrder::little).text, "\uFFFD");
}

TEST(Ascii, OneByteAnywhereIsSeen) {
  for (std::size_t size = 0; size < 80; ++size) {
    std::string text(size, '\x7F');
    EXPECT_TRUE(is_ascii(text)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(is_ascii(text)) << size << " " << at;
      text[at] = '\0';
    }
  }
}

}  // namespace
}  // namespace quaywatch::codec
