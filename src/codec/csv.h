// CSV as ports export it: RFC 4180 quoting (doubled quotes, line ends inside quotes), separators comma, semicolon and
// tab, LF or CRLF, a UTF-8 byte-order mark, blanks around fields, Windows-1252 text.
//
// Invariants: rows are contiguous from byte 0 and cover every byte; the first row that is neither skipped nor blank is
// the header and sets the width. A broken row costs itself only: its reason is given and reading goes on at the next
// line. Errors as reasons: row_too_long (limits::kCsvRowBytes), too_many_columns (kCsvColumns), unclosed_quote,
// bad_quote, column_count. A quote inside a field that did not start with one is an ordinary character. Threads: a
// reader belongs to one thread; the cells of a row live until the next call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quaywatch::codec {

enum class Encoding : std::uint8_t { utf8, windows_1252 };

struct CsvOptions {
  char separator = 0;  // 0: of comma, semicolon and tab, the one most frequent in the first line that is not skipped
  bool trim = true;    // blanks around an unquoted field
  Encoding encoding = Encoding::utf8;
  std::size_t skip_lines = 0;  // physical lines above the header: the title of a report
};

enum class RowKind : std::uint8_t { data, blank, broken, skipped };

struct CsvRow {
  RowKind kind = RowKind::data;
  std::size_t offset = 0;
  std::size_t size = 0;                       // with its line end
  std::span<const std::string_view> cells{};  // UTF-8 when the options name the encoding rightly
  std::string_view reason{};                  // of a broken row; static storage
  std::string message{};
};

class CsvReader {
 public:
  CsvReader(std::string_view bytes, CsvOptions options);
  // False at the end of the bytes.
  bool next(CsvRow& row);
  char separator() const { return options_.separator; }

 private:
  void skip_line(CsvRow& row);
  bool read_cells(std::size_t& pos, CsvRow& row);
  bool read_quoted(std::size_t& pos, CsvRow& row);
  void read_plain(std::size_t& pos);
  void add_cell(std::string_view text);
  void refuse_line(CsvRow& row, std::string_view reason, std::string message);

  std::string_view bytes_;
  CsvOptions options_;
  std::size_t next_ = 0;
  std::size_t lines_skipped_ = 0;
  std::size_t width_ = 0;  // of the header; 0 before it was read
  std::vector<std::string_view> cells_;
  std::deque<std::string> own_text_;  // unescaped and converted cells of this row; a deque keeps views valid
};

// The separator of a header line; comma when it holds none.
char sniff_separator(std::string_view header_line);
// Windows code page 1252; the five unassigned bytes become the C1 controls of the same number.
std::string windows_1252_to_utf8(std::string_view text);

}  // namespace quaywatch::codec
