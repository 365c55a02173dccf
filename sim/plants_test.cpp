// Crimes and twins that the program carries, planted in a port.
#include "sim/plants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "sim/simulate.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

std::vector<Scenario> shipped(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(QUAYWATCH_SOURCE_DIR "/data/simulation/" + folder))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Scenario> out;
  for (const auto& path : paths) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    auto read = read_scenario(text.str(), path.filename().string());
    EXPECT_TRUE(read.has_value()) << read.error().message;
    if (!read) continue;
    EXPECT_EQ(read->name, path.stem().string());
    out.push_back(std::move(*read));
  }
  return out;
}

std::vector<PlantOrder> every_script() {
  std::vector<PlantOrder> out;
  for (const Scenario& scenario : shipped("scenarios"))
    for (int level = 0; level < kLevels; ++level) out.push_back({scenario, level});
  return out;
}

struct Simulated {
  std::map<std::string, std::string> truth;
  Result<SimulateAccount> account = fail(ErrorCode::not_found, "not run");
};

Simulated run(std::vector<PlantOrder> crimes, bool twins, const std::string& size = "small") {
  Simulated out;
  SimulateOptions options;
  options.size = size;
  options.from = *parse_rfc3339("2026-10-19T00:00:00Z");
  options.plants = std::move(crimes);
  if (twins) options.twins = shipped("twins");
  out.account = simulate(
      shipped_figures(), options, [](const std::string&, std::string_view, Timestamp) {},
      [&](const std::string& path, std::string_view bytes) { out.truth[path] += bytes; }, nullptr);
  return out;
}

TEST(Plants, EveryScriptAtEveryLevelHappensInSevenDays) {
  const auto crimes = every_script();
  const Simulated done = run(crimes, false);
  ASSERT_TRUE(done.account.has_value()) << done.account.error().message;
  for (const auto& shortfall : done.account->shortfalls) ADD_FAILURE() << shortfall;
  const std::string& plants = done.truth.at("truth/plants.jsonl");
  for (const PlantOrder& crime : crimes) {
    bool found = false;
    std::stringstream lines(plants);
    for (std::string line; std::getline(lines, line);)
      found |= line.find("\"script\":\"" + crime.scenario.name + "\"") != std::string::npos &&
               line.find("\"carefulness\":" + std::to_string(crime.level)) != std::string::npos;
    EXPECT_TRUE(found) << crime.scenario.name << " at level " << crime.level;
  }
}

}  // namespace
}  // namespace quaywatch::sim
