// Numbers as feeds write them, made into the plain form that the catalogue reads, and units made into the catalogue's.
// Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quaywatch::adapters::mapped {

// How a feed writes 1234.5. A mapping names it by example; nothing is guessed.
struct NumberForm {
  char decimal = 0;   // 0: no form was stated
  char grouping = 0;  // 0: none; ' ' stands for the no-break and narrow no-break space too
};
inline constexpr std::string_view kNumberForms = "1234.5, 1234,5, 1,234.5, 1.234,5, 1 234.5, 1 234,5, 1'234.5";
std::optional<NumberForm> number_form(std::string_view example);

// "1.234.567,5" to "1234567.5". Groups are of three digits or absent altogether; nullopt for anything else.
std::optional<std::string> plain_number(NumberForm form, std::string_view text);

// A stated unit in the unit of the catalogue: (value - zero) * numerator / denominator, in millionths.
struct Unit {
  std::int64_t numerator = 1, denominator = 1, zero = 0;
};
// nullopt: not known for a field of that unit. Known: t, lb, g, kg for kg; F, K, C for degC; km/h, m/s, kn for kn; ft,
// m for m; min, h, s for min and s.
std::optional<Unit> find_unit(std::string_view stated, std::string_view of_field);
// Rounded half away from zero to millionths; nullopt when it does not fit.
std::optional<std::int64_t> convert(const Unit& unit, std::int64_t millionths);

}  // namespace quaywatch::adapters::mapped
