// The figures a port is calibrated to: data/simulation/calibration.toml, each with its source. Read once at the start
// and immutable afterwards. Asking for a figure that the table lacks is a fault of the program and throws
// std::out_of_range; a table with a wrong entry is refused with its name.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sim/random.h"

namespace quaywatch::sim {

// A distribution by its deciles, straight lines between them.
struct Quantiles {
  std::array<double, 11> at{};
  double draw(Random& random) const;
  double at_share(double share) const;  // 0 <= share <= 1
  double mean() const;
};

// Names with weights; the sum is free.
struct Shares {
  std::vector<std::string> names;
  std::vector<double> upto;  // running sums
  std::size_t draw(Random& random) const;
  double share(std::string_view name) const;  // of all; 0 when it is not named
};

struct Size {
  std::string name;
  std::uint32_t boxes_per_year = 0;  // moves over the quay, discharged and loaded
  std::uint32_t berths = 0, quay_cranes = 0, yard_blocks = 0, straddle_carriers = 0, gate_lanes = 0;
  std::uint32_t hauliers = 0, forwarders = 0, importers = 0, staff = 0;
};

class Figures {
 public:
  static Result<Figures> parse(std::string_view toml);
  bool has_value(std::string_view name) const;
  double value(std::string_view name) const;
  const Quantiles& quantiles(std::string_view name) const;
  const Shares& shares(std::string_view name) const;
  const Size* size(std::string_view name) const;  // null: no such size
  std::vector<std::string> sizes() const;

 private:
  std::map<std::string, double, std::less<>> values_;
  std::map<std::string, Quantiles, std::less<>> quantiles_;
  std::map<std::string, Shares, std::less<>> shares_;
  std::vector<Size> sizes_;
};

}  // namespace quaywatch::sim
