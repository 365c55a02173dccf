#include "app/print.h"

#include <gtest/gtest.h>

namespace quaywatch::app {
namespace {

struct Row {
  std::string_view text, printable, one_line;
};
constexpr Row kRows[] = {
    {"box \xC4\x8D\n", "box \xC4\x8D\n", "box \xC4\x8D\\x0a"},
    {"a\x1b[2Jb\x7f", "a\\x1b[2Jb\\x7f", "a\\x1b[2Jb\\x7f"},
    {"\xC2\x9B[2J \xC2\xA0", "\\xc2\\x9b[2J \xC2\xA0", "\\xc2\\x9b[2J \xC2\xA0"},
    {"\xFE\xC4\x8D", "\\xfe\\xc4\\x8d", "\\xfe\\xc4\\x8d"},
    {"\r\tx", "\\x0d\\x09x", "\\x0d\\x09x"},
};

TEST(Print, ControlSequencesOfOthersDoNotReachTheTerminal) {
  for (const Row& row : kRows) {
    EXPECT_EQ(printable(row.text), row.printable);
    EXPECT_EQ(one_line(row.text), row.one_line);
  }
}

}  // namespace
}  // namespace quaywatch::app
