// CSV as ports export it: RFC 4180 quoting (doubled quotes, line ends inside quotes), separators comma, semicolon and
// tab, LF or CRLF, a UTF-8 byte-order mark, blanks around fields, Windows-1252 and ISO 8859-2 text, title lines above
// the header, the "sep=;" line that spreadsheets write and read first.
//
// Invariants: rows are contiguous from byte 0 and cover every byte; behind the titles, the first row that is not blank
// is the header and sets the width. A broken row costs itself only: its reason is given and reading goes on at the next
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

// UTF-16 is made UTF-8 before bytes come here (charset.h): rows of it are read as UTF-8.
enum class Encoding : std::uint8_t { utf8, windows_1252, latin2, utf16_le, utf16_be };

struct CsvOptions {
  char separator = 0;  // 0: that of a "sep=" line; else of comma, semicolon and tab the most frequent in the header
  bool trim = true;    // blanks around an unquoted field
  Encoding encoding = Encoding::utf8;  // a UTF-8 byte-order mark overrides it
  std::size_t skip_lines = 0;          // physical lines above the header, not counting a "sep=" line
};

enum class RowKind : std::uint8_t { data, blank, broken, title };

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
  bool read_cells(std::size_t& pos, CsvRow& row);
  bool read_quoted(std::size_t& pos, CsvRow& row);
  void read_plain(std::size_t& pos);
  void add_cell(std::string_view text);
  void find_titles();
  void refuse_line(CsvRow& row, std::string_view reason, std::string message);

  std::string_view bytes_;
  CsvOptions options_;
  std::size_t next_ = 0;
  std::size_t titles_until_ = 0;  // lines before this offset are titles
  std::size_t width_ = 0;  // of the header; 0 before it was read
  std::vector<std::string_view> cells_;
  std::deque<std::string> own_text_;  // unescaped and converted cells of this row; a deque keeps views valid
};

// The separator of a header line; comma when it holds none.
char sniff_separator(std::string_view header_line);
// Windows code page 1252; the five unassigned bytes become the C1 controls of the same number.
std::string windows_1252_to_utf8(std::string_view text);

}  // namespace quaywatch::codec
