#include "model/reference.h"

#include "model/identifiers.h"

#include <cstddef>

namespace quaywatch {
namespace {

constexpr std::size_t kCodeBytes = 5;
constexpr std::size_t kCellBytes = 6;  // the code and its port mark

constexpr char kCells[] =
#include "model/unlocode.gen.inc"
    ;
constexpr std::string_view kUnlocodes(kCells, sizeof kCells - 1);
static_assert(kUnlocodes.size() % kCellBytes == 0);

// The mark behind the code; '\0' when the code is not listed.
char port_mark(std::string_view code) {
  if (code.size() != kCodeBytes) return '\0';
  std::size_t low = 0;
  std::size_t high = kUnlocodes.size() / kCellBytes;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = kUnlocodes.substr(middle * kCellBytes, kCodeBytes).compare(code);
    if (order == 0) return kUnlocodes[middle * kCellBytes + kCodeBytes];
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return '\0';
}

}  // namespace

bool unlocode_exists(std::string_view code) {
  return port_mark(code) != '\0';
}
bool unlocode_is_port(std::string_view code) {
  return port_mark(code) == 'P';
}

namespace {

// A North American VIN alone must carry a check digit (49 CFR 565): first character 1 to 5.
IdentifierCheck check_vin_where_due(std::string_view vin) {
  const IdentifierCheck check = check_vin(vin);
  const bool is_due = !vin.empty() && vin[0] >= '1' && vin[0] <= '5';
  return check == IdentifierCheck::check_digit && !is_due ? IdentifierCheck::good : check;
}

}  // namespace

IdentifierCheck check_identifier(IdentifierRule rule, std::string_view value) {
  switch (rule) {
    case IdentifierRule::none:
      return IdentifierCheck::good;
    case IdentifierRule::iso6346:
      return check_container_number(value);
    case IdentifierRule::iso6346_size_type:
      return check_size_type(value);
    case IdentifierRule::unlocode:
      if (check_unlocode_form(value) != IdentifierCheck::good) return IdentifierCheck::malformed;
      return unlocode_exists(value) ? IdentifierCheck::good : IdentifierCheck::unassigned;
    case IdentifierRule::imo:
      return check_imo(value);
    case IdentifierRule::mmsi:
      return check_mmsi(value);
    case IdentifierRule::vin:
      return check_vin_where_due(value);
    case IdentifierRule::lei:
      return check_lei(value);
    case IdentifierRule::hs6:
      return check_hs6(value);
  }
  return IdentifierCheck::good;
}

}  // namespace quaywatch
