#include "base/texts.h"

#include <algorithm>

namespace quaywatch {

std::string_view find_text(std::span<const TextRow> rows, std::string_view english) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), english,
                                   [](const TextRow& row, std::string_view wanted) { return row.english < wanted; });
  return at != rows.end() && at->english == english ? at->said : english;
}

}  // namespace quaywatch
