#include "pipeline/blind_spots.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/limits.h"

namespace quaywatch::pipeline {
namespace {

using timeline::Cover;
using timeline::Coverage;

// From one covered piece to the next of a feed, in whole hours.
template <typename F>
void each_gap(const Coverage::Row& row, F&& fn) {
  for (std::size_t i = 1; i < row.pieces.size(); ++i) {
    const Timestamp from = hour_of(row.pieces[i - 1].reach + hours(1) - Duration{1});
    const Timestamp until = hour_of(row.pieces[i].from);
    if (from < until) fn(from, until);
  }
}

}  // namespace

Timestamp hour_of(Timestamp t) {
  const std::int64_t hour = hours(1).us;
  const std::int64_t within = ((t.us % hour) + hour) % hour;
  return {t.us - within};
}

std::uint64_t add_blind(BlindHours& hours, const BlindHour& hour, std::uint64_t events) {
  hours[hour] += events;
  std::uint64_t dropped = 0;
  while (hours.size() > limits::kBlindSpots) {
    dropped += hours.begin()->second;
    hours.erase(hours.begin());
  }
  return dropped;
}

std::vector<BlindSpot> join(const BlindHours& hours_, const std::vector<rules::Rule>& rules) {
  using Key = std::tuple<std::size_t, UnknownCause, std::string, std::optional<EventType>>;
  std::map<Key, BlindSpot> open;
  std::vector<BlindSpot> out;
  for (const auto& [hour, events] : hours_) {  // by hour
    BlindSpot& spot = open[{hour.rule, hour.cause, hour.facility, hour.missing}];
    if (spot.rule != nullptr && spot.until < hour.hour) out.push_back(std::exchange(spot, {}));
    if (spot.rule == nullptr) {
      spot = {&rules[hour.rule], hour.cause, hour.facility, {}, hour.hour, {}, 0};
      if (hour.missing) spot.missing.push_back(*hour.missing);
    }
    spot.until = hour.hour + hours(1);
    spot.events += events;
  }
  for (auto& [key, spot] : open) out.push_back(std::move(spot));
  std::sort(out.begin(), out.end(), [](const BlindSpot& a, const BlindSpot& b) {
    return std::tie(b.events, a.from, a.until, a.rule->id, a.cause, a.facility, a.missing) <
           std::tie(a.events, b.from, b.until, b.rule->id, b.cause, b.facility, b.missing);
  });
  return out;
}

std::vector<BlindSpot> unwatched(const std::vector<rules::Rule>& rules, const Coverage& coverage) {
  using Key = std::tuple<Timestamp, Timestamp, std::string, std::size_t>;  // from, until, facility, rule
  std::map<Key, BlindSpot> spots;
  for (std::size_t i = 0; i < rules.size(); ++i)
    for (const EventType type : rules[i].types)
      for (const Coverage::Row& row : coverage.rows(type))
        each_gap(row, [&](Timestamp from, Timestamp until) {
          if (coverage.ask(type, row.facility, from, until - Duration{1}).cover == Cover::covered) return;
          BlindSpot& spot = spots[{from, until, row.facility, i}];
          if (spot.rule == nullptr) spot = {&rules[i], UnknownCause::no_coverage, row.facility, {}, from, until, 0};
          if (std::find(spot.missing.begin(), spot.missing.end(), type) == spot.missing.end())
            spot.missing.push_back(type);
        });
  std::vector<BlindSpot> out;
  for (auto& [key, spot] : spots) out.push_back(std::move(spot));
  return out;
}

}  // namespace quaywatch::pipeline
