// Random numbers that are the same on every compiler and machine: xoshiro256** (Blackman, Vigna 2018) seeded by
// SplitMix64, and draws that use integers or plain double products only. Each purpose gets a stream of its own, so that
// one more draw for gates does not change what the customs do.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace quaywatch::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed);
  std::uint64_t next();
  std::uint64_t below(std::uint64_t n);                          // 0 <= x < n; n > 0
  std::int64_t between(std::int64_t low, std::int64_t high);     // both ends included
  double unit();                                                 // 0 <= x < 1
  bool chance(double share) { return unit() < share; }
  // Mean `mean`, by Knuth's product; for small means (below about 30).
  std::uint32_t poisson(double mean);
  template <typename Range>
  const auto& pick(const Range& range) {
    return range[below(range.size())];
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

// The seed of a stream: of a run, a purpose and a number in it.
std::uint64_t stream_seed(std::uint64_t seed, std::string_view purpose, std::uint64_t number = 0);

}  // namespace quaywatch::sim
