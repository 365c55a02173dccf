#include "geo/geometry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/limits_server.h"
#include "base/text.h"

namespace quaywatch::geo {
namespace {

using nlohmann::json;

constexpr std::size_t kPathPositions = 4;  // fewest of a ring: closed, so the first comes twice (RFC 7946, 3.1.6)

// Reads one feature; the first fault is kept, what is read after it does not count.
class FeatureReader {
 public:
  FeatureReader(const json& feature, std::size_t number, const std::string& path, std::size_t& vertices)
      : feature_(feature), number_(number), path_(path), vertices_(vertices) {}

  Result<Feature> read() {
    const json* properties = member(feature_, "properties", "an object");
    if (properties != nullptr && properties->is_object())
      read_properties(*properties);
    else
      wrong("properties", "it must be an object with 'kind' and 'code'");
    const json* geometry = member(feature_, "geometry", "an object");
    if (geometry != nullptr) read_geometry(*geometry);
    if (fault_) return tl::unexpected(*fault_);
    return std::move(out_);
  }

 private:
  void wrong(std::string_view property, std::string why) {
    if (fault_) return;
    const std::string who = out_.code.empty() ? fmt::format("feature {}", number_)
                                              : fmt::format("feature {} ('{}')", number_, out_.code);
    fault_ = Error{ErrorCode::malformed, fmt::format("{}, {}: {}", who, property, why), path_};
  }
  const json* member(const json& object, const char* name, std::string_view what) {
    const auto at = object.find(name);
    if (at == object.end() || at->is_null()) return wrong(name, fmt::format("it is missing; give {}", what)), nullptr;
    return &*at;
  }
  std::string checked(std::string_view property, const json& value) {
    if (!value.is_string()) return wrong(property, "it must be a text"), std::string{};
    std::string text(trim(value.get_ref<const std::string&>()));
    if (text.size() > limits::kGeometryTextBytes)
      return wrong(property, fmt::format("{} bytes are too long; {} are allowed", text.size(),
                                         limits::kGeometryTextBytes)),
             std::string{};
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::any_of(text.begin(), text.end(), is_control)) wrong(property, "it holds control characters");
    return text;
  }
  std::string text(const json& properties, const char* name) {
    const auto at = properties.find(name);
    return at == properties.end() || at->is_null() ? std::string{} : checked(name, *at);
  }

  void read_properties(const json& properties) {
    out_.code = text(properties, "code");
    const std::string kind = text(properties, "kind");
    const auto known = std::find(kFeatureKindNames.begin(), kFeatureKindNames.end(), kind);
    if (known == kFeatureKindNames.end())
      return wrong("kind", fmt::format("'{}' is none of: {}", kind, fmt::join(kFeatureKindNames, ", ")));
    out_.kind = static_cast<FeatureKind>(known - kFeatureKindNames.begin());
    if (out_.code.empty() && out_.kind != FeatureKind::ground)
      return wrong("code", fmt::format("it is missing; give what records call this {}", kind));
    out_.name = text(properties, "name");
    out_.facility = text(properties, "facility");
    out_.owner = text(properties, "owner");
    const auto aliases = properties.find("aliases");
    if (aliases == properties.end() || aliases->is_null()) return;
    if (!aliases->is_array() || aliases->size() > limits::kGeometryAliases)
      return wrong("aliases", fmt::format("it must be a list of at most {} texts", limits::kGeometryAliases));
    for (const json& alias : *aliases) out_.aliases.push_back(checked("aliases", alias));
  }

