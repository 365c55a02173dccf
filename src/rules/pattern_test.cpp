#include "rules/pattern.h"

#include <gtest/gtest.h>

namespace quaywatch::rules {
namespace {

struct Row {
  const char* value;
  const char* text;
  bool matches;
  bool cased = false;
};

TEST(Pattern, MatchesAsSigmaSays) {
  const Row rows[] = {
      {"abc", "ABC", true},
      {"abc", "abcd", false},
      {"abc", "ABC", false, true},
      {"", "", true},
      {"", "x", false},
      {"*", "", true},
      {"*", "anything", true},
      {"ab*", "ABxyz", true},
      {"ab*", "xab", false},
      {"*.exe", "C:\\cmd.EXE", true},
      {"*.exe", ".exe.txt", false},
      {"*cmd*", "a CMD b", true},
      {"*cmd*", "cm d", false},
      {"a*b*c", "aXXbYYc", true},
      {"a*b*c", "aXXcYYb", false},
      {"a*b*c", "abbc", true},
      {"prog?.exe", "progA.exe", true},
      {"prog?.exe", "prog.exe", false},
      {"prog?.exe", "prog\xC3\xA9.exe", true},  // one character, two bytes
      {"a?", "abc", false},
      {R"(100\*)", "100*", true},
      {R"(100\*)", "1000", false},
      {R"(what\?)", "what?", true},
      {R"(C:\Windows)", R"(c:\windows)", true},
      {R"(C:\\Windows)", R"(C:\Windows)", true},
      {R"(dir\\*)", R"(dir\file)", true},  // backslash, then a wildcard
      {R"(dir\\*)", R"(dirXfile)", false},
      {R"(dir\\\*)", R"(dir\*)", true},  // backslash and star, both plain
      {R"(dir\\\*)", R"(dir\x)", false},
      {R"(a\\\\b)", R"(a\\b)", true},   // four backslashes are two
      {R"(a\\\b)", R"(a\\b)", true},    // and so are three
      {"\xC3\x84", "\xC3\xA4", false},  // case is folded for ASCII only
  };
  for (const Row& row : rows) {
    Pattern pattern = Pattern::parse(row.value);
    pattern.fold(row.cased);
    EXPECT_EQ(pattern.matches(row.text), row.matches) << row.value << " on " << row.text;
  }
}

// A pattern of many stars on a long text that almost matches: must end at once, not in exponential time.
TEST(Pattern, StarsAreBoundedByTextTimesPattern) {
  std::string value, text(20'000, 'a');
  for (int i = 0; i < 40; ++i) value += "a*";
  value += "b?c";
  Pattern pattern = Pattern::parse(value);
  pattern.fold(false);
  EXPECT_FALSE(pattern.matches(text));
}

TEST(Pattern, EqualPatternsHaveEqualKeysAndOthersDoNot) {
  const auto key = [](const char* value, bool cased) {
    Pattern pattern = Pattern::parse(value);
    pattern.fold(cased);
    return pattern.key();
  };
  EXPECT_EQ(key("ABC", false), key("abc", false));
  EXPECT_NE(key("ABC", true), key("abc", true));
  EXPECT_NE(key("abc", true), key("abc", false));
  EXPECT_NE(key("a*", false), key(R"(a\*)", false));
  EXPECT_NE(key("a?", false), key(R"(a\?)", false));
}

}  // namespace
}  // namespace quaywatch::rules
