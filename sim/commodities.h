// Goods in boxes, by HS 2022 subheading of six digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/figures.h"

namespace quaywatch::sim {

std::string_view goods_text(std::string_view hs);        // "general cargo" when it is not in the table
std::optional<int> set_point_dc(std::string_view hs);    // tenths of a degree Celsius; none: carried dry
// A row of the shares box.commodity: what needs cooling goes into reefers, and nothing else does.
std::uint16_t draw_commodity(const Figures& figures, std::string_view size_type, Random& random);

}  // namespace quaywatch::sim
