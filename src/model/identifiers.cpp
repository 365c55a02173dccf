#include "model/identifiers.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace quaywatch {
namespace {

bool all_digits(std::string_view s) {
  return std::all_of(s.begin(), s.end(), is_ascii_digit);
}
bool all_upper(std::string_view s) {
  return std::all_of(s.begin(), s.end(), is_ascii_upper);
}

int digit(char c) {
  return c - '0';
}

// ISO 6346:2022 annex A: letters count from 10 and skip the multiples of 11.
constexpr int kLetterValues[] = {10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24,
                                 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38};

// --- ISO 6346 size-type ----------------------------------------------------------------------------------------------
// Lengths, heights and detail types come from the tables named in NOTICE (iso6346); group codes are ISO 6346:1995
// annex E. Heights are ranges in mm, because the standard gives some as "more than" or "at most".

constexpr std::string_view kLengths = "1234ABCDEFGHKLMNP";
constexpr std::string_view kGroups = "ABGHNPRSTUV";
constexpr int kTall = 9999;

struct Height {
  char code;
  int min_mm, max_mm;
};

constexpr Height kHeights[] = {
    {'0', 2438, 2438},  {'2', 2591, 2591}, {'4', 2743, 2743}, {'5', 2895, 2896}, {'6', 2897, kTall},
    {'8', 1295, 1295},  {'9', 1, 1219},    {'C', 2591, 2591}, {'D', 2743, 2743}, {'E', 2895, 2896},
    {'F', 2897, kTall}, {'L', 2591, 2591}, {'M', 2743, 2743}, {'N', 2895, 2896}, {'P', 2897, kTall},
};

// ISO 6346:1984: odd digits are the same height with a gooseneck tunnel.
constexpr Height kHeightsBefore1995[] = {
    {'0', 2438, 2438},  {'1', 2438, 2438}, {'2', 2591, 2591}, {'3', 2591, 2591}, {'4', 2592, kTall},
    {'5', 2592, kTall}, {'6', 1220, 1296}, {'7', 1220, 1296}, {'8', 1297, 2437}, {'9', 1, 1219},
};

constexpr std::string_view kDetailTypes[] = {
    "G0", "G1", "G2", "G3", "V0", "V2", "V4", "R0", "R1", "R2", "R3", "H0", "H1", "H2", "H5", "H6",
    "U0", "U1", "U2", "U3", "U4", "U5", "T0", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9",
    "B0", "B1", "B3", "B4", "B5", "B6", "P0", "P1", "P2", "P3", "P4", "P5", "S0", "S1", "S2",
};
constexpr std::string_view kGroupCodes[] = {"AS", "BU", "BK", "GP", "HI", "HR", "PC", "PF", "PL", "PS",
                                            "RE", "RS", "RT", "SN", "TD", "TG", "TN", "UT", "VH"};

bool is_before_1995(std::string_view code) {
  return all_digits(code);
}

// By code, '0' to 'Z'; all zero where the table has none.
template <std::size_t N>
constexpr auto by_code(const Height (&table)[N]) {
  std::array<Height, 'Z' - '0' + 1> of{};
  for (const Height& h : table) of[static_cast<std::size_t>(h.code - '0')] = h;
  return of;
}
constexpr auto kHeightByCode = by_code(kHeights);
constexpr auto kHeightBefore1995ByCode = by_code(kHeightsBefore1995);

// Of a code of upper-case letters and digits.
std::optional<Height> height_of(std::string_view code) {
  const auto& heights = is_before_1995(code) ? kHeightBefore1995ByCode : kHeightByCode;
  const Height& h = heights[static_cast<std::size_t>(code[1] - '0')];
  return h.code == code[1] ? std::optional(h) : std::nullopt;
}

// '\0' when the length is not in the table. 45 ft was 9 before 1995 and is L since.
char length_of(std::string_view code) {
  if (is_before_1995(code) && code[0] == '9') return 'L';
  return kLengths.find(code[0]) == std::string_view::npos ? '\0' : code[0];
}

// Of two characters.
bool is_known_type(std::string_view type) {
  const auto is_it = [&](std::string_view known) { return known[0] == type[0] && known[1] == type[1]; };
  return std::any_of(std::begin(kDetailTypes), std::end(kDetailTypes), is_it) ||
         std::any_of(std::begin(kGroupCodes), std::end(kGroupCodes), is_it);
}

bool is_size_type_form(std::string_view code) {
  return code.size() == 4 && std::all_of(code.begin(), code.end(), is_ascii_upper_or_digit);
}

// --- VIN -------------------------------------------------------------------------------------------------------------

// 49 CFR 565.15 table III; 0 marks a character that may not stand in a VIN.
int vin_value(char c) {
  if (is_ascii_digit(c)) return digit(c);
  constexpr std::string_view kValues = "12345678 12345 7 923456789";  // A..Z; blank: I, O, Q
  const char v = kValues[static_cast<std::size_t>(c - 'A')];
  return v == ' ' ? 0 : digit(v);
}

bool is_mid(std::string_view three) {
  const int mid = digit(three[0]) * 100 + digit(three[1]) * 10 + digit(three[2]);
  return mid >= 201 && mid <= 775;
}

}  // namespace

