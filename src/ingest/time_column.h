// How a column writes its times, told from its values. Formats are those of adapters/mapped/time_format.h. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quaywatch::ingest {

enum class DayOrder { unknown, day_first, month_first };

struct TimeShape {
  std::string format;       // day first, where the order matters
  std::string month_first;  // the same with month and day exchanged; empty where the order is plain from the form
  DayOrder proven = DayOrder::unknown;  // only one order reads every value
  std::string proof;                    // the value that the other order cannot read
  bool is_bare_date = false;            // no hour
  bool needs_marking = false;           // digits alone: only a header can say that it is a time
};

// nullopt: fewer than nine in ten of the values that are not empty are times of one form.
std::optional<TimeShape> time_shape(std::span<const std::string> values);
// The form of a column of hours alone, such as %H:%M; nullopt: it is none.
std::optional<std::string> hour_shape(std::span<const std::string> values);

}  // namespace quaywatch::ingest
