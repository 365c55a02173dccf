// Ships outside this port: their papers and the calls they made before. All of it follows from the ship's number, so
// that every declaration of a ship agrees with the one before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/world.h"

namespace quaywatch::sim {

struct Ship {
  std::string_view flag, registry, issuer;  // state, port of registry, who issued the security certificate
  int gross_tonnage = 0;
};
Ship ship_of(const World& world, const Call& call);

struct PortCall {
  std::string port;
  Timestamp arrived, departed;
  int security_level = 1;
};
inline constexpr std::size_t kLastCalls = 10;
// The calls before this one, the latest first: those here are the true ones as far as the run knows them, those between
// are of the service's route.
std::vector<PortCall> last_calls(const World& world, const Call& call);

}  // namespace quaywatch::sim
