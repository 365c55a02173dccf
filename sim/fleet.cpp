// Which lorry goes: one that is not out already.
#include <algorithm>

#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

constexpr Duration kBetween = hours(2);  // on the road between two trips; longer inside for a second box

bool is_free(const Vehicle& vehicle, Timestamp out, Timestamp back) {
  return std::none_of(vehicle.trips.begin(), vehicle.trips.end(), [&](const auto& trip) {
    return out < trip.second + kBetween && trip.first < back + kBetween;
  });
}

}  // namespace

Index free_lorry(World& world, Index company, Timestamp out, Timestamp back, Random& random) {
  Port& port = world.port();
  const auto& fleet = port.companies[company].vehicles;
  const std::size_t first = fleet.empty() ? 0 : static_cast<std::size_t>(random.below(fleet.size()));
  Index found = kNone;
  for (std::size_t i = 0; i < fleet.size() && found == kNone; ++i) {
    auto& trips = port.vehicles[fleet[(first + i) % fleet.size()]].trips;
    std::erase_if(trips, [&](const auto& trip) { return trip.second + kBetween < world.now(); });
    if (is_free(port.vehicles[fleet[(first + i) % fleet.size()]], out, back)) found = fleet[(first + i) % fleet.size()];
  }
  if (found == kNone) found = add_vehicle(port, company, random);
  port.vehicles[found].trips.emplace_back(out, back);
  return found;
}

}  // namespace quaywatch::sim
