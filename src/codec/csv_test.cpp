#include "codec/csv.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace quaywatch::codec {
namespace {

// Rows as text: cells joined by '|', blank rows as "-", broken ones as "!reason". Checks that rows cover every byte.
std::vector<std::string> rows_of(std::string_view bytes, CsvOptions options = {}) {
  CsvReader reader(bytes, options);
  std::vector<std::string> out;
  CsvRow row;
  std::size_t next = 0;
  while (reader.next(row)) {
    EXPECT_EQ(row.offset, next);
    EXPECT_GT(row.size, 0U);
    next = row.offset + row.size;
    std::string text;
    for (std::size_t i = 0; i < row.cells.size(); ++i) text += (i == 0 ? "" : "|") + std::string(row.cells[i]);
    out.push_back(row.kind == RowKind::blank     ? "-"
                  : row.kind == RowKind::skipped ? "~"
                  : row.kind == RowKind::broken ? "!" + std::string(row.reason)
                                                : text);
  }
  EXPECT_EQ(next, bytes.size());
  return out;
}

struct Case {
  const char* name;
  std::string bytes;
  std::vector<std::string> rows;
};

TEST(Csv, ReadsTheFormsThatPortsExport) {
  const Case cases[] = {
      {"comma", "a,b\n1,2\n", {"a|b", "1|2"}},
      {"semicolon sniffed", "a;b;c,d\n1;2;3\n", {"a|b|c,d", "1|2|3"}},
      {"tab sniffed", "a\tb\tc\r\n1\t\t3\r\n", {"a|b|c", "1||3"}},
      {"byte-order mark and CRLF",
       "\xEF\xBB\xBF"
       "a;b\r\n1;2\r\n",
       {"a|b", "1|2"}},
      {"no last line end", "a,b\n1,2", {"a|b", "1|2"}},
      {"blanks around fields", "a , b\n  1 ,\t2  \n", {"a|b", "1|2"}},
      {"quotes", "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", {"a|b", "x,y|say \"hi\""}},
      {"quoted line end", "a,b\n\"one\r\ntwo\",2\n3,4\n", {"a|b", "one\r\ntwo|2", "3|4"}},
      {"blanks around quotes are not data", "a,b\n \" x \" ,2\n", {"a|b", " x |2"}},
      {"empty quoted field", "a,b\n\"\",2\n", {"a|b", "|2"}},
      {"quote inside a plain field", "a,b\n40' 6\",x\n", {"a|b", "40' 6\"|x"}},
      {"blank and empty rows", "\r\na;b\n \n;\n1;2\n", {"-", "a|b", "-", "-", "1|2"}},
      {"lone CR", "a,b\r1,2\r", {"a|b", "1|2"}},
      {"ragged rows", "a,b\n1\n1,2,3\n4,5\n", {"a|b", "!column_count", "!column_count", "4|5"}},
      {"text after a quote", "a,b\n\"x\"y,2\n3,4\n", {"a|b", "!bad_quote", "3|4"}},
      {"a stray quote costs one line", "a,b\n\"x,2\n3,4\n", {"a|b", "!unclosed_quote", "3|4"}},
  };
  for (const Case& c : cases) EXPECT_EQ(rows_of(c.bytes), c.rows) << c.name;
}

TEST(Csv, ConvertsWindows1252OnlyWhenToldSo) {
  CsvOptions options;
  options.encoding = Encoding::windows_1252;
  EXPECT_EQ(rows_of("a\nD\xFCsseldorf \x80 \x8A\n", options),
            (std::vector<std::string>{"a", "D\u00FCsseldorf \u20AC \u0160"}));
  EXPECT_EQ(rows_of("a\nD\xFCsseldorf\n"), (std::vector<std::string>{"a", "D\xFCsseldorf"}));
}

TEST(Csv, SkipsTheTitleOfAReport) {
  CsvOptions options;
  options.skip_lines = 2;
  EXPECT_EQ(rows_of("\xEF\xBB\xBFGate, \"report\r\n\r\na;b\r\n1;2\r\n", options),
            (std::vector<std::string>{"~", "~", "a|b", "1|2"}));
  EXPECT_EQ(rows_of("title", options), std::vector<std::string>{"~"});
}

TEST(Csv, KeepsBlanksWhenTrimIsOff) {
  CsvOptions options;
  options.trim = false;
  EXPECT_EQ(rows_of("a,b\n 1, 2\n", options), (std::vector<std::string>{"a|b", " 1| 2"}));
}

TEST(Csv, LongAndWideRowsAreRefusedAndReadingGoesOn) {
  const std::string long_row = "a,b\n1," + std::string(limits::kCsvRowBytes, 'x') + "\n3,4\n";
  EXPECT_EQ(rows_of(long_row), (std::vector<std::string>{"a|b", "!row_too_long", "3|4"}));
  const std::string wide_row = "a,b\n" + std::string(limits::kCsvColumns + 1, ',') + "\n3,4\n";
  EXPECT_EQ(rows_of(wide_row), (std::vector<std::string>{"a|b", "!too_many_columns", "3|4"}));
}

}  // namespace
}  // namespace quaywatch::codec
