// What follows from happenings by itself: lorries are weighed, seals read, reefers plugged.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "sim/commodities.h"
#include "sim/flows.h"
#include "sim/testing.h"
#include "sim/world.h"

namespace quaywatch::sim {
namespace {

class Watch final : public System {
 public:
  void see(const World& world, const Happening& h) override {
    if (h.box == kNone) return;
    const Box& b = world.box(h.box);
    switch (h.act) {
      case Act::gate_entered:
      case Act::gate_left:
        passages += h.vehicle != kNone ? 1 : 0;
        checks_due += h.vehicle != kNone && h.carries && b.full ? 1 : 0;
        break;
      case Act::discharged:
      case Act::loaded: checks_due += b.full ? 1 : 0; break;
      case Act::seal_checked:
        ++checks;
        EXPECT_EQ(h.seal, b.seal);
        EXPECT_FALSE(h.place.empty());
        break;
      case Act::weighed:
        ++weighings;
        if (h.carries) {
          EXPECT_LE(std::abs(h.weight_kg - b.tare_kg - b.cargo_kg), 200);  // weight.weighbridge_error_kg
        } else {
          EXPECT_EQ(h.weight_kg, 0);
        }
        break;
      case Act::sealed:
        if (h.company != world.port().terminal) break;
        ++damages;
        EXPECT_NE(h.seal, h.seal_before);
        EXPECT_EQ(b.seal, h.seal);
        break;
      case Act::reefer_plugged:
        EXPECT_TRUE(is_cooled(b));
        ++plugs;
        faults += h.note == "REPAIR" ? 1 : 0;
        break;
      case Act::moved:
        EXPECT_FALSE(b.plugged) << b.number << " moved with its plug in";
        break;
      case Act::door_opened:
        smart_doors += is_smart(world, b) ? 1 : 0;
        ++doors;
        break;
      case Act::repaired:
        EXPECT_FALSE(b.full);
        ++repairs;
        break;
      case Act::depot_entered: ++returned; break;
      case Act::reefer_alarmed: EXPECT_NE(h.note, "POWER OFF"); break;
      default: break;
    }
  }
  void tick(const World&, Timestamp) override {}
  void close(const World&, Timestamp) override {}
  int passages = 0, weighings = 0, checks_due = 0, checks = 0, damages = 0, plugs = 0, faults = 0;
  int doors = 0, smart_doors = 0, repairs = 0, returned = 0;
};

TEST(Consequences, OfAnInnocentFortnight) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-05-31T22:00:00Z");
  options.until = options.from + days(14);
  World world(make_port(shipped_figures(), *shipped_figures().size("small"), 5, options.from), options);
  auto watch = std::make_unique<Watch>();
  const Watch& seen = *watch;
  world.add_system(std::move(watch));
  world.run(nullptr);
  ASSERT_GT(seen.passages, 5'000);
  EXPECT_NEAR(seen.weighings, seen.passages, 3);  // one passes at the edge of the time that is watched
  EXPECT_NEAR(seen.checks, seen.checks_due, 3);
  EXPECT_GT(seen.damages, 0);
  EXPECT_LT(seen.damages, 40);
  EXPECT_GT(seen.plugs, 500);
  EXPECT_GT(seen.faults, 0);
  EXPECT_GT(seen.smart_doors, 0);
  EXPECT_LT(seen.smart_doors, seen.doors / 3);  // a quarter of one line
  EXPECT_NEAR(1.0 * seen.repairs / seen.returned, 0.015, 0.006);
}

// A box that is taken without an order, its plug still in, makes the monitor cry.
TEST(Consequences, OfAForcedMove) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-05-31T22:00:00Z");
  options.until = options.from + days(1);
  World world(make_port(shipped_figures(), *shipped_figures().size("one-berth"), 5, options.from), options);
  Box& b = world.box(world.new_box());
  b.size_type = "45R1";
  b.plugged = true;
  Happening h;
  h.at = options.from;
  h.act = Act::moved;
  h.box = 0;
  h.forced = true;
  h.move = Move::to_lane;
  Random random(1);
  ASSERT_TRUE(take_effect(world, h, random));
  EXPECT_FALSE(b.plugged);
  EXPECT_EQ(b.open_steps, 1U);  // the alarm
}

TEST(Commodities, EveryOneHasAText) {
  for (const std::string& hs : shipped_figures().shares("box.commodity").names)
    EXPECT_NE(goods_text(hs), "general cargo") << hs;
  EXPECT_EQ(set_point_dc("080390"), 133);
  EXPECT_FALSE(set_point_dc("401110").has_value());
}

}  // namespace
}  // namespace quaywatch::sim
