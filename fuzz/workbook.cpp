// The parts of a workbook, packed anew with right checksums: damaged bytes of an archive seldom reach the XML in it.
// Input: parts one behind the other, each a line "== NAME" and its text.
#include "codec/workbook.h"

#include <algorithm>

#include "codec/csv.h"
#include "codec/testing.h"
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quaywatch;
  std::string_view rest = fuzz::text_of(data, size);
  std::vector<codec::testing::Member> parts;
  while (rest.starts_with("== ") && parts.size() < 16) {
    const std::size_t line_end = std::min(rest.find('\n'), rest.size());
    const std::size_t next = std::min(rest.find("\n== ", line_end), rest.size());
    const std::string_view text = rest.substr(line_end, next - line_end);
    parts.push_back({.name = std::string(rest.substr(3, line_end - 3).substr(0, 100)),
                     .text = std::string(text.empty() ? text : text.substr(1)),
                     .method = 0});
    rest.remove_prefix(std::min(next + 1, rest.size()));
  }
  const std::string packed = codec::testing::zip(parts);
  auto archive = codec::ZipArchive::open(packed);
  if (!archive) return 0;
  codec::is_workbook(*archive);
  const auto csv = codec::sheet_to_csv(*archive, {}, ';');
  fuzz::require(csv || (!csv.error().reason.empty() && !csv.error().message.empty()));
  if (!csv) return 0;
  // What it writes is CSV that we read, whatever stood in the cells: only a limit may break a row.
  codec::CsvReader reader(*csv, {.separator = ';', .trim = false});
  codec::CsvRow row;
  while (reader.next(row))
    fuzz::require(row.kind != codec::RowKind::broken || row.reason == "row_too_long" ||
                  row.reason == "too_many_columns");
  return 0;
}
