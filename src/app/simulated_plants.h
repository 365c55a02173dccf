// What `simulate --plant` names: scripts that the program carries (data/simulation/scenarios) and files of the user's.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sim/plants.h"

namespace quaywatch::app {

// Each text is FILE[:LEVEL] or SCRIPT[:LEVEL]; `all` stands for every script. Level 1 without one.
Result<std::vector<sim::PlantOrder>> planted(const std::vector<std::string>& texts);
Result<std::vector<sim::Scenario>> shipped_twins();

}  // namespace quaywatch::app
