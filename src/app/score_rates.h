// Figures that the text and the JSON of a score share. Pure; thread-safe.
#pragma once

#include <cstdint>

#include "score/interval.h"
#include "score/planted.h"

namespace quaywatch::app {

inline constexpr std::size_t kShownActs = 10;  // of a crime that was not found
inline constexpr double kBoxesOfRate = 10'000;

struct Rate {
  double value = 0;
  score::Interval interval;
};

inline Rate rate(std::uint64_t count, double exposure) {
  const score::Interval i = score::garwood(count);
  return {static_cast<double>(count) / exposure, {i.low / exposure, i.high / exposure}};
}

inline Rate per_boxes(std::uint64_t count, const score::Port& port) {
  return rate(count, static_cast<double>(port.boxes) / kBoxesOfRate);
}

inline Rate per_week(std::uint64_t count, const score::Port& port) {
  return rate(count, port.weeks());
}

inline double share(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace quaywatch::app
