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

// One form to try: read day first, and where that is open also month first.
struct Candidate {
  TimeFormat form;
  std::optional<TimeFormat> month_first;
  bool is_bare_date = false, needs_marking = false, is_epoch = false;
};

void add(std::vector<Candidate>& out, std::string_view form, std::string_view month_first, Candidate kind) {
  kind.form = *TimeFormat::compile(form);
  if (!month_first.empty()) kind.month_first = *TimeFormat::compile(month_first);
  out.push_back(std::move(kind));
}

// Every tail behind a date: nothing, or an hour behind a blank, T or comma, with or without an offset.
std::vector<std::string> tails() {
  std::vector<std::string> out{""};
  for (const std::string_view between : {" ", "T", ", ", " - "})
    for (const std::string_view hour : kHours)
      for (const std::string_view offset : kOffsets) out.push_back(fmt::format("{}{}{}", between, hour, offset));
  return out;
}

std::vector<Candidate> candidates() {
  std::vector<Candidate> out;
  add(out, "rfc3339", {}, {});
  for (const std::string_view epoch : {"epoch_s", "epoch_ms"}) add(out, epoch, {}, {{}, {}, false, true, true});
  for (const std::string_view digits : kDigits) add(out, digits, {}, {{}, {}, digits == kDigits[0], true, false});
  const auto all_tails = tails();
  for (const std::string& tail : all_tails)
    for (const std::string_view date : kYearFirst)
      add(out, fmt::format("{}{}", date, tail), {}, {{}, {}, tail.empty(), false, false});
  for (const std::string& tail : all_tails)
    for (const char year : {'Y', 'y'})
      for (const char s : {'.', '/', '-'})
        add(out, fmt::format("%d{}%m{}%{}{}", s, s, year, tail), fmt::format("%m{}%d{}%{}{}", s, s, year, tail),
            {{}, {}, tail.empty(), false, false});
  return out;
}

bool is_instant_of_a_feed(Timestamp t) {
  return t >= Timestamp{} + seconds(kEpochFrom) && t < Timestamp{} + seconds(kEpochUntil);
}

// Values read; gives up when more than one in ten is not.
std::size_t reads(std::span<const std::string> values, const TimeFormat& form, bool is_epoch,
                  std::string_view before = {}) {
  const auto filled = std::count_if(values.begin(), values.end(), [](const auto& v) { return !v.empty(); });
  std::ptrdiff_t read = 0, missed = 0;
  for (const std::string& v : values) {
    if (v.empty()) continue;
    const auto time = before.empty() ? form.read(v) : form.read(std::string(before) + v);
    if (time && (!is_epoch || is_instant_of_a_feed(*time->instant)))
      ++read;
    else if (++missed > filled / 10)
      return 0;
  }
  return static_cast<std::size_t>(read);
}

std::string first_unread(std::span<const std::string> values, const TimeFormat& form) {
  const auto at =
      std::find_if(values.begin(), values.end(), [&](const auto& v) { return !v.empty() && !form.read(v); });
  return at == values.end() ? std::string{} : *at;
}

}  // namespace

std::optional<TimeShape> time_shape(std::span<const std::string> values) {
  static const std::vector<Candidate> kCandidates = candidates();
  const auto first = std::find_if(values.begin(), values.end(), [](const auto& v) { return !v.empty(); });
  if (first == values.end() || std::none_of(first->begin(), first->end(), is_ascii_digit)) return std::nullopt;
  for (const Candidate& c : kCandidates) {
    const std::size_t by_day = reads(values, c.form, c.is_epoch);
    const std::size_t by_month = c.month_first ? reads(values, *c.month_first, false) : 0;
    if (by_day == 0 && by_month == 0) continue;
    TimeShape shape;
    shape.format = c.form.text();
    shape.is_bare_date = c.is_bare_date;
    shape.needs_marking = c.needs_marking;
    if (!c.month_first) return shape;
    shape.month_first = c.month_first->text();
    if (by_day == by_month) return shape;
    shape.proven = by_day > by_month ? DayOrder::day_first : DayOrder::month_first;
    shape.proof = first_unread(values, by_day > by_month ? *c.month_first : c.form);
    return shape;
  }
  return std::nullopt;
}

std::optional<std::string> hour_shape(std::span<const std::string> values) {
  for (const std::string_view hour : kHours)
    if (reads(values, *TimeFormat::compile(fmt::format("%Y-%m-%d {}", hour)), false, "2000-01-01 ") > 0)
      return std::string(hour);
  return std::nullopt;
}

}  // namespace quaywatch::ingest
