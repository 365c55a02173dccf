#include "sim/random.h"

#include <bit>

namespace quaywatch::sim {
namespace {

std::uint64_t split_mix(std::uint64_t& x) {
  std::uint64_t z = x += 0x9e3779b97f4a7c15U;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
  z = (z ^ z >> 27) * 0x94d049bb133111ebU;
  return z ^ z >> 31;
}

// e^-x for 0 <= x <= 30 by its series on x/64, squared six times: libm may differ between machines in the last bit.
double exp_negative(double x) {
  const double y = -x / 64;
  double term = 1, sum = 1;
  for (int i = 1; i < 12; ++i) sum += term *= y / i;
  for (int i = 0; i < 6; ++i) sum *= sum;
  return sum;
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (auto& word : state_) word = split_mix(seed);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9, t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

// The high half of a product: its bias is below n / 2^64.
std::uint64_t Random::below(std::uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<Wide>(next()) * n >> 64);
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

std::uint32_t Random::poisson(double mean) {
  const double limit = exp_negative(mean);
  std::uint32_t n = 0;
  for (double product = unit(); product > limit && n < 1000; product *= unit()) ++n;
  return n;
}

std::uint64_t stream_seed(std::uint64_t seed, std::string_view purpose, std::uint64_t number) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : purpose) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
  std::uint64_t x = seed ^ std::rotl(hash, 23);
  x = split_mix(x) ^ number;
  return split_mix(x);
}

}  // namespace quaywatch::sim
