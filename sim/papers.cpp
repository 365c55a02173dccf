#include "sim/papers.h"

#include <fmt/format.h>

#include <array>

namespace quaywatch::sim {
namespace {

constexpr std::string_view kVinLetters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";

std::string invented_name(Random& random, int syllables) {
  constexpr std::string_view kConsonants = "BDFGKLMNPRSTVZ", kVowels = "AEIOU";
  std::string out;
  for (int i = 0; i < syllables; ++i) {
    out += kConsonants[random.below(kConsonants.size())];
    out += kVowels[random.below(kVowels.size())];
  }
  return out;
}

std::string new_vin(Random& random) {
  std::string vin = "00";
  while (vin.size() < 11) vin += kVinLetters[random.below(kVinLetters.size())];
  vin += fmt::format("{:06}", random.below(1'000'000));
  vin[8] = vin_check_digit(vin);
  return vin;
}

}  // namespace

char vin_check_digit(std::string_view vin) {
  constexpr std::array<int, 26> kLetter = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                                           5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
  constexpr std::array<int, 17> kWeight = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeight.size() && i < vin.size(); ++i) {
    const char c = vin[i];
    sum += kWeight[i] * (c >= 'A' && c <= 'Z' ? kLetter[static_cast<std::size_t>(c - 'A')] : c - '0');
  }
  return sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11);
}

Shipper shipper_of(const World& world, const Box& box) {
  // A trader buys from few in each port.
  const std::uint64_t one_of_three = world.stream("shipper " + box.bill).below(3);
  Random random = world.stream("shippers", (std::uint64_t{box.trader} * 1000 + box.origin) * 3 + one_of_three);
  const std::string name = invented_name(random, 4);
  static constexpr auto kForms = std::to_array<std::string_view>({"Trading", "Export", "Industries", "Foods", "Group"});
  return {"SH-" + name, fmt::format("{} {}", name, random.pick(kForms))};
}

std::int64_t packages_of(const World& world, const Box& box) {
  return box.full ? world.stream("packages " + box.bill).between(10, 1'400) : 0;
}

std::vector<std::string> cars_of(const World& world, const Box& box) {
  std::vector<std::string> out;
  const bool long_and_dry = box.size_type.starts_with("4") && box.size_type.ends_with("G1");
  if (!box.full || box.trade != Trade::export_trade || !long_and_dry) return out;
  Random random = world.stream("cars " + box.booking);
  if (!random.chance(world.figures().value("export.cars_share"))) return out;
  for (std::int64_t left = random.between(1, 4); left > 0; --left) out.push_back(new_vin(random));
  return out;
}

}  // namespace quaywatch::sim
