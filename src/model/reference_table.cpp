#include "model/reference_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace quaywatch {
namespace {

bool is_code(std::string_view code, std::size_t most) {
  return !code.empty() && code.size() <= most &&
         std::all_of(code.begin(), code.end(), is_ascii_upper_or_digit);
}

// Reads line by line and keeps the first complaint.
class ReferenceReader {
 public:
  ReferenceReader(std::string text, const ReferenceTable& like) : stored_(std::make_unique<StoredReference>()) {
    stored_->text = std::move(text);
    stored_->table.name = like.name;
    stored_->table.code_bytes = like.code_bytes;
  }

  Result<std::unique_ptr<const StoredReference>> run() {
    std::size_t line = 0;
    std::string_view rest = stored_->text;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      if (end == std::string_view::npos) return malformed(line + 1, "the last line has no line end; the file is cut");
      const std::string_view text = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      ++line;
      if (const std::string why = text.starts_with('#') ? take_head(text) : take_row(text); !why.empty())
        return malformed(line, why);
    }
    if (!is_named_) return malformed(1, fmt::format("'# table: {}' is missing", stored_->table.name));
    stored_->table.cells = stored_->cells;
    stored_->table.sources = stored_->sources;
    if (rows_stated_ != stored_->table.rows() || stored_->table.rows() == 0)
      return malformed(line, fmt::format("{} codes where '# rows' states {}", stored_->table.rows(), rows_stated_));
    return std::unique_ptr<const StoredReference>(std::move(stored_));
  }

 private:
  static tl::unexpected<Error> malformed(std::size_t line, std::string_view why) {
    return fail(ErrorCode::malformed, fmt::format("line {}: {}", line, why));
  }

  std::string take_head(std::string_view line) {
    const std::size_t colon = line.find(": ");
    if (!line.starts_with("# ") || colon == std::string_view::npos) return "a head line is '# key: value'";
    const std::string_view key = line.substr(2, colon - 2), value = line.substr(colon + 2);
    ReferenceTable& table = stored_->table;
    if (key == "table") {
      is_named_ = value == table.name;
      return is_named_ ? "" : fmt::format("the table is '{}', not '{}'", value.substr(0, 80), table.name);
    }
    if (key == "title") table.title = value;
    if (key == "edition") table.edition = value;
    if (key == "date") table.date = value;
    if (key == "origin") table.origin = value;
    if (key == "source") stored_->sources += fmt::format("{}{}", stored_->sources.empty() ? "" : "\n", value);
    if (key != "rows") return {};
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), rows_stated_);
    const bool is_number = parsed.ec == std::errc{} && parsed.ptr == value.data() + value.size();
    return is_number ? "" : "'# rows' is not a number";
  }

  std::string take_row(std::string_view line) {
    const std::string_view code = line.substr(0, line.find(','));
    const std::string_view note = code.size() < line.size() ? line.substr(code.size() + 1) : std::string_view{};
    const std::size_t most = stored_->table.code_bytes;
    if (!is_code(code, most))
      return fmt::format("'{}' is not a code of 1 to {} capital letters and digits", line.substr(0, 80), most);
    if (code <= last_) return fmt::format("'{}' does not follow '{}'; codes stand in ascending order", code, last_);
    last_ = code;
    stored_->cells.append(code).append(most - code.size(), ' ').append(1, note.empty() ? '-' : note.front());
    return {};
  }

  std::unique_ptr<StoredReference> stored_;
  std::string_view last_;
  std::size_t rows_stated_ = 0;
  bool is_named_ = false;
};

}  // namespace

std::string_view ReferenceTable::code(std::size_t row) const {
  return trim(cells.substr(row * (code_bytes + 1), code_bytes));
}

char ReferenceTable::mark(std::string_view wanted) const {
  if (wanted.empty() || wanted.size() > code_bytes) return '\0';
  std::size_t low = 0;
  std::size_t high = rows();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const std::string_view found = code(middle);
    if (found == wanted) return cells[middle * (code_bytes + 1) + code_bytes];
    (found < wanted ? low : high) = found < wanted ? middle + 1 : middle;
  }
  return '\0';
}

std::string write_reference(const ReferenceTable& head, const ReferenceRows& rows) {
  std::string out = fmt::format("# table: {}\n# title: {}\n# edition: {}\n# date: {}\n# origin: {}\n# rows: {}\n",
                                head.name, head.title, head.edition, head.date, head.origin, rows.size());
  for (const std::string_view source : split(head.sources, '\n')) out += fmt::format("# source: {}\n", source);
  for (const auto& [code, note] : rows) {
    out += code;
    if (!note.empty()) out.append(1, ',').append(note);
    out += '\n';
  }
  return out;
}

Result<std::unique_ptr<const StoredReference>> read_reference(std::string text, const ReferenceTable& like) {
  return ReferenceReader(std::move(text), like).run();
}

}  // namespace quaywatch
