// Announcements, appointments, look-ups and the gate of a small port against the figures that they follow.
#include "sim/community.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "sim/calendar.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

struct Counts final : System {
  void see(const World& world, const Happening& h) override {
    ++acts[h.act];
    if (h.act == Act::box_located && h.company == world.port().terminal) {
      ++looks;
      untasked += h.has_task ? 0 : 1;
    }
    if (h.box == kNone) return;
    const Box& b = world.box(h.box);
    if (h.act == Act::appointment_made) {
      ++appointments;
      EXPECT_EQ(h.due_before, Timestamp{});
      EXPECT_GT(h.due, h.at) << h.ref;
    }
    if (h.act == Act::appointment_changed) {
      moved.insert(h.ref);
      EXPECT_EQ(h.ref, b.appointment);
      EXPECT_GE(b.appointment_version, 2U);
    }
    if (h.act == Act::gate_entered || h.act == Act::gate_left) gate(world, h, b);
  }
  void gate(const World& world, const Happening& h, const Box& b) {
    if (h.vehicle == kNone) return;
    ASSERT_NE(h.device, kNone);
    EXPECT_EQ(world.port().devices[h.device].inwards, h.act == Act::gate_entered);
    (h.act == Act::gate_entered ? entries : exits) += 1;
    if (h.act == Act::gate_entered && h.carries) brings += 1;
    if (h.act == Act::gate_entered && world.port().vehicles[h.vehicle].company == world.port().rental) {
      EXPECT_TRUE(out.emplace(h.vehicle, local_midnight(h.at)).second) << "hired twice a day";
    }
    if (h.act == Act::gate_left && h.carries) takes += 1;
    if (h.act != Act::gate_left || !h.carries || !b.full) return;
    if (h.ref == b.appointment && h.ref != "") late += h.at - b.due > hours(5) ? 1 : 0;
    hired += world.port().vehicles[h.vehicle].company == world.port().rental ? 1 : 0;
  }
  void tick(const World&, Timestamp) override {}
  void close(const World&, Timestamp) override {}

  std::map<Act, int> acts;
  std::set<std::string> moved;
  std::set<std::pair<Index, Timestamp>> out;  // hired tractors, by day
  int looks = 0, untasked = 0, appointments = 0, entries = 0, exits = 0, brings = 0, takes = 0, late = 0, hired = 0;
};

const Counts& counts() {
  static const Counts* made = [] {
    WorldOptions options;
    options.from = *parse_rfc3339("2026-05-31T22:00:00Z");
    options.until = options.from + days(14);
    World world(make_port(shipped_figures(), *shipped_figures().size("small"), 11, options.from), options);
    auto system = std::make_unique<Counts>();
    const Counts& seen = *system;
    world.add_system(std::move(system));
    world.run(nullptr);
    return new Counts(seen);
  }();
  return *made;
}

// Within four standard deviations of a share; seeds are fixed, so that a test is an exact repetition.
void expect_share(double seen, double of, double share, const char* what) {
  ASSERT_GT(of, 100) << what;
  EXPECT_NEAR(seen / of, share, 4 * std::sqrt(share * (1 - share) / of)) << what;
}

TEST(Community, LorriesTakeABoxBackAsOftenAsTheFigureSays) {
  const Counts& c = counts();
  // A visit that brings and takes is one entry and one exit; the boxes are counted apart.
  const double visits = c.exits, dual = c.brings + c.takes - c.exits;
  EXPECT_NEAR(dual / visits, shipped_figures().value("gate.dual_share"), 0.03) << dual << " of " << visits;
  EXPECT_EQ(c.late, 0);
}

TEST(Community, AnnouncementsChangeFailAndPassOn) {
  const Counts& c = counts();
  const Figures& f = shipped_figures();
  const double collections = c.acts.at(Act::pickup_announced);
  expect_share(c.acts.at(Act::pickup_refused), collections, f.value("release.pin_slip_share"), "wrong codes");
  EXPECT_GT(c.acts.at(Act::pickup_withdrawn), 0.02 * collections);  // of those by lorry, and not of dual visits
  EXPECT_LT(c.acts.at(Act::pickup_withdrawn), f.value("haulier.swap_share") * collections);
  const double changed = static_cast<double>(c.moved.size()) / c.appointments;
  EXPECT_GT(changed, f.value("gate.appointment_change_share"));
  EXPECT_LT(changed, 2.3 * f.value("gate.appointment_change_share"));
  EXPECT_GT(c.hired, 0.02 * c.takes);
}

TEST(Community, StaffLooksUpInShifts) {
  const Counts& c = counts();
  const Figures& f = shipped_figures();
  expect_share(c.untasked, c.looks, f.value("release.view_without_ticket_share"), "look-ups outside a job");
  // 17 clerks and 17 planners in three shifts of four crews, 35 in the office and 7 for the systems on working days.
  const double shifts = 14 * 3 * 34 / 4.0 + 10 * 42;
  EXPECT_NEAR(c.looks / (shifts * f.quantiles("account.lookup_per_shift").mean()), 1, 0.15);
}

TEST(Community, OfficeHoursAreLocal) {
  EXPECT_TRUE(office_hours(*parse_rfc3339("2026-06-01T05:30:00Z")));   // Monday, half past seven by the wall
  EXPECT_FALSE(office_hours(*parse_rfc3339("2026-12-07T05:30:00Z")));  // the same in winter
  EXPECT_FALSE(office_hours(*parse_rfc3339("2026-06-06T08:00:00Z")));  // Saturday
}

}  // namespace
}  // namespace quaywatch::sim
