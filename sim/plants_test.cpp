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

std::vector<PlantOrder> every_script(std::initializer_list<int> levels) {
  std::vector<PlantOrder> out;
  for (const Scenario& scenario : shipped("scenarios"))
    for (const int level : levels) out.push_back({scenario, level});
  return out;
}

struct Simulated {
  std::map<std::string, std::string> files, truth;
  Result<SimulateAccount> account = fail(ErrorCode::not_found, "not run");
};

Simulated run(std::vector<PlantOrder> crimes, bool twins, const std::string& size = "small",
              bool keeps_files = false) {
  Simulated out;
  SimulateOptions options;
  options.dirt = false;
  options.size = size;
  options.from = *parse_rfc3339("2026-10-19T00:00:00Z");
  options.plants = std::move(crimes);
  if (twins) options.twins = shipped("twins");
  out.account = simulate(
      shipped_figures(), options,
      [&](const std::string& path, std::string_view bytes, Timestamp) {
        if (keeps_files) out.files.emplace(path, bytes);
      },
      [&](const std::string& path, std::string_view bytes) { out.truth[path] += bytes; }, nullptr);
  return out;
}

std::size_t lines_with(const std::string& text, const std::vector<std::string>& words) {
  std::stringstream lines(text);
  std::size_t out = 0;
  for (std::string line; std::getline(lines, line);)
    out += std::all_of(words.begin(), words.end(), [&](const auto& word) { return line.find(word) != line.npos; });
  return out;
}

void expect_all_happen(std::initializer_list<int> levels) {
  const auto crimes = every_script(levels);
  const Simulated done = run(crimes, false, "medium");
  ASSERT_TRUE(done.account.has_value()) << done.account.error().message;
  for (const auto& shortfall : done.account->shortfalls) ADD_FAILURE() << shortfall;
  for (const PlantOrder& crime : crimes)
    EXPECT_EQ(lines_with(done.truth.at("truth/plants.jsonl"),
                         {"\"script\":\"" + crime.scenario.name + "\"", "\"innocent\":false",
                          "\"carefulness\":" + std::to_string(crime.level)}),
              1U)
        << crime.scenario.name << " at level " << crime.level;
}

TEST(Plants, EveryScriptFindsItsBoxInSevenDays) {
  expect_all_happen({0, 2});
  expect_all_happen({1, 3});
}

TEST(Plants, EveryInvariantIsBrokenWithoutAndWithLittleCare) {
  std::set<std::string> broken;
  for (const Scenario& scenario : shipped("scenarios")) broken.insert(scenario.breaks.begin(), scenario.breaks.end());
  for (const int i : {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14})  // I10 needs tracks of vessels
    EXPECT_TRUE(broken.contains("I" + std::to_string(i))) << i;
}

// How often each twin is expected, from the figures; a factor of two for a week of a small port.
TEST(Plants, TwinsHappenAtTheirRates) {
  const Simulated done = run({}, true);
  ASSERT_TRUE(done.account.has_value()) << done.account.error().message;
  const std::string& plants = done.truth.at("truth/plants.jsonl");
  const auto count = [&](const std::string& name) {
    return static_cast<double>(lines_with(plants, {"\"script\":\"" + name + "\"", "\"innocent\":true"}));
  };
  const auto boxes = static_cast<double>(lines_with(plants, {}));
  EXPECT_GT(boxes, 100);
  const double imports = 1900, exports_empty = 230;
  const Figures& f = shipped_figures();
  for (const auto& [name, expected] : std::map<std::string, double>{
           {"oral_order", imports * f.value("yard.oral_order_share")},
           {"late_order", imports * f.value("yard.late_order_share")},
           {"wet_empty", exports_empty * f.value("empty.residue_share")},
           {"pin_slip", imports * f.value("release.pin_slip_share")}}) {
    EXPECT_GT(count(name), expected / 3) << name;
    EXPECT_LT(count(name), expected * 3) << name;
  }
  EXPECT_EQ(lines_with(plants, {"\"innocent\":false"}), 0U);
}

