#include "app/simulated_plants.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/simulation_files.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::string_view kScenarios = "simulation/scenarios/", kTwins = "simulation/twins/";

// "simulation/scenarios/pin_fraud.toml" -> pin_fraud
std::string_view script_name(std::string_view path) {
  const std::string_view name = file_name(path);
  return name.substr(0, name.rfind('.'));
}

Result<sim::Scenario> crime(const std::string& name, const std::vector<ShippedFile>& files) {
  std::vector<std::string_view> scripts;
  for (const ShippedFile& file : files) {
    if (!file.path.starts_with(kScenarios)) continue;
    if (script_name(file.path) == name) return sim::read_scenario(file.text, file.path);
    scripts.push_back(script_name(file.path));
  }
  if (!io::exists(name)) {
    const auto near = nearest(name, scripts);
    return fail(ErrorCode::not_found,
                near.empty() ? fmt::format("--plant {}: neither a file nor a script; scripts: {}", name,
                                           fmt::join(scripts, ", "))
                             : fmt::format("--plant {}: neither a file nor a script; nearest: {}", name, near));
  }
  const auto text = io::read_file(name, limits::kScenarioFileBytes);
  if (!text) return tl::unexpected(text.error());
  auto read = sim::read_scenario(*text, name);
  if (read && read->innocent)
    return fail(ErrorCode::invalid_argument, fmt::format("--plant {}: is innocent; twins happen by themselves", name));
  return read;
}

}  // namespace

Result<std::vector<sim::PlantOrder>> planted(const std::vector<std::string>& texts) {
  const auto files = simulation_files();
  std::vector<sim::PlantOrder> out;
  for (const std::string& text : texts) {
    const std::size_t colon = text.rfind(':');
    const std::string name = text.substr(0, colon), level = colon == std::string::npos ? "1" : text.substr(colon + 1);
    if (level.size() != 1 || level[0] < '0' || level[0] >= '0' + sim::kLevels)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("--plant {}: '{}' is no level; 0 to {}", text, level, sim::kLevels - 1));
    std::vector<std::string> names = {name};
    if (name == "all") {
      names.clear();
      for (const ShippedFile& file : files)
        if (file.path.starts_with(kScenarios)) names.emplace_back(script_name(file.path));
    }
    for (const std::string& one : names) {
      auto scenario = crime(one, files);
      if (!scenario) return tl::unexpected(scenario.error());
      out.push_back({std::move(*scenario), level[0] - '0'});
    }
  }
  return out;
}

Result<std::vector<sim::Scenario>> shipped_twins() {
  std::vector<sim::Scenario> out;
  for (const ShippedFile& file : simulation_files()) {
    if (!file.path.starts_with(kTwins)) continue;
    auto twin = sim::read_scenario(file.text, file.path);
    if (!twin) return tl::unexpected(twin.error());
    out.push_back(std::move(*twin));
  }
  return out;
}

}  // namespace quaywatch::app
