#include "rules/zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <string_view>

#include "model/value.h"
#include "rules/header.h"
#include "rules/reference.h"

namespace quaywatch::rules {
namespace {

__extension__ typedef __int128 Wide;

constexpr std::array<std::string_view, 2> kZoneKeys = {"name", "ring"};
constexpr double kEarthRadiusM = 6'371'008.8;

// As GeoJSON has it: longitude, latitude (RFC 7946 section 3.1.1).
bool read_corner(const Node& node, Position& out) {
  return node.is_list() && node.items.size() == 2 && parse_decimal(node.items[0].text, out.longitude) &&
         parse_decimal(node.items[1].text, out.latitude) && is_on_earth(out);
}

// Positive where `p` lies left of the way from `a` to `b`, 0 on the line through both.
Wide side(const Position& a, const Position& b, const Position& p) {
  return Wide(b.longitude - a.longitude) * (p.latitude - a.latitude) -
         Wide(p.longitude - a.longitude) * (b.latitude - a.latitude);
}

bool is_between(const Position& a, const Position& b, const Position& p) {
  return std::min(a.longitude, b.longitude) <= p.longitude && p.longitude <= std::max(a.longitude, b.longitude) &&
         std::min(a.latitude, b.latitude) <= p.latitude && p.latitude <= std::max(a.latitude, b.latitude);
}

double radians(std::int64_t millionths) {
  return static_cast<double>(millionths) / kDecimalOne * std::numbers::pi / 180;
}

}  // namespace

bool is_on_earth(const Position& p) {
  return std::abs(p.latitude) <= 90 * kDecimalOne && std::abs(p.longitude) <= 180 * kDecimalOne;
}

Zone Zone::read(const Document& document, Problem& problem) {
  Zone zone;
  read_named(document, "zone", kZoneKeys, zone.name, problem);
  if (problem.found()) return zone;
  zone.version = version_of(document.text);
  const Node& map = *document.root.find("zone");
  const Node* ring = map.find("ring");
  const auto refuse = [&](int line, std::string_view why) {
    problem.say(line, fmt::format("zone '{}': {}", zone.name, why));
  };
  if (!ring || !ring->is_list()) {
    refuse(map.line, "ring is missing: a list of its corners, each [longitude, latitude]");
    return zone;
  }
  for (const Node& corner : ring->items) {
    Position p;
    if (!read_corner(corner, p))
      refuse(corner.line, "a corner is [longitude, latitude] in degrees, such as [13.7, 45.5]");
    zone.ring.push_back(p);
  }
  if (zone.ring.size() > 1 && zone.ring.front() == zone.ring.back()) zone.ring.pop_back();
  if (zone.ring.size() < 3) refuse(ring->line, "an area has at least three corners");
  const auto [west, east] = std::minmax_element(zone.ring.begin(), zone.ring.end(),
                                                [](const auto& a, const auto& b) { return a.longitude < b.longitude; });
  if (!zone.ring.empty() && east->longitude - west->longitude > 180 * kDecimalOne)
    refuse(ring->line, "it spans more than 180 degrees; one that crosses the 180th meridian must be written as two");
  return zone;
}

bool Zone::contains(const Position& p) const {
  bool inside = false;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Position &a = ring[i], &b = ring[(i + 1) % ring.size()];
    const Wide s = side(a, b, p);
    if (s == 0 && is_between(a, b, p)) return true;
    // An edge counts with its lower end alone, so that a corner between two edges is crossed once.
    if ((a.latitude > p.latitude) != (b.latitude > p.latitude) && (s > 0) == (b.latitude > a.latitude))
      inside = !inside;
  }
  return inside;
}

std::int64_t distance_m(const Position& a, const Position& b) {
  const double north = std::sin((radians(b.latitude) - radians(a.latitude)) / 2);
  const double east = std::sin((radians(b.longitude) - radians(a.longitude)) / 2);
  const double h = north * north + std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)) * east * east;
  return std::llround(2 * kEarthRadiusM * std::asin(std::sqrt(std::min(1.0, h))));
}

}  // namespace quaywatch::rules
