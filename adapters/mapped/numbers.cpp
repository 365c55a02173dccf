#include "adapters/mapped/numbers.h"

#include <limits>

#include "base/text.h"

namespace quaywatch::adapters::mapped {
namespace {

// The length of the grouping mark at the start of `text`; 0 when there is none.
std::size_t grouping_size(char grouping, std::string_view text) {
  if (grouping == ' ' && text.starts_with("\u00A0")) return 2;
  if (grouping == ' ' && text.starts_with("\u202F")) return 3;
  return grouping != 0 && text.starts_with(grouping) ? 1 : 0;
}

}  // namespace

std::optional<NumberForm> number_form(std::string_view example) {
  struct FormRow {
    std::string_view example;
    NumberForm form;
  };
  static constexpr FormRow kRows[] = {
      {"1234.5", {'.', 0}},    {"1234,5", {',', 0}},    {"1,234.5", {'.', ','}},   {"1.234,5", {',', '.'}},
      {"1 234.5", {'.', ' '}}, {"1 234,5", {',', ' '}}, {"1'234.5", {'.', '\''}},
  };
  for (const FormRow& row : kRows)
    if (row.example == example) return row.form;
  return std::nullopt;
}

std::optional<std::string> plain_number(NumberForm form, std::string_view text) {
  std::string out;
  if (text.starts_with('-') || text.starts_with('+')) {
    if (text.front() == '-') out += '-';
    text.remove_prefix(1);
  }
  std::size_t digits = 0, groups = 0;  // digits since the last grouping mark
  for (;;) {
    if (!text.empty() && is_ascii_digit(text.front())) {
      out += text.front();
      text.remove_prefix(1);
      ++digits;
      continue;
    }
    const std::size_t mark = grouping_size(form.grouping, text);
    if (mark == 0) break;
    if (digits == 0 || digits > 3 || (groups > 0 && digits != 3)) return std::nullopt;
    ++groups;
    digits = 0;
    text.remove_prefix(mark);
  }
  if (digits == 0 || (groups > 0 && digits != 3)) return std::nullopt;
  if (text.empty()) return out;
  if (text.front() != form.decimal || text.size() == 1) return std::nullopt;
  out += '.';
  for (const char c : text.substr(1)) {
    if (!is_ascii_digit(c)) return std::nullopt;
    out += c;
  }
  return out;
}

std::optional<Unit> find_unit(std::string_view stated, std::string_view of_field) {
  struct UnitRow {
    std::string_view stated, of_field;
    Unit unit;
  };
  // The pound of 1959 is 0.45359237 kg, the foot 0.3048 m, the nautical mile 1852 m, by definition.
  static constexpr UnitRow kRows[] = {
      {"kg", "kg", {}},
      {"t", "kg", {1000, 1, 0}},
      {"g", "kg", {1, 1000, 0}},
      {"lb", "kg", {45'359'237, 100'000'000, 0}},
      {"C", "degC", {}},
      {"F", "degC", {5, 9, 32'000'000}},
      {"K", "degC", {1, 1, 273'150'000}},
      {"kn", "kn", {}},
      {"km/h", "kn", {1000, 1852, 0}},
      {"m/s", "kn", {3600, 1852, 0}},
      {"m", "m", {}},
      {"ft", "m", {3048, 10'000, 0}},
      {"min", "min", {}},
      {"h", "min", {60, 1, 0}},
      {"s", "min", {1, 60, 0}},
      {"s", "s", {}},
      {"min", "s", {60, 1, 0}},
      {"h", "s", {3600, 1, 0}},
  };
  for (const UnitRow& row : kRows)
    if (row.stated == stated && row.of_field == of_field) return row.unit;
  return std::nullopt;
}

std::optional<std::int64_t> convert(const Unit& unit, std::int64_t millionths) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (millionths > kMost / 4 || millionths < -kMost / 4) return std::nullopt;
  const std::int64_t v = millionths - unit.zero;
  // In two parts, so that the product of the small one never overflows and the large one is checked.
  const std::int64_t whole = v / unit.denominator, rest = v % unit.denominator * unit.numerator;
  if (whole > kMost / 4 / unit.numerator || whole < -kMost / 4 / unit.numerator) return std::nullopt;
  const std::int64_t half = unit.denominator / 2;
  return whole * unit.numerator + (rest + (rest < 0 ? -half : half)) / unit.denominator;
}

}  // namespace quaywatch::adapters::mapped
