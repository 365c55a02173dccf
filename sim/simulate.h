// A simulated port from end to end: figures, size, seed and interval in; files of its systems and the ground truth out.
// The same options give the same bytes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sim/exports.h"
#include "sim/figures.h"
#include "sim/plants.h"

namespace quaywatch::sim {

struct SimulateOptions {
  std::string size = "small";
  std::uint64_t seed = 1;
  Timestamp from;   // a local midnight
  int days = 7;
  std::vector<PlantOrder> plants;  // crimes
  std::vector<Scenario> twins;     // innocent, each at its own rate
  bool dirt = true;  // files are late, lost and doubled as the table says
};

struct SimulateAccount {
  std::uint64_t happenings = 0, files = 0, bytes = 0;
  std::vector<std::string> shortfalls;  // of plants, a sentence each
};

// A plant that fits no box or day of the interval is an error, after the port was written without it.
// `truth` gets what is planted and the port in numbers (docs/formats/truth.md).
Result<SimulateAccount> simulate(const Figures& figures, const SimulateOptions& options, const Deliver& deliver,
                                 const Append& truth, const std::function<void(Timestamp)>& progress);

}  // namespace quaywatch::sim
