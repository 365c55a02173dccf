#include "adapters/mapped/row_clock.h"

#include <algorithm>
#include <limits>

#include "codec/local_time.h"

namespace quaywatch::adapters::mapped {

std::string time_text(const TimeRule& rule, const Row& row) {
  std::string out;
  for (const ColumnId c : rule.columns) {
    if (row.values[c].empty()) continue;
    if (!out.empty()) out += ' ';
    out += row.values[c];
  }
  return out;
}

std::optional<RowTime> read_time(const TimeFormat& format, const std::string& zone, std::string_view text,
                                 std::optional<Timestamp> previous) {
  const auto stated = format.read(text);
  if (!stated) return std::nullopt;
  if (stated->instant) return RowTime{*stated->instant, stated->error_s, stated->error_s};
  const auto local = codec::to_utc(stated->civil, zone, previous);
  if (!local) return std::nullopt;
  RowTime out{local->time, std::max(stated->error_s, local->error_s), stated->error_s};
  if (local->error_s == 0) return out;
  // Only a repeated hour has a second reading just after the first one.
  const auto again = codec::to_utc(stated->civil, zone, Timestamp{local->time.us + 1});
  out.doubt = again && again->time != local->time ? Doubt::repeated_hour : Doubt::skipped_hour;
  return out;
}

Timestamp local_midnight(Timestamp t, const std::string& zone) {
  Timestamp best = t;
  for (const int day : {-1, 0, 1}) {
    CivilTime c = to_civil_utc(t + days(day));
    c.hour = c.minute = c.second = c.microsecond = 0;
    if (const auto midnight = codec::to_utc(c, zone, std::nullopt); midnight && midnight->time <= t)
      best = midnight->time;
  }
  return best;
}

std::optional<RowTime> RowClock::read(std::size_t time, const Row& row) {
  State& state = states_[time];
  if (state.row == row.offset && state.part == row.part) return state.answer;
  const TimeRule& rule = mapping_.times[time];
  const bool in_order = mapping_.in_order && row.part == 0;  // of elements nobody says in which order they happened
  state.row = row.offset;
  state.part = row.part;
  state.answer = read_time(rule.format, rule.zone, time_text(rule, row), in_order ? state.previous : std::nullopt);
  if (!state.answer) return std::nullopt;
  if (state.answer->doubt == Doubt::repeated_hour &&
      (falls_back_within(rule, row, *state.answer) || (in_order && precedes_a_fall(rule, state, row)))) {
    state.answer->doubt = Doubt::none;
    state.answer->error_s = state.answer->stated_error_s;
  }
  state.previous = state.answer->time;
  return state.answer;
}

// True when the later times of the row itself fall back while they stay in the repeated hour.
bool RowClock::falls_back_within(const TimeRule& rule, const Row& row, RowTime first) const {
  for (const ColumnId column : rule.then) {
    const auto t = read_time(rule.format, rule.zone, row.values[column], std::nullopt);
    if (!t) continue;
    if (t->doubt != Doubt::repeated_hour) return false;
    if (t->time < first.time) return true;
    first = *t;
  }
  return false;
}

// Reads ahead as long as rows stay in the repeated hour. The decision holds for all of them up to the row that ended
// the search, so the whole file is read ahead at most once.
bool RowClock::precedes_a_fall(const TimeRule& rule, State& state, const Row& row) const {
  if (row.offset < state.decided_until) return state.is_first_pass;
  state.is_first_pass = false;
  Timestamp highest = state.answer->time;
  RowSource ahead = rows_.fork();
  Row next;
  while (ahead.next(next)) {
    state.decided_until = next.offset;
    const auto t = next.state == RowState::data ? read_time(rule.format, rule.zone, time_text(rule, next), std::nullopt)
                                                : std::nullopt;
    if (!t) continue;
    if (t->doubt != Doubt::repeated_hour) return false;
    state.is_first_pass = t->time < highest || falls_back_within(rule, next, *t);
    if (state.is_first_pass) return true;
    highest = t->time;
  }
  state.decided_until = std::numeric_limits<std::size_t>::max();  // nothing follows that could decide it
  return false;
}

}  // namespace quaywatch::adapters::mapped
