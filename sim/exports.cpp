#include "sim/exports.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"

namespace quaywatch::sim {

DailyFile::DailyFile(const Deliver& deliver, std::string path, std::string header, int out_at, Timestamp first)
    : deliver_(deliver),
      path_(std::move(path)),
      header_(std::move(header)),
      out_at_(out_at),
      day_(local_midnight(first)),
      next_(local_midnight(day_ + hours(36))) {}

void DailyFile::add(Timestamp at, Timestamp clock, std::string row) {
  (at < next_ ? rows_ : later_).emplace_back(clock, std::move(row));
}

void DailyFile::tick(Timestamp now) {
  while (now >= next_ + hours(out_at_)) hand_out(now);
}

void DailyFile::close(Timestamp until) {
  hand_out(until);
  if (!rows_.empty()) hand_out(until);
}

void DailyFile::hand_out(Timestamp arrives) {
  std::stable_sort(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string bytes = header_;
  for (const auto& row : rows_) bytes += row.second;
  std::string path = path_;
  for (const auto& [word, day] : {std::pair<std::string_view, Timestamp>{"{day}", day_}, {"{next}", next_}})
    if (const auto place = path.find(word); place != std::string::npos)
      path.replace(place, word.size(), stamp_day(local_time(day)));
  deliver_(path, bytes, arrives);
  rows_ = std::move(later_);
  later_.clear();
  day_ = next_;
  next_ = local_midnight(day_ + hours(36));
}

std::string csv_field(std::string_view text, char separator) {
  if (text.find_first_of(std::string("\"\r\n") + separator) == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += c;
    out += c;
  }
  return out + '"';
}

std::string json_text(std::string_view text) {
  if (text.empty()) return "null";
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string stamp_utc_ms(Timestamp at) {
  std::string out = dashed(to_civil_utc(at));
  out[10] = 'T';
  return fmt::format("{}.{:03}Z", out, (at.us % 1'000'000 + 1'000'000) % 1'000'000 / 1'000);
}

}  // namespace quaywatch::sim
