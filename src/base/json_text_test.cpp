#include "base/json_text.h"

#include <gtest/gtest.h>

#include <vector>

namespace quaywatch {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonText, StringsAreValidWhateverTheyHold) {
  EXPECT_EQ(quoted(""), R"("")");
  EXPECT_EQ(quoted("QZDU 410239-6"), R"("QZDU 410239-6")");
  EXPECT_EQ(quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(quoted(std::string_view("\0\n\x1f\x7f", 4)), R"("\u0000\u000a\u001f\u007f")");
  EXPECT_EQ(quoted("Kö\xC3\xB1"), "\"Kö\xC3\xB1\"");
  EXPECT_EQ(quoted("caf\xE9"), R"("caf\u00e9")");  // Latin-1, no UTF-8
}

TEST(JsonText, CommasStandBetweenMembersAndItems) {
  JsonText out;
  out.open('{').key("a").value(std::uint64_t{18'446'744'073'709'551'615U}).key("b").open('[');
  out.value(-1).value(true).value("x").null().open('{').close('}').written("[1]").close(']');
  out.key("c").texts(std::vector<std::string>{"1", "2:"}).key("d").value(Timestamp{}).close('}');
  EXPECT_EQ(out.text, R"({"a":18446744073709551615,"b":[-1,true,"x",null,{},[1]],"c":["1","2:"],)"
                      R"("d":"1970-01-01T00:00:00Z"})");
}

}  // namespace
}  // namespace quaywatch
