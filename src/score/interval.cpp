#include "score/interval.h"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace quaywatch::score {
namespace {

constexpr double kTail = 0.025;              // on either side of 95 %
constexpr double kNormal = 1.9599639845400545;  // quantile of the standard normal distribution at 1 - kTail

}  // namespace

Interval wilson(std::uint64_t found, std::uint64_t planted) {
  if (planted == 0) return {0, 1};
  const auto n = static_cast<double>(planted);
  const double p = static_cast<double>(found) / n, z2 = kNormal * kNormal;
  const double middle = p + z2 / (2 * n), half = kNormal * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  const double scale = 1 + z2 / n;
  return {found == 0 ? 0 : (middle - half) / scale, found == planted ? 1 : (middle + half) / scale};
}

// Half a quantile of chi-square with 2k degrees of freedom is a quantile of the gamma distribution of shape k.
Interval garwood(std::uint64_t count) {
  const auto k = static_cast<double>(count);
  return {count == 0 ? 0 : boost::math::gamma_p_inv(k, kTail), boost::math::gamma_q_inv(k + 1, kTail)};
}

}  // namespace quaywatch::score
