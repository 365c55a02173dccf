// What a run shows against the calibration table: chi-square for shares, Kolmogorov-Smirnov for drawn values, at fixed
// seeds, so that the tests are exact repetitions and never flaky. Critical values at 0.1 %: a right generator fails one
// seed in a thousand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/calendar.h"
#include "sim/flows.h"
#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

// Upper 0.1 % point of chi-square, by Wilson and Hilferty (1931); good to a percent from 2 degrees of freedom up.
double chi_square_limit(double degrees) {
  const double a = 2 / (9 * degrees);
  return degrees * std::pow(1 - a + 3.0902 * std::sqrt(a), 3);
}

void expect_shares(const Shares& shares, const std::map<std::string, int>& seen, const char* what) {
  double total = 0, chi = 0, cells = 0, rare_expected = 0, rare_seen = 0;
  for (const auto& [name, count] : seen) total += count;
  for (const std::string& name : shares.names) {
    const double expected = total * shares.share(name);
    const double count = seen.contains(name) ? seen.at(name) : 0;
    if (expected < 8) {  // too few for the approximation: together
      rare_expected += expected;
      rare_seen += count;
      continue;
    }
    chi += (count - expected) * (count - expected) / expected;
    ++cells;
  }
  if (rare_expected >= 5) {
    chi += (rare_seen - rare_expected) * (rare_seen - rare_expected) / rare_expected;
    ++cells;
  }
  EXPECT_LT(chi, chi_square_limit(cells - 1)) << what << ", " << total << " draws";
}

// The largest distance between the distribution of the table and that of the sample.
double distance(const Quantiles& figure, std::vector<double> sample) {
  std::sort(sample.begin(), sample.end());
  double worst = 0;
  const auto n = static_cast<double>(sample.size());
  for (std::size_t i = 0; i < sample.size(); ++i) {
    double low = 0, high = 1;  // the share of the table below sample[i], by halving
    for (int step = 0; step < 40; ++step) {
      const double mid = (low + high) / 2;
      (figure.at_share(mid) < sample[i] ? low : high) = mid;
    }
    worst =
        std::max({worst, std::abs(low - static_cast<double>(i) / n), std::abs(low - static_cast<double>(i + 1) / n)});
  }
  return worst;
}

// Everything the tests below ask of a month of a small port, from one run.
class Census final : public System {
 public:
  void see(const World& world, const Happening& h) override {
    if (h.box == kNone) return;
    const Box& b = world.box(h.box);
    if (h.act == Act::discharged) {
      discharged[h.box] = h.at;
      ++size_types[b.size_type];
      if (b.trade == Trade::import) ++origins[world.figures().shares("box.origin").names[b.origin]];
      if (b.trade == Trade::import) ++fullness[b.full];
    }
    if (h.act == Act::gate_entered && !h.carries && b.trade == Trade::import && b.full) entered[h.box] = h.at;
    if (h.act == Act::gate_left && h.carries && b.trade == Trade::import && b.full) {
      ++weekdays[static_cast<std::size_t>(weekday(h.at))];
      if (entered.contains(h.box)) turns.push_back(static_cast<double>((h.at - entered[h.box]).us) / 60e6);
      if (discharged.contains(h.box)) dwell_h.push_back(static_cast<double>((h.at - discharged[h.box]).us) / 3600e6);
    }
  }
  void tick(const World&, Timestamp) override {}
  void close(const World&, Timestamp) override {}

  std::map<std::string, int> size_types, origins;
  std::map<bool, int> fullness;
  std::map<Index, Timestamp> discharged, entered;
  std::vector<double> turns, dwell_h;
  std::array<int, 7> weekdays{};
};

class Calibration : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    WorldOptions options;
    options.seed = 11;
    options.from = *parse_rfc3339("2026-08-31T22:00:00Z");
    options.until = options.from + days(28);
    World world(make_port(shipped_figures(), *shipped_figures().size("small"), options.seed, options.from), options);
    auto census = std::make_unique<Census>();
    Census* kept = census.get();
    world.add_system(std::move(census));
    world.run(nullptr);
    census_ = new Census(std::move(*kept));
  }
  static void TearDownTestSuite() { delete census_; }
  static Census* census_;
};
Census* Calibration::census_ = nullptr;

TEST_F(Calibration, SharesOfBoxes) {
  expect_shares(shipped_figures().shares("box.size_type"), census_->size_types, "box.size_type");
  expect_shares(shipped_figures().shares("box.origin"), census_->origins, "box.origin");
  const double total = census_->fullness[true] + census_->fullness[false];
  const double share = shipped_figures().value("flow.empty_import");
  EXPECT_NEAR(census_->fullness[false] / total, share, 3.3 * std::sqrt(share * (1 - share) / total));
}

TEST_F(Calibration, TurnTimesOfLorries) {
  // 0.1 % point of the statistic is 1.95 / sqrt(n).
  EXPECT_LT(distance(shipped_figures().quantiles("gate.turn_min"), census_->turns),
            1.95 / std::sqrt(static_cast<double>(census_->turns.size())));
}

TEST_F(Calibration, DwellFollowsTheTableAsFarAsGatesAndPapersLet) {
  double sum = 0;
  for (const double h : census_->dwell_h) sum += h;
  const double mean = sum / static_cast<double>(census_->dwell_h.size());
  const double wanted = shipped_figures().quantiles("import.dwell_h").mean();
  EXPECT_GT(mean, 0.9 * wanted);
  EXPECT_LT(mean, 1.3 * wanted);
}

TEST_F(Calibration, SundaysAreQuiet) {
  const auto& days = census_->weekdays;
  const Shares& shares = shipped_figures().shares("gate.weekday");
  EXPECT_LT(days[6], *std::max_element(days.begin(), days.end()) * (shares.share("sun") / shares.share("wed") + 0.25));
}

TEST(Quantiles, DrawsFollowTheTable) {
  for (const char* name : {"import.dwell_h", "weight.import_error_kg", "dirt.clock_skew_s", "vessel.delay_h"}) {
    const Quantiles& q = shipped_figures().quantiles(name);
    Random random(17);
    std::vector<double> sample;
    for (int i = 0; i < 20'000; ++i) sample.push_back(q.draw(random));
    EXPECT_LT(distance(q, sample), 1.95 / std::sqrt(20'000.0)) << name;
  }
}

}  // namespace
}  // namespace quaywatch::sim
