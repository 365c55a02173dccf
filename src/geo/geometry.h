// Geometry: the port as a plan, read from a GeoJSON FeatureCollection (RFC 7946) of the port's own, and which of its
// features the words of a record name. Hostile input: total and bounded; every error names file, feature and property.
// Pure; an object that is not changed may be shared by threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace quaywatch::geo {

enum class FeatureKind : std::uint8_t { ground, zone, block, berth, gate, camera };
inline constexpr std::array<std::string_view, 6> kFeatureKindNames{"ground", "zone", "block",
                                                                  "berth",  "gate", "camera"};
enum class Shape : std::uint8_t { point, line, area };
inline constexpr std::array<std::string_view, 3> kShapeNames{"point", "line", "area"};

struct Position {  // WGS 84, degrees
  double longitude = 0, latitude = 0;
};
using Path = std::vector<Position>;

struct Feature {
  FeatureKind kind{};
  std::string code;                  // as records say it; of ground it may be empty
  std::string name;                  // for people; empty: the code
  std::string facility;              // as events say it; empty: any
  std::string owner;                 // whoever reads this owner's records sees the feature; empty: every reader
  std::vector<std::string> aliases;  // what other systems call it
  Shape shape{};
  std::vector<Path> paths;  // of an area its rings, holes among them (even-odd); of the others one
};

class Geometry {
 public:
  std::vector<Feature> features;

  // What the file says stands in the order of the file. `path` is named in errors.
  static Result<Geometry> parse(std::string_view json, const std::string& path);

  // The feature of one of `kinds`, the first of them that has any, whose code or alias `text` is, or begins with up to
  // a separator: A05-12-3-2 is in the block A05. nullptr: none, or several facilities have one and none is named.
  const Feature* find(std::span<const FeatureKind> kinds, std::string_view facility, std::string_view text) const;

 private:
  Result<void> index(const std::string& path);
  const Feature* find_exactly(FeatureKind kind, std::string_view facility, const std::string& code) const;

  std::unordered_map<std::string, std::vector<std::size_t>> by_code_;  // capitals; codes and aliases
};

}  // namespace quaywatch::geo