TEST(Plants, SameSeedSameTruth) {
  std::vector<PlantOrder> crimes;
  for (const Scenario& scenario : shipped("scenarios"))
    if (scenario.name == "mass_queries" || scenario.name == "pin_fraud") crimes.push_back({scenario, 0});
  const Simulated once = run(crimes, true, "one-berth", true), again = run(crimes, true, "one-berth", true);
  ASSERT_TRUE(once.account.has_value()) << once.account.error().message;
  EXPECT_EQ(once.truth, again.truth);
  EXPECT_EQ(once.account->bytes, again.account->bytes);
  EXPECT_EQ(once.files, again.files);
  auto all = once.files;
  all.insert(once.truth.begin(), once.truth.end());
  record_digest(all);
}

TEST(Plants, WhatFitsNowhereIsRefusedWithItsReasons) {
  auto read = read_scenario(R"(format = "quaywatch.scenario/1"
name = "x"
[[box]]
trade = "import"
origin = ["XXXXX"]
[[step]]
add = "release_viewed"
at = "release_issued + 1h"
)",
                            "x.toml");
  ASSERT_TRUE(read.has_value());
  const Simulated done = run({{*read, 1}}, false, "one-berth");
  ASSERT_FALSE(done.account.has_value());
  EXPECT_NE(done.account.error().message.find("x.toml: 'x' at level 1 fits no box between 2026-10-18T22:00:00Z"),
            std::string::npos);
  EXPECT_NE(done.account.error().message.find("other origin"), std::string::npos) << done.account.error().message;
}

// What everybody but the planted boxes goes through, with and without a crime.
class Diary final : public System {
 public:
  void see(const World& world, const Happening& h) override {
    if (h.box == kNone) return;
    const Box& b = world.box(h.box);
    if (b.planted) planted.insert(b.number);
    lines.emplace(b.number, format_rfc3339(h.at) + " " + std::string(act_name(h.act)) + " " + h.seal);
  }
  void tick(const World&, Timestamp) override {}
  void close(const World&, Timestamp) override {}
  std::set<std::string> planted;
  std::set<std::pair<std::string, std::string>> lines;
};

Diary diary_of(std::vector<PlantOrder> crimes) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-10-18T22:00:00Z");
  options.until = options.from + days(7);
  World world(make_port(shipped_figures(), *shipped_figures().size("small"), 3, options.from), options);
  auto diary = std::make_unique<Diary>();
  const Diary& kept = *diary;
  world.add_system(std::move(diary));
  const Plants plants(world, std::move(crimes), {});
  world.run(nullptr);
  EXPECT_TRUE(plants.placed().has_value());
  return kept;
}

TEST(Plants, OtherBoxesLiveAsTheyWouldHave) {
  std::vector<PlantOrder> crimes;
  for (const Scenario& scenario : shipped("scenarios"))
    if (scenario.name == "pin_fraud" || scenario.name == "rip_off") crimes.push_back({scenario, 1});
  const Diary without = diary_of({}), with = diary_of(std::move(crimes));
  EXPECT_EQ(with.planted.size(), 2U);
  std::size_t changed = 0;
  for (const auto& line : without.lines) changed += !with.planted.contains(line.first) && !with.lines.contains(line);
  // The boxes that stood above or below a planted one are set aside at other times, and those beside them.
  EXPECT_LT(changed, without.lines.size() / 200) << changed << " of " << without.lines.size();
}

TEST(Plants, EachTwinIsFarMoreFrequentThanTheCrime) {
  const Figures& f = shipped_figures();
  for (const Scenario& twin : shipped("twins")) {
    EXPECT_FALSE(twin.twin_of.empty()) << twin.name;
    if (twin.rate == "always") continue;
    EXPECT_GT(twin.rate_times * f.value(twin.rate), 50 * f.value("crime.finds_per_box")) << twin.name;
  }
}

}  // namespace
}  // namespace quaywatch::sim
