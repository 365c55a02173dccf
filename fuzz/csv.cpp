// CsvReader under every option: rows without gap or overlap, and a data row as wide as its header.
#include "codec/csv.h"
#include "fuzz/fuzz.h"

namespace {

using namespace quaywatch::codec;
using quaywatch::fuzz::require;

void read_all(std::string_view bytes, const CsvOptions& options) {
  CsvReader reader(bytes, options);
  CsvRow row;
  std::size_t next = 0, width = 0;
  while (reader.next(row)) {
    require(row.offset == next && row.size > 0 && (row.kind != RowKind::broken || !row.reason.empty()));
    next += row.size;
    if (row.kind != RowKind::data) continue;
    if (width == 0) width = row.cells.size();
    require(row.cells.size() == width);
  }
  require(next == bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const CsvOptions kOptions[] = {
      {},
      {.separator = ';', .trim = false, .encoding = Encoding::windows_1252},
      {.separator = '\t', .encoding = Encoding::latin2, .skip_lines = 2},
  };
  for (const CsvOptions& options : kOptions) read_all(quaywatch::fuzz::text_of(data, size), options);
  return 0;
}
