// ASCII text helpers that the whole tree shares, so that no module grows its own trim. Locale-free; bytes above 127
// pass through untouched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quaywatch {

// Function objects, not functions: handed to an algorithm they are expanded, where a pointer is called for each byte.
inline constexpr auto is_ascii_digit = [](char c) { return c >= '0' && c <= '9'; };
inline constexpr auto is_ascii_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
inline constexpr auto is_ascii_upper_or_digit = [](char c) { return is_ascii_upper(c) || is_ascii_digit(c); };
inline constexpr auto is_line_end = [](char c) { return c == '\r' || c == '\n'; };
constexpr char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trim(std::string_view s);  // blanks, tabs, CR, LF on both ends
std::string to_upper(std::string_view s);
std::string to_lower(std::string_view s);
bool equals_ignore_case(std::string_view a, std::string_view b);

// The last part of a path: what stands behind its last slash.
std::string_view file_name(std::string_view path);

// Upper case without blanks, dots, dashes and slashes: the comparison form of plates, container and seal numbers.
std::string squeeze(std::string_view s);

std::vector<std::string_view> split(std::string_view s, char separator);
// The words, one behind the other.
std::string joined(std::span<const std::string> words, std::string_view by = ", ");

// Levenshtein distance, for naming the nearest known word in an error; O(a*b), inputs cut at 64 bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);
// One character another, one more or less, or two neighbours changed about; also the same.
bool is_one_slip(std::string_view a, std::string_view b);
// The candidate nearest to `word`, empty when none is within a third of its length.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

bool is_valid_utf8(std::string_view s);
// "1 rule", "2 rules".
std::string counted(std::uint64_t n, std::string_view noun);

}  // namespace quaywatch
