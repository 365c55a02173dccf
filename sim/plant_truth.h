// The truth as JSON (docs/formats/truth.md): the port, each plant, each act of it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario.h"
#include "sim/world.h"

namespace quaywatch::sim {

// Kind of subject and value, as the feeds state it in clear.
using Subject = std::pair<std::string_view, std::string>;
std::vector<Subject> subjects_of(const World& world, const Happening& happening);
std::string act_json(const Happening& happening, const std::vector<Subject>& subjects);
// Each with its line end.
std::string port_json(const World& world, std::string_view size, std::uint64_t boxes);
std::string plant_json(const Scenario& scenario, int level, std::string_view id,
                       const std::map<std::string, std::vector<std::string>>& subjects,
                       const std::vector<std::string>& acts);

}  // namespace quaywatch::sim