  void read_geometry(const json& geometry) {
    if (!geometry.is_object()) return wrong("geometry", "it must be an object (RFC 7946, section 3.1)");
    const std::string type = text(geometry, "type");
    const json* coordinates = member(geometry, "coordinates", "positions");
    if (coordinates == nullptr) return;
    if (type == "Point") return read_point(*coordinates);
    if (type == "LineString") return read_line(*coordinates);
    if (type == "Polygon") return read_area(*coordinates);
    if (type != "MultiPolygon")
      return wrong("geometry", fmt::format("type '{}' is not drawn; use Point, LineString, Polygon or MultiPolygon",
                                           type));
    if (!coordinates->is_array() || coordinates->empty()) return wrong("coordinates", "there is no polygon");
    for (const json& polygon : *coordinates) read_area(polygon);
  }
  void read_point(const json& value) {
    out_.shape = Shape::point;
    out_.paths.emplace_back();
    read_position(value);
  }
  void read_line(const json& value) {
    out_.shape = Shape::line;
    read_path(value, 2);
  }
  void read_area(const json& rings) {
    out_.shape = Shape::area;
    if (!rings.is_array() || rings.empty()) return wrong("coordinates", "a polygon is a list of rings");
    for (const json& ring : rings) {
      read_path(ring, kPathPositions);
      if (fault_) return;
      const Position &first = out_.paths.back().front(), &last = out_.paths.back().back();
      if (first.longitude != last.longitude || first.latitude != last.latitude)
        return wrong("coordinates", "a ring is not closed: repeat its first position at its end");
    }
  }
  void read_path(const json& value, std::size_t fewest) {
    if (!value.is_array() || value.size() < fewest)
      return wrong("coordinates", fmt::format("a list of {} or more positions is needed", fewest));
    out_.paths.emplace_back();
    for (const json& position : value) {
      read_position(position);
      if (fault_) return;
    }
  }
  void read_position(const json& value) {
    // A third number is an altitude and not drawn.
    const bool is_position = value.is_array() && value.size() >= 2 && value.size() <= 3 && value[0].is_number() &&
                             value[1].is_number();
    if (!is_position) return wrong("coordinates", "a position is [longitude, latitude], two numbers");
    const Position p{value[0].get<double>(), value[1].get<double>()};
    if (!(std::abs(p.longitude) <= 180) || !(std::abs(p.latitude) <= 90))
      return wrong("coordinates", fmt::format("[{}, {}] is no longitude and latitude in degrees of WGS 84; longitude "
                                              "comes first, and a file in metres must be converted",
                                              p.longitude, p.latitude));
    if (++vertices_ > limits::kGeometryVertices)
      return wrong("coordinates", fmt::format("more than {} positions in the file; simplify its outlines",
                                              limits::kGeometryVertices));
    out_.paths.back().push_back(p);
  }

  const json& feature_;
  std::size_t number_;
  const std::string& path_;
  std::size_t& vertices_;
  Feature out_;
  std::optional<Error> fault_;
};

Result<json> read_json(std::string_view text, const std::string& path) {
  if (text.size() > limits::kGeometryBytes)
    return fail(ErrorCode::limit_exceeded,
                fmt::format("{} bytes are too many; {} are allowed: leave out what is not drawn", text.size(),
                            limits::kGeometryBytes),
                path);
  bool is_too_deep = false;
  const auto watch = [&](int depth, json::parse_event_t, json&) {
    is_too_deep |= depth > static_cast<int>(limits::kGeometryDepth);
    return !is_too_deep;
  };
  try {  // only the exception says where the fault is; it ends here
    json out = json::parse(text, watch);
    if (!is_too_deep) return out;
  } catch (const json::exception& e) {
    if (!is_too_deep) return fail(ErrorCode::malformed, fmt::format("no JSON: {}", e.what()), path);
  }
  return fail(ErrorCode::limit_exceeded, fmt::format("deeper than {} levels", limits::kGeometryDepth), path);
}

// A port is small; what is not has its coordinates swapped in one feature, or comes from elsewhere.
Result<void> check_extent(const std::vector<Feature>& features, const std::string& path) {
  Position least{180, 90}, most{-180, -90};
  for (const Feature& f : features)
    for (const Path& line : f.paths)
      for (const Position& p : line) {
        least = {std::min(least.longitude, p.longitude), std::min(least.latitude, p.latitude)};
        most = {std::max(most.longitude, p.longitude), std::max(most.latitude, p.latitude)};
        if (most.longitude - least.longitude <= limits::kGeometryDegrees &&
            most.latitude - least.latitude <= limits::kGeometryDegrees)
          continue;
        return fail(ErrorCode::malformed,
                    fmt::format("feature '{}', coordinates: [{}, {}] lies more than {} degrees from another feature; "
                                "longitude comes first (RFC 7946, section 3.1.1)",
                                f.code, p.longitude, p.latitude, limits::kGeometryDegrees),
                    path);
      }
  return {};
}

// Facilities as stated: the same, or one is the whole site of the other, or not stated.
bool may_be_same_facility(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return a.empty() || (b.starts_with(a) && (b.size() == a.size() || b[a.size()] == '/'));
}

}  // namespace

