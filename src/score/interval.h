// Intervals of 95 % for what was counted. Pure; thread-safe.
#pragma once

#include <cstdint>

namespace quaywatch::score {

struct Interval {
  double low = 0, high = 0;
};

// Of a proportion of which `found` of `planted` (found <= planted) were seen: E. B. Wilson, JASA 22 (1927) 209-212,
// without correction for continuity. Nothing planted says nothing: 0 to 1.
Interval wilson(std::uint64_t found, std::uint64_t planted);

// Of the mean of a Poisson count: the exact interval of F. Garwood, Biometrika 28 (1936) 437-442.
Interval garwood(std::uint64_t count);

}  // namespace quaywatch::score
