// What a file holds once it is unpacked and its text is UTF-8: the members of a ZIP archive, the content of a gzip
// file, a sheet of a workbook as CSV, UTF-16 as UTF-8. Adapters see only this; their offsets count in it.
//
// Names: "day.zip/gate.csv" for a member, the name without .gz, the workbook's own name. An archive inside an archive
// is refused (limits::kArchiveDepth). What cannot be unpacked is given with its packed bytes and the reason, so that it
// is rejected under its name: those of codec/archive.h and codec/workbook.h, archive_nested, ole_workbook.
// Thread-safe; views live during the call of `take`.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/mapped/mapped.h"
#include "codec/archive.h"

namespace quaywatch::ingest {

struct Unpacked {
  std::string name;
  std::string_view bytes;
  std::string from;                       // "day.zip", "gate.csv.gz", "list.xlsx", "list.csv (UTF-16)"
  std::optional<codec::Refusal> refusal;  // then `bytes` are packed
  std::size_t charset_faults = 0, first_fault = 0;  // of UTF-16, and where the first one stands
};

using MappingOf = std::function<const adapters::mapped::Mapping*(std::string_view name)>;

// False, and nothing taken, when the file is plain: its bytes are decoded as they stand. The mapping of a name says
// which sheet is meant, the separator, and UTF-16 without a byte-order mark.
bool each_unpacked(const std::string& path, std::string_view bytes, const MappingOf& mapping_of,
                   const std::function<void(const Unpacked&)>& take);

}  // namespace quaywatch::ingest
