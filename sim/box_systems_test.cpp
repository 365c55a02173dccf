// What the systems of customs, gate and yard write of a single happening, many times over.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "sim/systems.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

// The digits at the start of a text as a number, a decimal point left out: 18.5 is 185.
int digits(std::string_view text) {
  int out = 0;
  for (const char c : text) {
    if (c == '.' || c == '-') continue;
    if (c < '0' || c > '9') break;
    out = 10 * out + (c - '0');
  }
  return out;
}

const Timestamp kFrom = *parse_rfc3339("2026-06-01T22:00:00Z");  // a local midnight

// A port with one full box, and one system that sees what the test makes happen.
class BoxSystems : public ::testing::Test {
 protected:
  BoxSystems() : world_(make_port(shipped_figures(), *shipped_figures().size("one-berth"), 5, kFrom), options()) {
    box_ = world_.new_box();
    Box& b = world_.box(box_);
    b.number = "QXAU1234561";
    b.size_type = "45R1";
    b.seal = "QX1234567";
    b.tare_kg = 4'600;
    b.cargo_kg = 20'000;
    const auto& goods = shipped_figures().shares("box.commodity").names;
    b.commodity = static_cast<std::uint16_t>(std::find(goods.begin(), goods.end(), "080390") - goods.begin());
  }
  static WorldOptions options() {
    WorldOptions out;
    out.from = kFrom;
    out.until = kFrom + days(30);
    return out;
  }
  Happening happening(Act act, Timestamp at) const {
    Happening h;
    h.at = at;
    h.act = act;
    h.box = box_;
    h.account = world_.port().companies[world_.port().customs_office].accounts[0];
    h.seal = world_.box(box_).seal;
    return h;
  }
  // Rows of all files, without headers, after a month; by file.
  std::map<std::string, std::vector<std::string>> rows(System& system) {
    for (Timestamp now = kFrom; now < kFrom + days(30); now = now + hours(1)) system.tick(world_, now);
    system.close(world_, kFrom + days(30));
    std::map<std::string, std::vector<std::string>> out;
    for (const auto& [path, bytes] : files_) {
      std::istringstream in(bytes);
      std::string line;
      for (std::getline(in, line); std::getline(in, line);) out[path].push_back(line);
    }
    return out;
  }
  World world_;
  Index box_ = kNone;
  std::map<std::string, std::string> files_;
  Deliver deliver_ = [this](const std::string& path, std::string_view bytes, Timestamp) { files_[path] += bytes; };
};

TEST_F(BoxSystems, OneResealInTwentyIsToldLateOrWithoutItsSeal) {
  const auto system = inspection_system(deliver_, kFrom);
  constexpr int kControls = 1'000;
  for (int i = 0; i < kControls; ++i)
    for (const Act act : {Act::box_opened, Act::resealed}) {
      Happening h = happening(act, kFrom + hours(5));
      h.ref = fmt::format("CT{:04}", i);
      h.other = world_.port().companies[world_.port().customs_office].accounts[1];
      h.seal_before = "QX1234567";
      h.seal = "QX7654321";
      system->see(world_, h);
    }
  int opened = 0, resealed = 0, late = 0;
  for (const auto& [path, lines] : rows(*system))
    for (const std::string& line : lines) {
      EXPECT_NE(line.find(",T1-11,T1-12,"), std::string::npos) << line;  // team numbers, no names
      opened += line.find(",OPENED,") != std::string::npos ? 1 : 0;
      const bool told = line.ends_with(",QX1234567>QX7654321");
      resealed += told ? 1 : 0;
      late += told && path.find("20260602") == std::string::npos ? 1 : 0;
    }
  EXPECT_EQ(opened, kControls);
  EXPECT_NEAR(kControls - resealed, 25, 15);
  EXPECT_NEAR(late, 25, 15);
}

