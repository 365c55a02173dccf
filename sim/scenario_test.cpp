// What scenario files may say, and how those with a fault are refused.
#include "sim/scenario.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sim/planting.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

// A sound scenario of eleven lines, in which each case replaces one piece.
constexpr std::string_view kSound = R"(format = "quaywatch.scenario/1"
name = "x"
[[box]]
trade = "import"
[[who]]
name = "clerk"
company = "agent"
[[step]]
id = "lookup"
add = "release_viewed"
at = "release_issued + 1h..4h"
who = "clerk"
)";

std::string with(std::string_view piece, std::string_view instead) {
  std::string out(kSound);
  const std::size_t at = out.find(piece);
  EXPECT_NE(at, std::string::npos) << piece;
  return out.replace(at, piece.size(), instead);
}

TEST(Scenario, SoundOneIsReadForAllLevels) {
  const auto read = read_scenario(kSound, "x.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  for (const Script& script : read->level) {
    ASSERT_EQ(script.steps.size(), 1U);
    EXPECT_EQ(script.steps[0].act, Act::release_viewed);
    EXPECT_EQ(script.steps[0].at->most, hours(4));
  }
}

TEST(Scenario, FaultsNameLineKeyAndNearestWord) {
  struct Case {
    std::string_view piece, instead, told;
  };
  constexpr Case kCases[] = {
      {"quaywatch.scenario/1", "quaywatch.scenario/9", "line 1: at the top, format"},
      {"trade = \"import\"", "trade = \"imports\"",
       "x.toml, line 4: [[box]] trade: 'imports' is not known; nearest: import"},
      {"trade = \"import\"", "trad = \"import\"", "line 4: [[box]] trad: 'trad' is not known; nearest: trade"},
      {"company = \"agent\"", "company = \"agnet\"", "line 7: [[who]] company: 'agnet' is not known; nearest: agent"},
      {"company = \"agent\"", "account = \"own\"", "needs a company, a role or both"},
      {"add = \"release_viewed\"", "add = \"release_vewed\"",
       "line 10: [[step]] add: 'release_vewed' is no act; nearest: release_viewed"},
      {"add = \"release_viewed\"", "note = \"x\"", "needs exactly one of add, change, drop, mark, silence"},
      {"release_issued + 1h..4h", "release_isued + 1h", "'release_isued' is not known; nearest: release_issued"},
      {"release_issued + 1h..4h", "release_issued + 4h..1h", "ends before it begins"},
      {"release_issued + 1h..4h", "release_issued between 22 and 04:00", "a time of the day is hh:mm"},
      {"at = \"release_issued + 1h..4h\"", "", "a step that is added needs its time"},
      {"who = \"clerk\"\n", "who = \"clark\"\n", "who: 'clark' is not known; nearest: clerk"},
      {"who = \"clerk\"\n", "box = \"decoy\"\n", "box: 'decoy' is not known"},
      {"who = \"clerk\"\n", "times = 0\n", "line 12: [[step]] times: 0 is not from 1 to 500"},
      {"who = \"clerk\"\n", "times = 3\n", "steps that repeat need their pace"},
      {"who = \"clerk\"\n", "levels = [4]\n", "a level is a whole number from 0 to 3"},
      {"who = \"clerk\"\n", "levels = [1]\n", "level 0 has no [[step]]"},
      {"name = \"x\"", "name = \"x\"\ninnocent = true", "a twin happens at the rate of a figure"},
      {"name = \"x\"", "name = \"x\"\norder = [[\"lookup\", \"gate_lef\"]]",
       "order: 'gate_lef' is not known; nearest: gate_left"},
      {"id = \"lookup\"", "id = \"gate_left\"", "'gate_left' is taken"},
      {"[[box]]", "[[box", "line 3"}};
  for (const Case& c : kCases) {
    const auto read = read_scenario(with(c.piece, c.instead), "x.toml");
    ASSERT_FALSE(read.has_value()) << c.instead;
    EXPECT_NE(read.error().message.find(c.told), std::string::npos) << c.instead << "\n" << read.error().message;
  }
}

TEST(Scenario, ExampleOfTheDocumentIsRead) {
  std::ifstream in(QUAYWATCH_SOURCE_DIR "/docs/formats/scenario.md");
  std::stringstream text;
  text << in.rdbuf();
  const std::string page = text.str();
  const std::size_t from = page.find("```toml\n") + 8;
  const auto read = read_scenario(page.substr(from, page.find("```", from) - from), "scenario.md");
  EXPECT_TRUE(read.has_value()) << read.error().message;
}

// A box of one plan, on which the times are counted.
TEST(Timetable, CountsFromAnchorsStepsAndTheClock) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-10-18T22:00:00Z");
  options.until = options.from + days(7);
  World world(make_port(shipped_figures(), *shipped_figures().size("one-berth"), 1, options.from), options);
  BoxPlan plan{world.new_box(), {}};
  const Timestamp issued = *parse_rfc3339("2026-10-20T10:00:00Z");
  plan.add(issued, Act::release_issued);
  plan.add(issued + days(2), Act::gate_entered);
  const auto read = read_scenario(R"(format = "quaywatch.scenario/1"
name = "x"
order = [["night", "gate_entered"]]
[[box]]
[[step]]
id = "lookup"
add = "release_viewed"
at = "release_issued + 2h"
times = 3
every = "10m"
[[step]]
id = "night"
add = "box_located"
at = "lookup.last + 1m between 22:00 and 04:00"
)",
                                  "x.toml");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  Random random(1);
  const auto times = timetable(world, *read, read->level[0], plan, {}, random);
  ASSERT_TRUE(times.has_value()) << times.error().message;
  EXPECT_EQ(times->first, issued + hours(2));
  EXPECT_EQ(times->ids.at("lookup").second, issued + hours(2) + minutes(20));
  const Timestamp night = times->ids.at("night").first;
  EXPECT_GE(night, *parse_rfc3339("2026-10-20T20:00:00Z"));  // 22:00 in summer time
  EXPECT_LT(night, *parse_rfc3339("2026-10-21T02:00:00Z"));
  plan.steps.pop_back();
  plan.add(issued + hours(3), Act::gate_entered);
  const auto refused = timetable(world, *read, read->level[0], plan, {}, random);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message, "night would not come before gate_entered");
}

}  // namespace
}  // namespace quaywatch::sim
