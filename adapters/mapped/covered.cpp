#include <re2/re2.h>

#include <algorithm>

#include "adapters/mapped/mapped.h"
#include "adapters/mapped/row_clock.h"

namespace quaywatch::adapters::mapped {
namespace {

constexpr Duration kRepeated = minutes(30);  // before midnight; whose days begin otherwise has rows from hours before

std::optional<Timestamp> day_in(const Mapping& mapping, std::string_view file_name) {
  if (!mapping.day_in_name) return std::nullopt;
  std::string digits;
  if (!re2::RE2::PartialMatch(re2::StringPiece(file_name.data(), file_name.size()), *mapping.day_in_name, &digits) ||
      digits.size() != 8)
    return std::nullopt;
  const auto format = TimeFormat::compile("%Y%m%d");
  const auto day = read_time(*format, mapping.time_zone, digits, std::nullopt);
  return day ? std::optional(day->time) : std::nullopt;
}

// A text leaves open what its form leaves out; the earliest reading claims least.
std::optional<Timestamp> earliest(const TimeFormat& format, const std::string& zone, std::string_view text) {
  const auto t = read_time(format, zone, text, std::nullopt);
  if (!t) return std::nullopt;
  return t->stated_error_s >= 43'200 ? local_midnight(t->time, zone) : t->time;
}

std::optional<Timestamp> instant_of(const FileInstant& rule, std::string_view file_name,
                                    std::optional<Timestamp> of_rows) {
  if (rule.fixed) return rule.fixed;
  if (!rule.name) return of_rows;
  std::string text;
  if (!re2::RE2::PartialMatch(re2::StringPiece(file_name.data(), file_name.size()), *rule.name, &text))
    return std::nullopt;
  return earliest(rule.time.format, rule.time.zone, text);
}

// 36 h after a midnight lie in the next day, be this one 23, 24 or 25 h long.
Timestamp midnight_after(Timestamp midnight, const std::string& zone) {
  return local_midnight(midnight + hours(36), zone);
}

// Empty (every facility) when rows name their own.
std::string facility_of_all(const Mapping& mapping, const adapter::Source& source) {
  for (const EventRule& event : mapping.events)
    for (const FieldRule& field : event.fields)
      if (field.target == Target::facility) return {};
  return mapping.facility.empty() ? source.facility : mapping.facility;
}

}  // namespace

std::optional<CoverageStatement> covered_by(const Mapping& mapping, std::optional<Timestamp> first,
                                            std::optional<Timestamp> last, const adapter::Source& source,
                                            std::string_view file_name, const StatedInstants& stated) {
  if (mapping.covers == Covers::none) return std::nullopt;
  if (mapping.covers == Covers::until_export) {
    last = instant_of(*mapping.exported_at, file_name, stated.exported_at);
    if (mapping.covers_from) first = instant_of(*mapping.covers_from, file_name, stated.covers_from);
    if (last) last = std::min(*last, source.received_at);  // nothing is known of what comes after the import
    if (first && last && *last < *first) return std::nullopt;
  }
  if (mapping.covers == Covers::whole_days) {
    // Both ends become those of local days: of the events, and of the day that the file name states. Rows of the last
    // minutes before it are those of the file before, sent again: they do not answer for their whole day, or a lost
    // file would be covered by the next. Nor do rows of other days than those beside it, which came late, answer for
    // what lies between.
    auto day = day_in(mapping, file_name);
    if (day) day = local_midnight(*day, mapping.time_zone);
    const bool repeats_rows = day && first && *first < *day && *day - *first <= kRepeated;
    if (day) {
      const Timestamp day_before = local_midnight(*day - hours(12), mapping.time_zone);
      const Timestamp day_after = midnight_after(*day, mapping.time_zone);
      if (first.value_or(*day) < day_before) first = day;
      if (last.value_or(*day) >= midnight_after(day_after, mapping.time_zone)) last = day;
      first = std::min(first.value_or(*day), *day);
      last = std::max(last.value_or(*day), *day);
    }
    if (!first || !last) return std::nullopt;
    if (!repeats_rows) first = local_midnight(*first, mapping.time_zone);
    last = midnight_after(local_midnight(*last, mapping.time_zone), mapping.time_zone) - Duration{1};
  }
  if (!first || !last) return std::nullopt;
  return CoverageStatement{mapping.feed,      facility_of_all(mapping, source), mapping.provides, *first, *last,
                           source.received_at};
}

std::optional<FeedExpectation> expectation_of(const Mapping& mapping, const adapter::Source& source) {
  if (!mapping.arrival) return std::nullopt;
  const Arrival& a = *mapping.arrival;
  const Duration lateness = a.lateness       ? *a.lateness
                            : a.silent_after ? *a.silent_after
                                             : a.every.value_or(Duration{}) + a.by.value_or(Duration{});
  return FeedExpectation{mapping.feed, facility_of_all(mapping, source), mapping.provides, lateness,
                         source.received_at};
}

}  // namespace quaywatch::adapters::mapped
