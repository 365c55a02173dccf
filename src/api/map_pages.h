// The map: what stands where, folded onto the features of the port's geometry, as one reader's JSON. It counts, and it
// names boxes that an alert names: a map is looked at, not searched (docs/decisions/0022-map.md).
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "api/alert_pages.h"
#include "api/context.h"
#include "geo/geometry.h"

namespace quaywatch::api {

struct AlertedBox {
  Timestamp since;  // when it came to stand there
  std::vector<live::AlertRowPtr> alerts;
};

// What stands at one feature, or at none.
struct Standing {
  std::size_t boxes = 0;
  std::map<std::string, AlertedBox> alerted;  // by number
  std::vector<const live::CardSeen*> cards;
  std::vector<const live::VesselSeen*> vessels;
  std::vector<const live::DeviceSilent*> devices;
  std::map<std::string, live::AlertRowPtr> alerts;  // by id: of its boxes and vessels, and of itself
};

struct MapSheet {
  live::MapMoment moment;
  std::map<const geo::Feature*, Standing> features;
  Standing elsewhere;
  std::map<const live::VesselSeen*, std::vector<live::AlertRowPtr>> vessels;  // every one, with its alerts
};

bool may_see(const identity::Reader& reader, const geo::Feature& feature);
std::string feature_id(const geo::Feature& feature);
nlohmann::ordered_json feature_json(const geo::Feature& feature);

// Of the alerts that the reader may see, those that wait or are worked on and began by then.
MapSheet map_sheet(const Context& context, const Eyes& eyes, const geo::Geometry& geometry, live::MapMoment moment);
// Counts of every feature where something is.
nlohmann::ordered_json sheet_json(const Context& context, const Eyes& eyes, const MapSheet& sheet);
// Lists of one feature; at most limits::kMapRows rows each.
nlohmann::ordered_json standing_json(const Context& context, const Eyes& eyes, const MapSheet& sheet,
                                     const geo::Feature& feature);

}  // namespace quaywatch::api
