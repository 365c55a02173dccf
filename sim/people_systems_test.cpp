// What the systems of people and devices write of a fortnight: no system tells what it cannot see.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "sim/calendar.h"
#include "sim/systems.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> rows_of(const std::string& bytes, char separator) {
  std::vector<Row> out;
  std::istringstream lines(bytes);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    Row& row = out.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, separator);) row.push_back(cell);
  }
  if (!out.empty()) out.erase(out.begin());  // the header
  return out;
}

// The rows of all files of a folder.
class Fortnight : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    WorldOptions options;
    options.seed = 5;
    options.from = *parse_rfc3339("2026-10-18T22:00:00Z");
    options.until = local_midnight(options.from + days(14) + hours(12));
    World world(make_port(shipped_figures(), *shipped_figures().size("small"), options.seed, options.from), options);
    const Deliver keep = [](const std::string& path, std::string_view bytes, Timestamp) {
      EXPECT_TRUE(files().emplace(path, bytes).second) << path;
    };
    for (const auto make : {access_system, card_register, roster_system, visitor_log, device_system, outer_gate_system})
      world.add_system(make(keep, options.from));
    world.run(nullptr);
  }
  static std::map<std::string, std::string>& files() {
    static std::map<std::string, std::string> kept;
    return kept;
  }
  static std::vector<Row> rows(const std::string& folder, char separator) {
    std::vector<Row> out;
    for (const auto& [path, bytes] : files())
      if (path.starts_with("feeds/" + folder))
        for (Row& row : rows_of(bytes, separator)) out.push_back(std::move(row));
    return out;
  }
};

// The text of an instant in UTC orders as the instant.
TEST_F(Fortnight, SilentReaderWritesNothing) {
  std::map<std::string, std::string> silent_since;
  std::vector<std::array<std::string, 3>> outages;  // device, from, until
  for (const Row& row : rows("monitoring/", ',')) {
    if (row[4] == "DOWN") silent_since[row[1]] = row[0];
    else if (silent_since.contains(row[1])) outages.push_back({row[1], silent_since[row[1]], row[0]});
  }
  std::set<std::string> readers, spoke;
  for (const auto& outage : outages)
    if (outage[0].starts_with("R")) readers.insert(outage[0]);
  ASSERT_FALSE(readers.empty());
  for (const Row& row : rows("access/", ';')) {
    spoke.insert(row[4]);
    for (const auto& [device, from, until] : outages) {
      // The monitor is up to a minute late at both ends.
      EXPECT_FALSE(device == row[4] && row[2] > from && row[2] < until &&
                   *parse_rfc3339(until) - *parse_rfc3339(row[2]) > minutes(1))
          << device << " at " << row[2];
    }
  }
  EXPECT_EQ(spoke.size(), 18U);
}

TEST_F(Fortnight, AccessDayIsCutAtTwo) {
  for (const auto& [path, bytes] : files()) {
    if (!path.starts_with("feeds/access/")) continue;
    const std::string until = path.substr(path.size() - 16, 12);
    EXPECT_TRUE(until.ends_with("0200") || until == "202611020000") << path;
    for (const Row& row : rows_of(bytes, ';'))
      EXPECT_LE(stamp_minute(local_time(*parse_rfc3339(row[2]) - seconds(2))), until) << path;
  }
}

