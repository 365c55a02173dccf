// One sheet of a spreadsheet workbook (Office Open XML, ECMA-376 part 1 clause 18: .xlsx, .xlsm) as CSV text: UTF-8
// with a byte-order mark, LF, fields quoted where needed, every row as wide as the widest.
//
// Rows and columns keep their place: a gap is empty fields, a missing row an empty line. Values are what the cell
// holds, not what it shows: numbers with a decimal point and up to 15 digits, true and false, text of rich strings
// without phonetic guides, the stored result of a formula. A number whose style is a date or time format becomes ISO
// 8601 text: 2026-10-25, 2026-10-25T06:00:00 where the format shows a time of day or the value has one, 06:00:00 for a
// time alone. Both epochs are known (1900 with its invented 29 February, which stays a number, and 1904).
// Total and bounded (limits::kSheetPartBytes, kSheetCells); pure and thread-safe. Reasons besides those of archives:
// not_a_workbook, unknown_sheet, sheet_too_large, bad_xml.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "codec/archive.h"

namespace quaywatch::codec {

// True when the archive holds a workbook.
bool is_workbook(const ZipArchive& archive);

// The sheet with this name, or the first one when it is empty. `separator` stands between fields.
tl::expected<std::string, Refusal> sheet_to_csv(ZipArchive& archive, std::string_view sheet, char separator);

}  // namespace quaywatch::codec