std::string_view name(IdentifierCheck check) {
  switch (check) {
    case IdentifierCheck::good:
      return "good";
    case IdentifierCheck::malformed:
      return "malformed";
    case IdentifierCheck::check_digit:
      return "check_digit";
    case IdentifierCheck::unassigned:
      return "unassigned";
  }
  return "malformed";
}

std::optional<int> container_check_digit(std::string_view first_ten) {
  if (first_ten.size() != 10 || !all_upper(first_ten.substr(0, 4)) || !all_digits(first_ten.substr(4)))
    return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < 4; ++i) sum += kLetterValues[first_ten[i] - 'A'] << i;
  for (std::size_t i = 4; i < 10; ++i) sum += digit(first_ten[i]) << i;
  return sum % 11 % 10;
}

IdentifierCheck check_container_number(std::string_view number) {
  if (number.size() != 11 || !is_ascii_digit(number[10])) return IdentifierCheck::malformed;
  const auto expected = container_check_digit(number.substr(0, 10));
  if (!expected) return IdentifierCheck::malformed;
  if (number[3] != 'U' && number[3] != 'J' && number[3] != 'Z') return IdentifierCheck::unassigned;
  return *expected == digit(number[10]) ? IdentifierCheck::good : IdentifierCheck::check_digit;
}

std::string display_container_number(std::string_view number) {
  if (number.size() != 11 || !all_upper(number.substr(0, 4)) || !all_digits(number.substr(4)))
    return std::string(number);
  std::string out(number.substr(0, 4));
  out.append(1, ' ').append(number.substr(4, 6)).append(1, '-').append(number.substr(10));
  return out;
}

IdentifierCheck check_size_type(std::string_view code) {
  if (!is_size_type_form(code)) return IdentifierCheck::malformed;
  if (length_of(code) == '\0' || !height_of(code)) return IdentifierCheck::unassigned;
  if (is_before_1995(code) || is_known_type(code.substr(2))) return IdentifierCheck::good;
  return IdentifierCheck::unassigned;
}

bool size_types_compatible(std::string_view a, std::string_view b) {
  if (!is_size_type_form(a) || !is_size_type_form(b)) return true;
  const char length_a = length_of(a);
  const char length_b = length_of(b);
  if (length_a != '\0' && length_b != '\0' && length_a != length_b) return false;
  const auto height_a = height_of(a);
  const auto height_b = height_of(b);
  return !height_a || !height_b || (height_a->min_mm <= height_b->max_mm && height_b->min_mm <= height_a->max_mm);
}