// Whoever passes a door of a restricted zone is on the roster as it ends up, within two hours: but for swaps that
// nobody entered, call-outs, and the last days, whose changes are still to be entered.
TEST_F(Fortnight, RosterEndsUpTrueNearly) {
  struct Span {
    std::string staff, from, until;
  };
  std::map<std::string, std::pair<int, Span>> duties;
  const auto sortable = [](const std::string& t) {  // of dd.mm.yyyy hh:mm
    return t.substr(6, 4) + "-" + t.substr(3, 2) + "-" + t.substr(0, 2) + t.substr(10);
  };
  int versions = 0;
  for (const Row& row : rows("roster/", ';')) {
    auto& [version, span] = duties[row[0]];
    const int stated = row[1][0] - '0';
    versions += stated > 1 ? 1 : 0;
    if (stated > version) duties[row[0]] = {stated, {row[3], sortable(row[4]), sortable(row[5])}};
  }
  EXPECT_GT(versions, 100);
  std::map<std::string, std::vector<Span>> of_staff;
  for (const auto& [number, duty] : duties) of_staff[duty.second.staff].push_back(duty.second);
  int uses = 0, off = 0;
  for (const Row& row : rows("access/", ';')) {
    if (row[9] != "STAFF" || row[10] != "granted" || row[5] == "TERMINAL" || row[2] > "2026-10-30") continue;
    ++uses;
    const Timestamp t = *parse_rfc3339(row[2]);
    const std::string early = dashed(local_time(t + hours(2))), late = dashed(local_time(t - hours(2)));
    const auto& spans = of_staff[row[8]];
    off += std::none_of(spans.begin(), spans.end(), [&](const Span& s) { return s.from <= early && late <= s.until; });
  }
  EXPECT_GT(uses, 10'000);
  EXPECT_LT(off, uses / 500) << "of " << uses;
  EXPECT_GT(off, 0);
}

// Nobody planted anything: a card that was replaced or blocked opens no door any more.
TEST_F(Fortnight, DeadCardsOpenNothing) {
  std::map<std::string, std::string> dead_since;  // local, as the journal says
  int replaced = 0;
  for (const Row& row : rows("cards/", ',')) {
    replaced += row[2] == "REPLACED" ? 1 : 0;
    if (row[2] == "REPLACED") dead_since.emplace(row[5], row[1]);
    if (row[2] == "BLOCKED") dead_since.emplace(row[3], row[1]);
  }
  EXPECT_GT(replaced, 0);
  EXPECT_GT(dead_since.size(), static_cast<std::size_t>(replaced));
  int of_dead = 0;
  for (const Row& row : rows("access/", ';')) {
    const auto dead = dead_since.find(row[7]);
    if (dead == dead_since.end() || row[10] != "granted") continue;
    ++of_dead;
    EXPECT_LT(dashed(local_time(*parse_rfc3339(row[2]))), dead->second) << row[7];
  }
  EXPECT_GT(of_dead, 0) << "they were used before";
}

// A badge is one visitor's at a time.
TEST_F(Fortnight, BadgesComeBack) {
  std::map<std::string, std::string> out;
  int handed = 0;
  for (const Row& row : rows("reception/", ';')) {
    if (row[1] == "ARRIVED") {
      ++handed;
      EXPECT_TRUE(out.emplace(row[9], row[0]).second) << row[9];
    } else if (row[1] == "LEFT" && out.contains(row[9])) {  // else handed out before the first day
      EXPECT_EQ(out[row[9]], row[0]);
      out.erase(row[9]);
    }
  }
  EXPECT_GT(handed, 80);
}

TEST_F(Fortnight, EveryLorryPassesTheOuterGateBothWays) {
  std::map<std::string, int> in, out;
  for (const auto& [path, bytes] : files()) {
    if (!path.starts_with("feeds/port_authority/")) continue;
    std::istringstream lines(bytes);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_TRUE(line.starts_with("<110>1 2026-")) << line;
      const auto plate = line.find("plate=\"");
      if (plate == std::string::npos) continue;
      auto& way = line.find("way=\"IN\"") != std::string::npos ? in : out;
      ++way[line.substr(plate + 7, line.find('"', plate + 7) - plate - 7)];
    }
  }
  int uneven = 0;
  for (const auto& [plate, count] : in) uneven += std::abs(out[plate] - count) > 1 ? 1 : 0;
  EXPECT_GT(in.size(), 100U);
  EXPECT_LT(uneven, static_cast<int>(in.size()) / 20) << "barriers are silent at times";
}

}  // namespace
}  // namespace quaywatch::sim