Result<Geometry> Geometry::parse(std::string_view text, const std::string& path) {
  const auto root = read_json(text, path);
  if (!root) return tl::unexpected(root.error());
  const bool is_collection = root->is_object() && root->contains("type") && (*root)["type"] == "FeatureCollection" &&
                             root->contains("features") && (*root)["features"].is_array();
  if (!is_collection)
    return fail(ErrorCode::malformed, "no GeoJSON FeatureCollection with a list 'features' (RFC 7946, section 3.3)",
                path);
  const json& list = (*root)["features"];
  if (list.size() > limits::kGeometryFeatures)
    return fail(ErrorCode::limit_exceeded,
                fmt::format("{} features are too many; {} are allowed", list.size(), limits::kGeometryFeatures), path);
  Geometry out;
  std::size_t vertices = 0;
  for (const json& feature : list) {
    auto read = FeatureReader(feature, out.features.size() + 1, path, vertices).read();
    if (!read) return tl::unexpected(read.error());
    out.features.push_back(std::move(*read));
  }
  if (auto checked = check_extent(out.features, path); !checked) return tl::unexpected(checked.error());
  if (auto indexed = out.index(path); !indexed) return tl::unexpected(indexed.error());
  return out;
}

Result<void> Geometry::index(const std::string& path) {
  for (std::size_t i = 0; i < features.size(); ++i) {
    const Feature& f = features[i];
    std::vector<std::string> codes = f.aliases;
    codes.push_back(f.code);
    for (const std::string& code : codes) {
      if (code.empty()) continue;
      auto& same = by_code_[to_upper(code)];
      const auto clashes = [&](std::size_t j) {
        return features[j].kind == f.kind && features[j].facility == f.facility;
      };
      if (const auto at = std::find_if(same.begin(), same.end(), clashes); at != same.end())
        return fail(ErrorCode::malformed,
                    fmt::format("feature {} ('{}'), code: feature {} is the {} '{}' of this facility too", i + 1,
                                f.code, *at + 1, kFeatureKindNames[static_cast<std::size_t>(f.kind)], code),
                    path);
      same.push_back(i);
    }
  }
  return {};
}

// Of those of the kind the one of the facility; else the only one that may be; nullptr: none, or several.
const Feature* Geometry::find_exactly(FeatureKind kind, std::string_view facility, const std::string& code) const {
  const Feature* found = nullptr;
  bool is_ambiguous = false;
  for (const std::size_t i : by_code_.at(code)) {
    const Feature& f = features[i];
    if (f.kind != kind || !may_be_same_facility(f.facility, facility)) continue;
    if (f.facility == facility) return &f;
    is_ambiguous = found != nullptr;
    found = &f;
  }
  return is_ambiguous ? nullptr : found;
}

const Feature* Geometry::find(std::span<const FeatureKind> kinds, std::string_view facility,
                              std::string_view text) const {
  for (std::string code = to_upper(trim(text)); !code.empty();) {
    if (by_code_.contains(code))
      for (const FeatureKind kind : kinds)
        if (const Feature* f = find_exactly(kind, facility, code)) return f;
    const auto cut = code.find_last_of("-/. _");
    code.resize(cut == std::string::npos ? 0 : cut);
  }
  return nullptr;
}

}  // namespace quaywatch::geo
