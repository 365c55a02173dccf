#include "ingest/time_column.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/mapped/time_format.h"
#include "base/text.h"

namespace quaywatch::ingest {
namespace {

using adapters::mapped::TimeFormat;

constexpr std::string_view kHours[] = {"%H:%M",     "%H:%M:%S",     "%H.%M",   "%H:%M:%S.%f", "%H:%M:%S,%f",
                                       "%I:%M %p",  "%I:%M:%S %p",  "%I:%M%p", "%H.%M.%S",    "%Hh%M"};
constexpr std::string_view kOffsets[] = {"", "%z", " %z"};
// Year first: the order of month and day is plain.
constexpr std::string_view kYearFirst[] = {"%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"};
constexpr std::string_view kDigits[] = {"%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%Y%m%d %H%M", "%Y%m%d %H:%M",
                                        "%Y%m%d %H:%M:%S"};
// 2001-09-09 to 2039-10-04: ten digits that begin otherwise are no instant of a port's feed.
constexpr std::int64_t kEpochFrom = 1'000'000'000, kEpochUntil = 2'200'000'000;

std::size_t count_of(std::span<const std::string> values) {
  return static_cast<std::size_t>(std::count_if(values.begin(), values.end(), [](const auto& v) { return !v.empty(); }));
}

// Values read; gives up when more than one in ten is not.
std::size_t reads(std::span<const std::string> values, std::string_view format, std::string_view before = {}) {
  const auto compiled = TimeFormat::compile(format);
  if (!compiled) return 0;
  const std::size_t most_missed = count_of(values) / 10;
  std::size_t read = 0, missed = 0;
  for (const std::string& v : values) {
    if (v.empty()) continue;
    const auto time = compiled->read(std::string(before) + v);
    const bool is_instant =
        time && (!format.starts_with("epoch") || (time->instant->us / 1'000'000 >= kEpochFrom &&
                                                  time->instant->us / 1'000'000 < kEpochUntil));
    if (is_instant) ++read;
    if (!is_instant && ++missed > most_missed) return 0;
  }
  return read;
}

std::string first_unread(std::span<const std::string> values, std::string_view format) {
  const auto compiled = TimeFormat::compile(format);
  const auto at = std::find_if(values.begin(), values.end(),
                               [&](const std::string& v) { return !v.empty() && !compiled->read(v); });
  return at == values.end() ? std::string{} : *at;
}

std::optional<TimeShape> ordered_shape(std::span<const std::string> values, std::string_view day_month,
                                       std::string_view month_day, std::string_view hour) {
  const std::string d = fmt::format("{}{}", day_month, hour), m = fmt::format("{}{}", month_day, hour);
  const std::size_t by_day = reads(values, d), by_month = reads(values, m);
  if (by_day == 0 && by_month == 0) return std::nullopt;
  TimeShape shape;
  shape.format = d;
  shape.month_first = m;
  shape.is_bare_date = hour.empty();
  if (by_day == by_month) return shape;
  shape.proven = by_day > by_month ? DayOrder::day_first : DayOrder::month_first;
  shape.proof = first_unread(values, by_day > by_month ? m : d);
  return shape;
}

// Every tail behind a date: nothing, or an hour behind a blank, T or comma, with or without an offset.
std::vector<std::string> tails() {
  std::vector<std::string> out{""};
  for (const std::string_view between : {" ", "T", ", ", " - "})
    for (const std::string_view hour : kHours)
      for (const std::string_view offset : kOffsets) out.push_back(fmt::format("{}{}{}", between, hour, offset));
  return out;
}

}  // namespace

std::optional<TimeShape> time_shape(std::span<const std::string> values) {
  static const std::vector<std::string> kTails = tails();
  const auto first = std::find_if(values.begin(), values.end(), [](const auto& v) { return !v.empty(); });
  if (first == values.end() || std::none_of(first->begin(), first->end(), is_ascii_digit)) return std::nullopt;
  const auto plain = [&](std::string_view format, bool is_bare, bool needs_marking) -> std::optional<TimeShape> {
    if (reads(values, format) == 0) return std::nullopt;
    TimeShape shape;
    shape.format = format;
    shape.is_bare_date = is_bare;
    shape.needs_marking = needs_marking;
    return shape;
  };
  if (auto shape = plain("rfc3339", false, false)) return shape;
  for (const std::string_view format : {"epoch_s", "epoch_ms"})
    if (auto shape = plain(format, false, true)) return shape;
  for (const std::string_view format : kDigits)
    if (auto shape = plain(format, format == kDigits[0], true)) return shape;
  for (const std::string& tail : kTails)
    for (const std::string_view date : kYearFirst)
      if (auto shape = plain(fmt::format("{}{}", date, tail), tail.empty(), false)) return shape;
  for (const std::string& tail : kTails)
    for (const char year : {'Y', 'y'})
      for (const char s : {'.', '/', '-'})
        if (auto shape = ordered_shape(values, fmt::format("%d{}%m{}%{}", s, s, year),
                                       fmt::format("%m{}%d{}%{}", s, s, year), tail))
          return shape;
  return std::nullopt;
}

std::optional<std::string> hour_shape(std::span<const std::string> values) {
  if (count_of(values) == 0) return std::nullopt;
  for (const std::string_view hour : kHours)
    if (reads(values, fmt::format("%Y-%m-%d {}", hour), "2000-01-01 ") > 0) return std::string(hour);
  return std::nullopt;
}

}  // namespace quaywatch::ingest
