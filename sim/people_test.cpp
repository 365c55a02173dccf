// Where people are: in one place at a time, home after the shift, and at work where machines move.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/calendar.h"
#include "sim/testing.h"
#include "sim/world.h"

namespace quaywatch::sim {
namespace {

class Warden final : public System {
 public:
  void see(const World& world, const Happening& h) override {
    const Port& port = world.port();
    if (h.act == Act::door_passed) pass(port, h);
    if ((h.act == Act::moved || h.act == Act::discharged || h.act == Act::loaded) && h.person != kNone) {
      ++operated;
      const std::string& zone = port.people[h.person].zone;
      away += zone != "YARD" && zone != "QUAY" ? 1 : 0;
    }
    if ((h.act == Act::moved || h.act == Act::discharged) && h.person == kNone) ++unmanned;
    if (h.act == Act::duty_changed) {
      ++changes;
      late += h.at > port.duties.at(h.other).from ? 1 : 0;
    }
    if (h.act == Act::logged_in) {
      ++sessions;
      users_[h.account].insert(h.person);
      unmarked += users_[h.account].size() > 1 && !port.accounts[h.account].shared ? 1 : 0;
      shared += users_[h.account].size() == 2 ? 1 : 0;
    }
    if (h.act == Act::logged_in && port.people[h.person].zone.empty()) ++from_outside;
    if (h.act == Act::gate_entered && h.vehicle != kNone && h.company != kNone) lorry(world, h, true);
    if (h.act == Act::gate_left && h.vehicle != kNone && h.company != kNone) lorry(world, h, false);
  }
  void tick(const World&, Timestamp) override {}
  void close(const World&, Timestamp) override {}

  int passages = 0, wrong_way = 0, operated = 0, away = 0, unmanned = 0, changes = 0, late = 0, sessions = 0;
  int from_outside = 0, twice_inside = 0, shared = 0, unmarked = 0;
  std::int64_t longest_h = 0;

 private:
  void pass(const Port& port, const Happening& h) {
    ++passages;
    const bool in = port.devices[h.device].inwards;
    auto& zones = inside_[h.person];
    if (in) {
      wrong_way += zones.insert_or_assign(h.place, h.at).second ? 0 : 1;
    } else if (const auto at = zones.find(h.place); at != zones.end()) {
      longest_h = std::max(longest_h, (h.at - at->second).us / hours(1).us);
      zones.erase(at);
    }
    std::size_t inner = zones.size() - zones.count("PORT") - zones.count("TERMINAL");
    wrong_way += inner > 1 ? 1 : 0;
  }
  void lorry(const World&, const Happening& h, bool in) {
    if (!in) lorries_.erase(h.vehicle);
    else if (!lorries_.insert(h.vehicle).second) ++twice_inside;
  }
  std::map<Index, std::map<std::string, Timestamp>> inside_;  // zones in which a person is, since when
  std::set<Index> lorries_;
  std::map<Index, std::set<Index>> users_;  // of an account
};

TEST(People, AreInOnePlaceAtATime) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-10-18T22:00:00Z");  // over the change of the clocks
  options.until = options.from + days(14);
  World world(make_port(shipped_figures(), *shipped_figures().size("small"), 7, options.from), options);
  auto warden = std::make_unique<Warden>();
  const Warden& seen = *warden;
  world.add_system(std::move(warden));
  world.run(nullptr);
  EXPECT_GT(seen.passages, 20'000);
  EXPECT_EQ(seen.wrong_way, 0);
  EXPECT_LE(seen.longest_h, 14);
  EXPECT_GT(seen.operated, 10'000);
  EXPECT_EQ(seen.away, 0) << "of " << seen.operated;
  EXPECT_EQ(seen.unmanned, 0);
  EXPECT_GT(seen.changes, 50);
  EXPECT_GT(seen.late, 10);
  EXPECT_LT(seen.late, seen.changes);
  EXPECT_GT(seen.sessions, 500);
  EXPECT_EQ(seen.from_outside, 0);
  EXPECT_GT(seen.shared, 0);
  EXPECT_EQ(seen.unmarked, 0);
  EXPECT_EQ(seen.twice_inside, 0);
}

}  // namespace
}  // namespace quaywatch::sim
