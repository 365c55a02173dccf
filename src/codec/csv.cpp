#include "codec/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "codec/charset.h"

namespace quaywatch::codec {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Code points of the bytes 80 to 9F (Microsoft code page 1252); A0 to FF are those of Latin-1.
constexpr std::array<std::uint16_t, 32> kUpper1252{0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

void append_code(std::string& out, std::uint16_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

bool is_pad(char c) {
  return c == ' ' || c == '\t';
}

// Past the line end at `pos`, if one stands there; a lone CR counts as one.
std::size_t skip_line_end(std::string_view bytes, std::size_t pos) {
  if (pos < bytes.size() && bytes[pos] == '\r') ++pos;
  if (pos < bytes.size() && bytes[pos] == '\n') ++pos;
  return pos;
}

}  // namespace

char sniff_separator(std::string_view header_line) {
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', ';', '\t'}) {
    const auto n = std::count(header_line.begin(), header_line.end(), candidate);
    if (n > most) {
      most = n;
      best = candidate;
    }
  }
  return best;
}

std::string windows_1252_to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    append_code(out, byte >= 0x80 && byte < 0xA0 ? kUpper1252[byte - 0x80U] : byte);
  }
  return out;
}

CsvReader::CsvReader(std::string_view bytes, CsvOptions options) : bytes_(bytes), options_(options) {
  if (bytes_.starts_with(kByteOrderMark)) options_.encoding = Encoding::utf8;
  find_titles();
  if (options_.separator != 0) return;
  const std::string_view head =
      bytes_.substr(titles_until_, std::min(bytes_.size() - titles_until_, limits::kCsvRowBytes));
  const auto start = std::min(head.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), head.size());
  options_.separator = sniff_separator(head.substr(start, head.find_first_of("\r\n", start) - start));
}

void CsvReader::find_titles() {
  const auto line_end = [&](std::size_t from) { return std::min(bytes_.find_first_of("\r\n", from), bytes_.size()); };
  const std::size_t start = bytes_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const std::string_view first = bytes_.substr(start, line_end(start) - start);
  constexpr std::string_view kSeparatorLine = "sep=";
  if (first.size() == kSeparatorLine.size() + 1 &&
      equals_ignore_case(first.substr(0, kSeparatorLine.size()), kSeparatorLine)) {
    if (options_.separator == 0) options_.separator = first.back();
    titles_until_ = skip_line_end(bytes_, start + first.size());
  }
  for (std::size_t i = 0; i < options_.skip_lines && titles_until_ < bytes_.size(); ++i)
    titles_until_ = skip_line_end(bytes_, line_end(titles_until_));
}

bool CsvReader::next(CsvRow& row) {
  if (next_ >= bytes_.size()) return false;
  row = {};
  row.offset = next_;
  cells_.clear();
  own_text_.clear();
  if (next_ < titles_until_) {
    next_ = skip_line_end(bytes_, std::min(bytes_.find_first_of("\r\n", next_), bytes_.size()));
    row.kind = RowKind::title;
    row.size = next_ - row.offset;
    return true;
  }
  std::size_t pos = next_;
  if (pos == 0 && bytes_.starts_with(kByteOrderMark)) pos += kByteOrderMark.size();
  if (!read_cells(pos, row)) return true;
  next_ = skip_line_end(bytes_, pos);
  row.size = next_ - row.offset;
  row.cells = cells_;
  if (std::all_of(cells_.begin(), cells_.end(), [](std::string_view cell) { return trim(cell).empty(); })) {
    row.kind = RowKind::blank;
  } else if (width_ == 0) {
    width_ = cells_.size();
  } else if (cells_.size() != width_) {
    row.kind = RowKind::broken;
    row.reason = "column_count";
    row.message = fmt::format("{} fields where the header has {}; a separator inside a field needs quotes",
                              cells_.size(), width_);
  }
  return true;
}

// Reads fields up to the line end, which stays unread. False when the row was refused.
bool CsvReader::read_cells(std::size_t& pos, CsvRow& row) {
  for (;;) {
    if (cells_.size() == limits::kCsvColumns) {
      refuse_line(row, "too_many_columns", fmt::format("more than {} fields", limits::kCsvColumns));
      return false;
    }
    std::size_t start = pos;
    while (options_.trim && start < bytes_.size() && is_pad(bytes_[start]) && bytes_[start] != options_.separator)
      ++start;
    if (start < bytes_.size() && bytes_[start] == '"') {
      pos = start;
      if (!read_quoted(pos, row)) return false;
    } else {
      read_plain(pos);
    }
    if (pos - row.offset > limits::kCsvRowBytes) {
      refuse_line(row, "row_too_long", fmt::format("the row has more than {} bytes", limits::kCsvRowBytes));
      return false;
    }
    if (pos >= bytes_.size() || is_line_end(bytes_[pos])) return true;
    ++pos;  // the separator
  }
}

bool CsvReader::read_quoted(std::size_t& pos, CsvRow& row) {
  const std::size_t start = pos + 1;
  const std::string_view within = bytes_.substr(0, row.offset + limits::kCsvRowBytes);
  bool doubled = false;
  std::size_t end = start;
  for (;; ++end) {
    end = within.find('"', end);
    if (end == std::string_view::npos) {
      refuse_line(row, "unclosed_quote", fmt::format("the quote at byte {} is not closed", pos));
      return false;
    }
    if (end + 1 >= bytes_.size() || bytes_[end + 1] != '"') break;
    doubled = true;
    ++end;
  }
  const std::string_view inside = bytes_.substr(start, end - start);
  if (doubled) {
    std::string& text = own_text_.emplace_back();
    for (std::size_t i = 0; i < inside.size(); ++i) {
      text += inside[i];
      if (inside[i] == '"') ++i;
    }
    add_cell(text);
  } else {
    add_cell(inside);
  }
  pos = end + 1;
  while (pos < bytes_.size() && is_pad(bytes_[pos]) && bytes_[pos] != options_.separator) ++pos;
  if (pos >= bytes_.size() || is_line_end(bytes_[pos]) || bytes_[pos] == options_.separator) return true;
  refuse_line(row, "bad_quote",
              fmt::format("text follows the closing quote at byte {}; write a quote inside a field twice", end));
  return false;
}

void CsvReader::read_plain(std::size_t& pos) {
  const std::size_t start = pos;
  // find_first_of calls a function for every byte.
  while (pos < bytes_.size() && bytes_[pos] != options_.separator && !is_line_end(bytes_[pos])) ++pos;
  const std::string_view cell = bytes_.substr(start, pos - start);
  add_cell(options_.trim ? trim(cell) : cell);
}

void CsvReader::add_cell(std::string_view text) {
  if (options_.encoding == Encoding::windows_1252 && !is_ascii(text)) {
    text = own_text_.emplace_back(windows_1252_to_utf8(text));
  } else if (options_.encoding == Encoding::latin2 && !is_ascii(text)) {
    std::string& own = own_text_.emplace_back();
    append_utf8(Charset::latin2, text, own);
    text = own;
  }
  cells_.push_back(text);
}

// Gives up on one physical line, so that a stray quote does not swallow the rest of the file.
void CsvReader::refuse_line(CsvRow& row, std::string_view reason, std::string message) {
  next_ = skip_line_end(bytes_, std::min(bytes_.find_first_of("\r\n", row.offset), bytes_.size()));
  row.kind = RowKind::broken;
  row.size = next_ - row.offset;
  row.reason = reason;
  row.message = std::move(message);
}

}  // namespace quaywatch::codec
