// The port as a whole: what must hold of any run.
#include "sim/simulate.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/calendar.h"
#include "sim/testing.h"
#include "sim/world.h"

namespace quaywatch::sim {
namespace {

std::map<std::string, std::string> files_of(std::uint64_t seed) {
  std::map<std::string, std::string> out;
  SimulateOptions options;
  options.size = "one-berth";
  options.seed = seed;
  options.from = *parse_rfc3339("2026-10-20T00:00:00Z");
  const auto account = simulate(
      shipped_figures(), options,
      [&](const std::string& path, std::string_view bytes, Timestamp) {
        EXPECT_TRUE(out.emplace(path, bytes).second) << path;
      },
      [](const std::string&, std::string_view) {}, nullptr);
  EXPECT_TRUE(account.has_value());
  return out;
}

TEST(Simulate, SameSeedSameBytes) {
  const auto once = files_of(1);
  EXPECT_EQ(once, files_of(1));
  EXPECT_NE(once, files_of(2));
  EXPECT_GT(once.size(), 20U);
  record_digest(once);
}

TEST(Simulate, UnknownSizeIsNamed) {
  SimulateOptions options;
  options.size = "huge";
  const auto refused = simulate(
      shipped_figures(), options, [](const std::string&, std::string_view, Timestamp) {},
      [](const std::string&, std::string_view) {}, nullptr);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("rotterdam"), std::string::npos) << refused.error().message;
}

// Nobody planted anything: every move has an order that came before it, goes where the order says, and a box stands in
// one place at a time.
class Watch final : public System {
 public:
  void see(const World& world, const Happening& h) override {
    if (h.box == kNone) return;
    const Box& b = world.box(h.box);
    if (h.act == Act::move_ordered) ordered_[h.ref] = h.to;
    if (h.act == Act::moved) {
      ++moves;
      if (!h.ref.empty() && ordered_.contains(h.ref)) {
        EXPECT_EQ(slot_text(ordered_[h.ref]), slot_text(h.to)) << h.ref;
      }
      unordered += h.ref.empty() ? 1 : 0;
      if (h.to.block != 0) {
        EXPECT_EQ(b.slot, h.to);
      }
    }
    if (h.act == Act::gate_left && h.carries) {
      EXPECT_FALSE(gone.contains(b.number)) << b.number << " left twice";
      if (b.trade == Trade::import) gone.insert(b.number);
    }
  }
  void tick(const World&, Timestamp) override {}
  void close(const World&, Timestamp) override {}
  int moves = 0, unordered = 0;
  std::set<std::string> gone;

 private:
  std::map<std::string, Slot> ordered_;
};

TEST(World, MovesHaveOrders) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-05-31T22:00:00Z");
  options.until = options.from + days(7);
  World world(make_port(shipped_figures(), *shipped_figures().size("small"), 6, options.from), options);
  auto watch = std::make_unique<Watch>();
  const Watch& seen = *watch;
  world.add_system(std::move(watch));
  world.run(nullptr);
  EXPECT_GT(seen.moves, 5'000);
  EXPECT_EQ(seen.unordered, 0);
  EXPECT_GT(seen.gone.size(), 500U);
}

TEST(Port, BoxNumbersFollowIso6346) {
  EXPECT_EQ(check_digit("CSQU305438"), '3');  // the example of the standard
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const std::string number = new_box_number(random);
    ASSERT_EQ(number.size(), 11U);
    EXPECT_EQ(number.back(), check_digit(number)) << number;
  }
}

}  // namespace
}  // namespace quaywatch::sim
