// Calls and berths, and what a month of a port lifts.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/flows.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

struct Seen {
  double planned = 0;  // lifts of the calls of four weeks from `from` on
  double lifts = 0;
  int twice = 0, most_at_once = 0;
  std::vector<Call> calls;
};

class Watch final : public System {
 public:
  explicit Watch(Seen& seen) : seen_(seen) {}
  void see(const World& world, const Happening& h) override {
    seen_.lifts += h.act == Act::discharged || h.act == Act::loaded ? 1 : 0;
    if (h.act == Act::vessel_arrived) seen_.calls.push_back(world.call(h.call));
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
  void close(const World& world, Timestamp) override {
    const Timestamp from = world.options().from;
    for (const Call& call : world.port().calls)
      if (call.eta >= from && call.eta < from + days(28)) seen_.planned += call.discharges + call.loads;
  }

 private:
  Seen& seen_;
  std::map<std::pair<Act, std::int64_t>, int> at_once_;
};

// No berth holds two ships; who waits has every berth taken before or by the end of the stay it needs.
void expect_berths(const Seen& seen, Timestamp from, Timestamp until, std::uint32_t berths) {
  for (const Call& a : seen.calls) {
    std::set<std::uint32_t> taken;
    for (const Call& b : seen.calls) {
      if (&a == &b) continue;
      if (b.berth == a.berth) {
        EXPECT_TRUE(a.departed <= b.arrived || b.departed <= a.arrived) << "two ships at berth " << a.berth;
      }
      if (b.arrived < a.departed + hours(2) && b.departed + hours(2) > a.reached) taken.insert(b.berth);
    }
    const bool whole = a.reached > from + days(3) && a.departed + hours(2) < until;
    if (whole && a.arrived > a.reached) {
      EXPECT_EQ(taken.size(), berths) << a.vessel << " waits beside an empty berth";
    }
  }
}

void expect_sound(const char* size_name, std::uint64_t seed, int length) {
  const Size& size = *shipped_figures().size(size_name);
  WorldOptions options;
  options.seed = seed;
  options.from = *parse_rfc3339("2026-08-31T22:00:00Z");
  options.until = options.from + days(length);
  World world(make_port(shipped_figures(), size, seed, options.from), options);
  Seen seen;
  world.add_system(std::make_unique<Watch>(seen));
  world.run(nullptr);
  const double a_day = size.boxes_per_year / 365.0;
  EXPECT_NEAR(seen.planned / (28 * a_day), 1, 0.05) << size_name;
  // Ships come days late, so that a week has more and another less.
  EXPECT_NEAR(seen.lifts / (length * a_day), 1, 0.3) << size_name;
  EXPECT_EQ(seen.twice, 0) << "boxes with a number that another has";
  EXPECT_LT(seen.most_at_once, 8) << "papers made in the second in which a call was planned";
  expect_berths(seen, options.from, options.until, size.berths);
}

TEST(Calls, SmallPortIsSound) { expect_sound("small", 3, 28); }
TEST(Calls, MediumPortIsSound) { expect_sound("medium", 4, 9); }

}  // namespace
}  // namespace quaywatch::sim
