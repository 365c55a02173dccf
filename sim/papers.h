// What papers say of a box that the port's tables do not hold: packages, shippers, cars. Drawn from the box itself, so
// that every paper about it says the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/world.h"

namespace quaywatch::sim {

struct Shipper {
  std::string code, name;
};
Shipper shipper_of(const World& world, const Box& box);  // who sends an import to its trader
std::int64_t packages_of(const World& world, const Box& box);
// Vehicle identification numbers of the cars in an export; mostly none. Their maker's code begins with 00, which is not
// assigned; the check digit is right (49 CFR 565.15).
std::vector<std::string> cars_of(const World& world, const Box& box);
char vin_check_digit(std::string_view vin);  // of 17 characters, whatever stands in the ninth place

}  // namespace quaywatch::sim
