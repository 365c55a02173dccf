// What customs do to a port where nothing is wrong.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/flows.h"
#include "sim/testing.h"
#include "sim/world.h"

namespace quaywatch::sim {
namespace {

class Watch final : public System {
 public:
  void see(const World& world, const Happening& h) override {
    if (h.act == Act::control_ordered) ordered.insert(h.ref);
    if (h.act == Act::moved && h.move == Move::to_control && h.at > world.options().from + hours(2)) {
      EXPECT_TRUE(ordered.contains(world.box(h.box).control)) << "brought to customs before they asked";
    }
    if (h.act < Act::selected || h.act > Act::customs_cleared) return;
    ++acts[h.act];
    if (h.act == Act::customs_cleared) return;
    EXPECT_FALSE(h.ref.empty());
    EXPECT_EQ(h.ref, world.box(h.box).control);
    if (h.act == Act::deselected || h.act == Act::box_opened) {
      EXPECT_NE(h.account, h.other);
    }
    if (h.act == Act::scanned) {
      EXPECT_NE(h.device, kNone);
    }
    if (h.act == Act::box_opened) opened[h.ref] = h.at;
    if (h.act == Act::resealed) {
      EXPECT_NE(h.seal, h.seal_before);
      EXPECT_EQ(h.seal, world.box(h.box).seal);
    }
    if (h.act == Act::control_ended && opened.contains(h.ref)) {
      EXPECT_GT(h.at, opened[h.ref]);
    }
  }
  void tick(const World&, Timestamp) override {}
  void close(const World&, Timestamp) override {}
  std::set<std::string> ordered;
  std::map<Act, int> acts;
  std::map<std::string, Timestamp> opened;
};

TEST(Customs, ControlsKeepToTheirShares) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-05-31T22:00:00Z");
  options.until = options.from + days(20);
  World world(make_port(shipped_figures(), *shipped_figures().size("small"), 5, options.from), options);
  auto watch = std::make_unique<Watch>();
  Watch& seen = *watch;
  world.add_system(std::move(watch));
  world.run(nullptr);
  const double selected = seen.acts[Act::selected];
  ASSERT_GT(selected, 60);
  EXPECT_NEAR(seen.acts[Act::scanned] / selected, 0.71, 0.15);  // 75 % of those that stay on the list
  EXPECT_NEAR(seen.acts[Act::box_opened] / selected, 0.285, 0.15);
  EXPECT_GT(seen.acts[Act::deselected], 0);
  EXPECT_GT(seen.acts[Act::customs_cleared], 20 * selected);
}

TEST(Customs, SouthAmericaIsSelectedMore) {
  const Figures& figures = shipped_figures();
  EXPECT_DOUBLE_EQ(selected_share(figures, "ECGYE"), 0.10);
  double all = 0;
  const Shares& origins = figures.shares("box.origin");
  for (const std::string& name : origins.names) all += origins.share(name) * selected_share(figures, name);
  EXPECT_NEAR(all, figures.value("customs.selected_share"), 1e-9);
}

}  // namespace
}  // namespace quaywatch::sim
