// Identifiers of the trade and their check digits. Pure functions over text in normal form (upper case, no blanks or
// dashes: base/text.h squeeze). A well-formed identifier with a wrong check digit is still an identifier: the finding
// is reported, the value kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quaywatch {

enum class IdentifierCheck : std::uint8_t {
  good,
  malformed,     // length or alphabet is wrong
  check_digit,   // well formed, the check digit does not match
  unassigned,    // well formed, but the category, country or range does not exist
};
std::string_view name(IdentifierCheck check);

// ISO 6346:2022 4.2: owner code (3 letters), equipment category U, J or Z, six digits, check digit.
IdentifierCheck check_container_number(std::string_view number);
// The check digit (0-9) of the first ten characters; nullopt when they are malformed. A remainder of 10 counts as 0.
std::optional<int> container_check_digit(std::string_view first_ten);
// TRHU 387124-7 (ISO 6346 annex, as marked on the box); anything malformed comes back unchanged.
std::string display_container_number(std::string_view number);

// ISO 6346 size-type, four characters: length, height and width, type. `malformed` or `unassigned` by the table c5.
IdentifierCheck check_size_type(std::string_view code);
// True when both codes can be one physical box: pre-1995 and later spellings, or a group code against its detail (42G1
// and 4310 and 40 ft general purpose). False only when length or height certainly differ.
bool size_types_compatible(std::string_view a, std::string_view b);

// IMO ship identification number, resolution A.1117(30): seven digits, weights 7..2, last digit of the sum.
IdentifierCheck check_imo(std::string_view number);
// ITU-R M.585: nine digits; ship stations begin with a MID 201-775; other leading digits name other stations.
IdentifierCheck check_mmsi(std::string_view number);
// UN/LOCODE: two-letter country and three characters A-Z, 2-9. Existence: model/reference.h.
IdentifierCheck check_unlocode_form(std::string_view code);
// ISO 3779: 17 characters without I, O, Q; position 9 is the North American check digit (49 CFR 565), which other
// makers need not fill: callers treat `check_digit` as a finding for North American VINs only (first character 1-5).
IdentifierCheck check_vin(std::string_view vin);
// The comparison form that survives the tricks seen in export fraud: strips everything but letters and digits, upper
// case, I to 1, O and Q to 0. A VIN with an inserted dot equals the VIN without it.
std::string canonical_vin(std::string_view vin);
// ISO 17442: 18 alphanumerics and two check digits, ISO 7064 MOD 97-10.
IdentifierCheck check_lei(std::string_view lei);
// Harmonized System, six digits, chapters 01-97 without 77.
IdentifierCheck check_hs6(std::string_view code);

}  // namespace quaywatch
