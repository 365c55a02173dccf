// The formats that describe themselves: EDIFACT and every folder here with a `kFormat`. Pure, total, thread-safe.
#pragma once

#include <span>
#include <string_view>

#include "adapter/format.h"

namespace quaywatch::adapters {

// By content, not by name: ports name EDI files .txt, .edi, .dat and nothing at all. nullptr: no format fits.
const adapter::FormatAdapter* recognise_format(std::string_view bytes);

// By its id, as a contract names it; nullptr when there is none.
const adapter::FormatAdapter* find_format(std::string_view id);
std::span<const std::string_view> format_ids();

}  // namespace quaywatch::adapters