TEST_F(BoxSystems, AScanIsWrittenAgainWhenItIsJudged) {
  const auto system = scan_system(deliver_, kFrom);
  Happening h = happening(Act::scanned, kFrom + hours(20));
  h.ref = "CT1";
  system->see(world_, h);
  h.act = Act::scan_analysed;
  h.at = kFrom + hours(30);
  h.note = "SUSPECT";
  system->see(world_, h);
  const auto files = rows(*system);
  const auto& first = files.at("feeds/customs/scans_20260602.csv");
  const auto& second = files.at("feeds/customs/scans_20260603.csv");
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_TRUE(second[0].starts_with(first[0].substr(0, 60))) << second[0];
  EXPECT_TRUE(second[0].ends_with(";2026-06-03 06:00:00;T1-11;SUSPECT\r")) << second[0];
}

TEST_F(BoxSystems, SealsAreMisreadAsTheFiguresSay) {
  const auto system = seal_system(deliver_, kFrom);
  constexpr int kChecks = 20'000;
  for (int i = 0; i < kChecks; ++i) system->see(world_, happening(Act::seal_checked, kFrom + hours(5)));
  std::map<std::string, int> actions;
  int wrong = 0;
  for (const auto& [path, lines] : rows(*system))
    for (const std::string& line : lines) {
      const bool read = line.find(";READ;") != std::string::npos;
      ++actions[read ? "READ" : line.find(";UNREAD;") != std::string::npos ? "UNREAD" : "STRUCK"];
      wrong += read && line.find(";QX1234567;") == std::string::npos ? 1 : 0;
    }
  EXPECT_NEAR(actions["UNREAD"], 0.06 * kChecks, 150);
  EXPECT_NEAR(wrong, 0.004 * 0.94 * kChecks, 35);
  EXPECT_NEAR(actions["STRUCK"], 0.7 * wrong, 25);
}

TEST_F(BoxSystems, TicketsOfTheWeighbridgeAddUp) {
  const auto system = weighbridge_system(deliver_, kFrom);
  constexpr int kTickets = 2'000;
  for (int i = 0; i < kTickets; ++i) {
    Happening h = happening(Act::weighed, kFrom + hours(5));
    h.vehicle = 0;
    h.carries = true;
    h.weight_kg = 24'600;
    system->see(world_, h);
  }
  std::map<std::string, int> last;  // of each ticket
  int corrected = 0;
  for (const auto& [path, lines] : rows(*system))
    for (const std::string& line : lines) {
      std::istringstream in(line);
      std::vector<std::string> cells;
      for (std::string cell; std::getline(in, cell, ';');) cells.push_back(cell);
      ASSERT_EQ(cells.size(), 12U) << line;
      EXPECT_EQ(digits(cells[7]) - digits(cells[8]), digits(cells[9])) << line;
      corrected += cells[3] == "CORRECTED" ? 1 : 0;
      last[cells[0]] = digits(cells[9]);
    }
  EXPECT_EQ(last.size(), static_cast<std::size_t>(kTickets));
  EXPECT_NEAR(corrected, 0.005 * kTickets, 9);
  for (const auto& [ticket, kg] : last) EXPECT_NEAR(kg, 24'600, 20) << ticket;
}

TEST_F(BoxSystems, ABoxWithoutPowerIsWarmerWhenItIsPluggedInAgain) {
  const auto system = reefer_system(deliver_, kFrom);
  system->see(world_, happening(Act::reefer_unplugged, kFrom + hours(5)));
  system->see(world_, happening(Act::reefer_plugged, kFrom + hours(25)));
  int set = 0, back = 0;
  for (const auto& [path, bytes] : files_) ADD_FAILURE() << path;  // nothing before the day is over
  system->close(world_, kFrom + days(3));
  for (const auto& [path, bytes] : files_)
    if (const auto at = bytes.find(R"("PLUG")"); at != std::string::npos) {
      set = digits(bytes.substr(bytes.find(R"("set_c":)", at) + 8));
      back = digits(bytes.substr(bytes.find(R"("return_c":)", at) + 11));
    }
  EXPECT_GE(back - set, 50);  // twenty hours without power
}

}  // namespace
}  // namespace quaywatch::sim
