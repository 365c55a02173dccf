#include "sim/voyages.h"

#include <algorithm>
#include <array>

namespace quaywatch::sim {
namespace {

struct Registry {
  std::string_view flag, port;
};
constexpr auto kRegistries = std::to_array<Registry>({{"LR", "Monrovia"},
                                                      {"PA", "Panama"},
                                                      {"MH", "Majuro"},
                                                      {"MT", "Valletta"},
                                                      {"SG", "Singapore"},
                                                      {"HK", "Hong Kong"},
                                                      {"PT", "Madeira"},
                                                      {"CY", "Limassol"}});
constexpr auto kIssuers = std::to_array<std::string_view>({"Quixote Register", "Lantern Bureau", "Harbour Class"});

// The ports of a service between two calls here, in the order of the voyage.
std::vector<std::string> route_of(const World& world, Index service) {
  const auto& ports = world.figures().shares("box.origin").names;
  Random random = world.stream("route", service);
  // The table of origins goes round the world, with Europe towards its end: neighbours in it are neighbours at sea.
  const bool deep_sea = world.port().services[service].kind == CallKind::deep_sea;
  const std::size_t europe = ports.size() * 2 / 3, length = deep_sea ? 8 : 3;
  std::size_t at = deep_sea ? random.below(europe - 2 * length) : europe + random.below(ports.size() / 4 - length);
  std::vector<std::string> out;
  for (; out.size() < length; at += 1 + random.below(2)) out.push_back(ports[at]);
  return out;
}

}  // namespace

Ship ship_of(const World& world, const Call& call) {
  std::uint64_t number = 0;
  for (const char c : call.imo) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  Random random = world.stream("ship", number);
  const Registry& registry = random.pick(kRegistries);
  const bool deep_sea = call.kind == CallKind::deep_sea;
  const auto hundreds = deep_sea ? random.between(300, 2'200) : random.between(70, 320);
  return {registry.flag, registry.port, random.pick(kIssuers), static_cast<int>(hundreds) * 100};
}

std::vector<PortCall> last_calls(const World& world, const Call& call) {
  const std::vector<std::string> route = route_of(world, call.service);
  const auto fleet = static_cast<std::int64_t>(world.port().services[call.service].vessels.size());
  Random levels = world.stream("security level", static_cast<std::uint64_t>(call.arrived.us));
  std::vector<PortCall> out;
  for (Timestamp next = call.arrived; out.size() < kLastCalls;) {
    // The call here before `next`: as it was, or a round trip ago.
    PortCall here{std::string(kPlace), next - days(7 * fleet), next - days(7 * fleet) + hours(20), 1};
    Timestamp latest;
    for (const Call& other : world.port().calls)
      if (other.imo == call.imo && other.departed < next && other.departed > latest) {
        here.arrived = other.arrived;
        here.departed = latest = other.departed;
      }
    const auto step = (next - here.departed).us / static_cast<std::int64_t>(route.size() + 1);
    for (auto i = route.size(); i > 0 && out.size() < kLastCalls; --i) {
      const Timestamp middle = here.departed + Duration{step * static_cast<std::int64_t>(i)};
      const int level = levels.chance(0.02) ? 2 : 1;
      out.push_back({route[i - 1], middle - Duration{step / 6}, middle + Duration{step / 6}, level});
    }
    if (out.size() < kLastCalls) out.push_back(here);
    next = here.arrived;
  }
  return out;
}

}  // namespace quaywatch::sim
