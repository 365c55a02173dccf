#include "ingest/feed_name.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/time.h"

namespace quaywatch::ingest {
namespace {

struct DateForm {
  std::string_view form;  // Y, M, D stand for digits, - for one of - _ .
  bool has_day = true;
};
constexpr DateForm kForms[] = {{"YYYYMMDD"}, {"YYYY-MM-DD"}, {"DD-MM-YYYY"}, {"DDMMYYYY"}, {"YYYY-MM", false}};

struct FoundDate {
  std::size_t at = 0;
  std::string day;
  bool is_plain = false;  // written YYYYMMDD
};

std::optional<std::string> date_at(std::string_view text, const DateForm& form) {
  if (text.size() < form.form.size()) return std::nullopt;
  std::string year, month, day;
  for (std::size_t i = 0; i < form.form.size(); ++i) {
    const char want = form.form[i], c = text[i];
    if (want == '-' ? c != '-' && c != '_' && c != '.' : !is_ascii_digit(c)) return std::nullopt;
    if (want != '-') (want == 'Y' ? year : want == 'M' ? month : day) += c;
  }
  const auto number = [](std::string_view digits) {
    int n = 0;
    for (const char c : digits) n = n * 10 + (c - '0');
    return n;
  };
  CivilTime civil;
  civil.year = number(year);
  civil.month = number(month);
  civil.day = form.has_day ? number(day) : 1;
  if (!year.starts_with("20") || !is_valid(civil)) return std::nullopt;
  return year + month + day;
}

std::optional<FoundDate> find_date(std::string_view name) {
  for (const DateForm& form : kForms)
    for (std::size_t i = 0; i < name.size(); ++i) {
      const std::size_t end = i + form.form.size();
      if ((i > 0 && is_ascii_digit(name[i - 1])) || (end < name.size() && is_ascii_digit(name[end]))) continue;
      if (const auto day = date_at(name.substr(i), form))
        return FoundDate{i, form.has_day ? *day : std::string{}, &form == &kForms[0]};
    }
  return std::nullopt;
}

std::string identifier(std::string_view text) {
  std::string out;
  for (const char c : to_lower(text)) {
    if (is_ascii_digit(c) || (c >= 'a' && c <= 'z'))
      out += c;
    else if (!out.empty() && out.back() != '_')
      out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.empty() ? "feed" : out;
}

// The text as an RE2 expression that matches it alone.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = is_ascii_digit(c) || is_ascii_upper(ascii_upper(c)) || c == '_' || (c & 0x80) != 0;
    if (!is_plain) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

FeedName feed_name(std::string_view name) {
  const std::size_t dot = std::min(name.rfind('.'), name.size());
  const std::string_view stem = name.substr(0, dot), extension = name.substr(dot);
  const auto date = find_date(stem);
  if (!date) {
    std::string exact(name);
    std::replace(exact.begin(), exact.end(), '*', '?');
    return {identifier(stem), exact, {}, {}};
  }
  const std::string_view before = stem.substr(0, date->at);
  FeedName out;
  out.feed = identifier(before.empty() ? stem.substr(std::min(stem.size(), date->at + 8)) : before);
  out.pattern = std::string(before) + "*" + std::string(extension);
  out.day = date->day;
  if (date->is_plain) out.day_in_name = "^" + literal(before) + "(\\d{8})";
  return out;
}

}  // namespace quaywatch::ingest
