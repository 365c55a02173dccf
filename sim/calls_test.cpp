// Calls and berths, and what a month of a port lifts.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/flows.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

WorldOptions options_of(std::uint64_t seed, Duration length) {
  WorldOptions options;
  options.seed = seed;
  options.from = *parse_rfc3339("2026-08-31T22:00:00Z");
  options.until = options.from + length;
  return options;
}

class Planned final : public System {
 public:
  explicit Planned(std::vector<Call>& calls) : calls_(calls) {}
  void see(const World&, const Happening&) override {}
  void tick(const World&, Timestamp) override {}
  void close(const World& world, Timestamp) override { calls_ = world.port().calls; }

 private:
  std::vector<Call>& calls_;
};

// The calls of four weeks are planned within a few days: the run ends long before the port is warm.
void expect_sound_calls(const char* size_name, std::uint64_t seed) {
  const Size& size = *shipped_figures().size(size_name);
  const WorldOptions options = options_of(seed, Duration{days(5).us - kWarmUp.us});
  World world(make_port(shipped_figures(), size, seed, options.from), options);
  std::vector<Call> calls;
  world.add_system(std::make_unique<Planned>(calls));
  world.run(nullptr);
  const Timestamp first = options.from - kWarmUp + days(2), last = first + days(28);
  double lifts = 0;
  for (const Call& a : calls) {
    if (a.eta >= first && a.eta < last) lifts += a.discharges + a.loads;
    std::set<std::uint32_t> taken;  // berths that another ship has before or by the end of the stay that `a` needs
    for (const Call& b : calls) {
      if (&a == &b) continue;
      if (b.berth == a.berth) {
        EXPECT_TRUE(a.departed <= b.arrived || b.departed <= a.arrived) << "two ships at berth " << a.berth;
      }
      if (b.arrived < a.departed + hours(2) && b.departed + hours(2) > a.reached) taken.insert(b.berth);
    }
    if (a.arrived > a.reached && a.reached > first) {
      EXPECT_EQ(taken.size(), size.berths) << a.vessel << " waits beside an empty berth";
    }
  }
  EXPECT_NEAR(lifts / (size.boxes_per_year * 28 / 365.0), 1, 0.05) << size_name;
}

TEST(Calls, SmallPortIsSound) { expect_sound_calls("small", 3); }
TEST(Calls, MediumPortIsSound) { expect_sound_calls("medium", 4); }

struct Seen {
  double lifts = 0;
  int twice = 0, most_at_once = 0, retyped = 0;
};

class Watch final : public System {
 public:
  explicit Watch(Seen& seen) : seen_(seen) {}
  void see(const World& world, const Happening& h) override {
    if (h.act == Act::discharged) {
      const Box& b = world.box(h.box);
      seen_.retyped += types_.emplace(b.number, b.size_type).first->second != b.size_type ? 1 : 0;
    }
    seen_.lifts += h.act == Act::discharged || h.act == Act::loaded ? 1 : 0;
    // What people do with papers; boxes on board move by the crane's beat.
    if (h.box != kNone && h.company != kNone)
      seen_.most_at_once = std::max(seen_.most_at_once, ++at_once_[{h.act, h.at.us}]);
  }
  void tick(const World& world, Timestamp now) override {
    at_once_.clear();
    if (now.us % days(1).us != 0) return;
    std::set<std::string> numbers;
    for (const Box& b : world.port().boxes)
      if (b.used && !numbers.insert(b.number).second) ++seen_.twice;
  }
  void close(const World&, Timestamp) override {}

 private:
  Seen& seen_;
  std::map<std::pair<Act, std::int64_t>, int> at_once_;
  std::map<std::string, std::string> types_;
};

TEST(Calls, BoxesComeOneByOne) {
  const Size& size = *shipped_figures().size("small");
  const WorldOptions options = options_of(3, days(14));
  World world(make_port(shipped_figures(), size, options.seed, options.from), options);
  Seen seen;
  world.add_system(std::make_unique<Watch>(seen));
  world.run(nullptr);
  // Ships come days late, so that a week has more and another less.
  EXPECT_NEAR(seen.lifts / (size.boxes_per_year * 14 / 365.0), 1, 0.3);
  EXPECT_EQ(seen.twice, 0) << "boxes with a number that another has";
  EXPECT_EQ(seen.retyped, 0) << "boxes with a number that was of another size or type";
  EXPECT_LT(seen.most_at_once, 8) << "papers made in the second in which a call was planned";
}

}  // namespace
}  // namespace quaywatch::sim
