// Times of the rows of one file, in file order. Where the mapping says that rows stand in the order of happening, a
// repeated hour (end of summer time) is decided by it, in both directions: a row whose wall clock falls back shows that
// the rows before it were in the first pass of the hour and it is in the second (DESIGN section 6a "Skew"). Later times
// of the same row (`then`) show the same.
// Not thread-safe; one per decode.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mapped/mapped.h"
#include "adapters/mapped/rows.h"

namespace quaywatch::adapters::mapped {

enum class Doubt : std::uint8_t { none, repeated_hour, skipped_hour };

struct RowTime {
  Timestamp time;
  std::int64_t error_s = 0;
  std::int64_t stated_error_s = 0;  // what the format leaves open, without the doubt about the hour
  Doubt doubt = Doubt::none;
};

// A time without any order to lean on.
std::optional<RowTime> read_time(const TimeFormat& format, const std::string& zone, std::string_view text,
                                 std::optional<Timestamp> previous);
// The text of a time rule in a row: its columns joined by one blank; empty when all are empty.
std::string time_text(const TimeRule& rule, const Row& row);
// 00:00 of the local day in which `t` lies.
Timestamp local_midnight(Timestamp t, const std::string& zone);

class RowClock {
 public:
  RowClock(const Mapping& mapping, const RowSource& rows)
      : mapping_(mapping), rows_(rows), states_(mapping.times.size()) {}
  // nullopt: empty or unreadable. Every rule that reads the same time in the same row gets the same answer.
  std::optional<RowTime> read(std::size_t time, const Row& row);

 private:
  struct State {
    std::optional<std::size_t> row;  // the answer belongs to the row at this offset, and this part of it
    std::size_t part = 0;
    std::optional<RowTime> answer;
    std::optional<Timestamp> previous;
    std::size_t decided_until = 0;  // rows before this offset share the decision about the repeated hour
    bool is_first_pass = false;
  };
  bool falls_back_within(const TimeRule& rule, const Row& row, RowTime first) const;
  bool precedes_a_fall(const TimeRule& rule, State& state, const Row& row) const;

  const Mapping& mapping_;
  const RowSource& rows_;
  std::vector<State> states_;
};

}  // namespace quaywatch::adapters::mapped
