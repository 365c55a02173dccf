#include "sim/papers.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/testing.h"

namespace quaywatch::sim {
namespace {

TEST(Papers, VinCheckDigit) {
  EXPECT_EQ(vin_check_digit("11111111111111111"), '1');
  EXPECT_EQ(vin_check_digit("1M8GDM9AXKP042788"), 'X');
}

TEST(Papers, SayTheSameOfABoxEachTime) {
  WorldOptions options;
  options.from = *parse_rfc3339("2026-05-31T22:00:00Z");
  options.until = options.from + days(1);
  const World world(make_port(shipped_figures(), *shipped_figures().size("one-berth"), 5, options.from), options);
  Box b;
  b.trade = Trade::export_trade;
  b.size_type = "45G1";
  b.trader = 3;
  std::set<std::string> shippers;
  int with_cars = 0;
  for (int i = 0; i < 1'000; ++i) {
    b.bill = b.booking = "B" + std::to_string(i);
    shippers.insert(shipper_of(world, b).code);
    const auto cars = cars_of(world, b);
    EXPECT_EQ(cars, cars_of(world, b));
    with_cars += cars.empty() ? 0 : 1;
    for (const std::string& vin : cars) {
      ASSERT_EQ(vin.size(), 17U);
      EXPECT_EQ(vin[8], vin_check_digit(vin)) << vin;
    }
  }
  EXPECT_NEAR(with_cars, 30, 18);
  EXPECT_LE(shippers.size(), 3U);  // a trader buys from few
  b.size_type = "45R1";
  EXPECT_TRUE(cars_of(world, b).empty());
}

}  // namespace
}  // namespace quaywatch::sim
