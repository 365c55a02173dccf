// Zone: an area on the ground or water by its corners (WGS 84), as a document of the rule files, and the distance
// between two places. Corners and places are whole millionths of a degree and compared without rounding, so the answer
// is the same on every machine. Values, immutable after loading; may be shared by threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/problem.h"
#include "rules/yaml.h"

namespace quaywatch::rules {

struct Position {  // millionths of a degree
  std::int64_t latitude = 0, longitude = 0;
  bool operator==(const Position&) const = default;
};
// Within 90 degrees of the equator and 180 of Greenwich.
bool is_on_earth(const Position& p);

struct Zone {
  std::string name;
  std::string version;         // version_of the document's text
  std::vector<Position> ring;  // at least three corners; the last is joined to the first

  // With a problem the result is unusable.
  static Zone read(const Document& document, Problem& problem);
  // By even and odd crossings; the border belongs to it.
  bool contains(const Position& p) const;
};

// In whole metres along a great circle of the mean sphere (6,371,008.8 m; IUGG). Both are on earth.
std::int64_t distance_m(const Position& a, const Position& b);

}  // namespace quaywatch::rules