IdentifierCheck check_imo(std::string_view number) {
  if (number.size() != 7 || !all_digits(number)) return IdentifierCheck::malformed;
  int sum = 0;
  for (std::size_t i = 0; i < 6; ++i) sum += digit(number[i]) * (7 - static_cast<int>(i));
  return sum % 10 == digit(number[6]) ? IdentifierCheck::good : IdentifierCheck::check_digit;
}

IdentifierCheck check_mmsi(std::string_view number) {
  if (number.size() != 9 || !all_digits(number)) return IdentifierCheck::malformed;
  // ITU-R M.585-9 annexes 1 and 2: where the country code (MID) stands for each kind of station. Longest prefix first.
  struct Station {
    std::string_view prefix;
    std::size_t mid_at;
  };
  constexpr std::size_t kNoMid = 9;
  constexpr Station kStations[] = {{"111", 3}, {"970", kNoMid}, {"972", kNoMid}, {"974", kNoMid}, {"98", 2},
                                   {"99", 2},  {"00", 2},       {"0", 1},        {"8", 1},        {"", 0}};
  for (const Station& s : kStations)
    if (number.starts_with(s.prefix))
      return s.mid_at == kNoMid || is_mid(number.substr(s.mid_at, 3)) ? IdentifierCheck::good
                                                                      : IdentifierCheck::unassigned;
  return IdentifierCheck::unassigned;
}

IdentifierCheck check_unlocode_form(std::string_view code) {
  if (code.size() != 5 || !all_upper(code.substr(0, 2))) return IdentifierCheck::malformed;
  const bool good =
      std::all_of(code.begin() + 2, code.end(), [](char c) { return is_ascii_upper(c) || (c >= '2' && c <= '9'); });
  return good ? IdentifierCheck::good : IdentifierCheck::malformed;
}

IdentifierCheck check_vin(std::string_view vin) {
  if (vin.size() != 17) return IdentifierCheck::malformed;
  constexpr std::array<int, 17> kWeights{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  int sum = 0;
  for (std::size_t i = 0; i < vin.size(); ++i) {
    if (!is_ascii_upper_or_digit(vin[i]) || vin[i] == 'I' || vin[i] == 'O' || vin[i] == 'Q')
      return IdentifierCheck::malformed;
    sum += vin_value(vin[i]) * kWeights[i];
  }
  const int remainder = sum % 11;
  const char expected = remainder == 10 ? 'X' : static_cast<char>('0' + remainder);
  return vin[8] == expected ? IdentifierCheck::good : IdentifierCheck::check_digit;
}

std::string canonical_vin(std::string_view vin) {
  std::string out;
  out.reserve(vin.size());
  for (const char raw : vin) {
    const char c = ascii_upper(raw);
    if (!is_ascii_upper_or_digit(c)) continue;
    out += c == 'I' ? '1' : c == 'O' || c == 'Q' ? '0' : c;
  }
  return out;
}

IdentifierCheck check_lei(std::string_view lei) {
  if (lei.size() != 20 || !std::all_of(lei.begin(), lei.end(), is_ascii_upper_or_digit) || !all_digits(lei.substr(18)))
    return IdentifierCheck::malformed;
  int remainder = 0;
  for (const char c : lei) {
    const int v = is_ascii_digit(c) ? digit(c) : c - 'A' + 10;
    remainder = (remainder * (v > 9 ? 100 : 10) + v) % 97;
  }
  return remainder == 1 ? IdentifierCheck::good : IdentifierCheck::check_digit;
}

IdentifierCheck check_hs6(std::string_view code) {
  if (code.size() != 6 || !all_digits(code)) return IdentifierCheck::malformed;
  const int chapter = digit(code[0]) * 10 + digit(code[1]);
  return chapter >= 1 && chapter <= 97 && chapter != 77 ? IdentifierCheck::good : IdentifierCheck::unassigned;
}

}  // namespace quaywatch
