#include "api/map_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "api/visibility.h"
#include "base/limits_server.h"
#include "model/identifiers.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;
using enum geo::FeatureKind;

// Where each is looked for, the nearest first.
constexpr std::array kOfBoxes{block, zone, gate, berth};
constexpr std::array kOfCards{zone, gate, block};
constexpr std::array kOfVessels{berth};
constexpr std::array kOfDevices{camera, gate};
constexpr std::array kOfWatched{block, zone, gate};
// An alert about a place or a ship is shown there for so long; one about a box as long as the box stands.
constexpr Duration kPlaceAlert = hours(24);

// The zone of a reader has no timeline, so the catalogue makes no subject of it; on the map it is a place like others.
SubjectKind kind_of(FieldId field) {
  return field == FieldId::access_zone ? SubjectKind::zone : info(field).subject;
}

// Alerts by the subject that they are about, or that acted; who is only mentioned is not marked.
class AlertsBySubject {
 public:
  AlertsBySubject(const Context& context, const Eyes& eyes, Timestamp at) {
    const auto view = context.live->view();
    for (const live::AlertRowPtr& alert : *view->alerts) {
      const bool is_open = alert->status != pipeline::AlertStatus::withdrawn && !alert->exception;
      if (!is_open || alert->event_time > at || !may_see(eyes.reader, *alert)) continue;
      if (triage_of(context, eyes.organisation_id, alert->id).state == cases::TriageState::dismissed) continue;
      for (const live::SubjectRow& s : alert->subjects)
        if (s.role != pipeline::SubjectRole::mentioned) alerts_[{kind_of(s.field), s.value}].push_back(alert);
    }
  }
  const std::vector<live::AlertRowPtr>& of(SubjectKind kind, const std::string& key) const {
    static const std::vector<live::AlertRowPtr> none;
    const auto at = alerts_.find({kind, key});
    return at == alerts_.end() ? none : at->second;
  }
  template <typename F>
  void each(SubjectKind kind, F&& fn) const {
    for (auto at = alerts_.lower_bound({kind, {}}); at != alerts_.end() && at->first.kind == kind; ++at)
      for (const live::AlertRowPtr& alert : at->second) fn(at->first.key, alert);
  }

 private:
  std::map<Subject, std::vector<live::AlertRowPtr>> alerts_;
};

// Folds what was seen onto the features that the reader may see.
class Folding {
 public:
  Folding(const Eyes& eyes, const geo::Geometry& geometry, const AlertsBySubject& alerts, MapSheet& sheet)
      : eyes_(eyes), geometry_(geometry), alerts_(alerts), sheet_(sheet) {}

  void fold() {
    for (const live::BoxSeen& box : sheet_.moment.seen.boxes) {
      Standing& here = at(kOfBoxes, box.facility, box.place);
      ++here.boxes;
      const auto& alerts = alerts_.of(SubjectKind::container, box.number);
      if (alerts.empty()) continue;
      here.alerted[box.number] = {box.since, alerts};
      add(here, alerts);
    }
    for (const live::CardSeen& card : sheet_.moment.seen.cards)
      if (!identity::is_own(eyes_.reader, card.card)) at(kOfCards, card.facility, card.zone).cards.push_back(&card);
    for (const live::VesselSeen& vessel : sheet_.moment.seen.vessels) fold_vessel(vessel);
    for (const live::DeviceSilent& device : sheet_.moment.seen.devices) {
      Standing& watched = at(kOfWatched, device.facility, device.zone);
      watched.devices.push_back(&device);
      if (const geo::Feature* own = find(kOfDevices, device.facility, device.id))
        if (Standing& here = sheet_.features[own]; &here != &watched) here.devices.push_back(&device);
    }
    alerts_.each(SubjectKind::zone, [&](const std::string& zone_code, const live::AlertRowPtr& alert) {
      if (!is_recent(*alert)) return;
      if (const geo::Feature* f = find(kOfCards, alert->facility, zone_code)) add(sheet_.features[f], {alert});
    });
  }

 private:
  bool is_recent(const live::AlertRow& alert) const { return sheet_.moment.at - alert.last_event_time <= kPlaceAlert; }
  void fold_vessel(const live::VesselSeen& vessel) {
    auto& alerts = sheet_.vessels[&vessel];
    for (const live::AlertRowPtr& alert : alerts_.of(SubjectKind::vessel, vessel.imo))
      if (is_recent(*alert)) alerts.push_back(alert);
    if (vessel.berths.empty()) return;
    const geo::Feature* lies = nullptr;
    for (const std::string& berth : vessel.berths)
      if (lies == nullptr) lies = find(kOfVessels, vessel.facility, berth);
    Standing& here = lies == nullptr ? sheet_.elsewhere : sheet_.features[lies];
    here.vessels.push_back(&vessel);
    add(here, alerts);
  }
  static void add(Standing& here, const std::vector<live::AlertRowPtr>& alerts) {
    for (const live::AlertRowPtr& alert : alerts) here.alerts[alert->id] = alert;
  }
  const geo::Feature* find(std::span<const geo::FeatureKind> kinds, const std::string& facility,
                           const std::string& text) const {
    const geo::Feature* f = geometry_.find(kinds, facility, text);
    return f != nullptr && may_see(eyes_.reader, *f) ? f : nullptr;
  }
  Standing& at(std::span<const geo::FeatureKind> kinds, const std::string& facility, const std::string& text) {
    const geo::Feature* f = find(kinds, facility, text);
    return f == nullptr ? sheet_.elsewhere : sheet_.features[f];
  }

  const Eyes& eyes_;
  const geo::Geometry& geometry_;
  const AlertsBySubject& alerts_;
  MapSheet& sheet_;
};

template <typename Alerts>
ordered_json highest_level(const Alerts& alerts) {
  std::optional<rules::Level> highest;
  for (const live::AlertRowPtr& alert : alerts)
    if (!highest || *highest < alert->rule->level) highest = alert->rule->level;
  return highest ? ordered_json(rules::name(*highest)) : ordered_json(nullptr);
}

std::vector<live::AlertRowPtr> alerts_of(const Standing& here) {
  std::vector<live::AlertRowPtr> out;
  for (const auto& [id, alert] : here.alerts) out.push_back(alert);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a->rule->level != b->rule->level ? a->rule->level > b->rule->level : a->event_time > b->event_time;
  });
  return out;
}

ordered_json counts_json(const Standing& here) {
  return {{"boxes", here.boxes},
          {"boxes_with_alerts", here.alerted.size()},
          {"cards", here.cards.size()},
          {"vessels", here.vessels.size()},
          {"silent_devices", here.devices.size()},
          {"alerts", here.alerts.size()},
          {"level", highest_level(alerts_of(here))}};
}

ordered_json ids_of(const std::vector<live::AlertRowPtr>& alerts) {
  auto out = ordered_json::array();
  for (const live::AlertRowPtr& alert : alerts) out.push_back(alert->id);
  return out;
}

ordered_json number_or_null(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json vessel_json(const live::VesselSeen& v, const std::vector<live::AlertRowPtr>& alerts,
                         const std::string& at_feature) {
  ordered_json j{{"imo", v.imo}, {"mmsi", v.mmsi}, {"name", v.name}};
  j["berth"] = v.berths.empty() ? std::string() : v.berths.front();
  j["feature_id"] = at_feature.empty() ? ordered_json(nullptr) : ordered_json(at_feature);
  j["berthed_at"] = v.berths.empty() ? ordered_json(nullptr) : time_or_null(v.berthed_at);
  j["position"] = nullptr;
  if (v.position_at)
    j["position"] = {{"latitude", v.latitude},
                     {"longitude", v.longitude},
                     {"at", format_rfc3339(*v.position_at)},
                     {"course_deg", number_or_null(v.course_deg)},
                     {"speed_kn", number_or_null(v.speed_kn)}};
  j["alert_ids"] = ids_of(alerts);
  j["level"] = highest_level(alerts);
  return j;
}

// Which feeds could have told, and which of them say that they do not cover the instant.
ordered_json layer_json(const Context& context, const Eyes& eyes, const MapSheet& sheet, live::MapLayer layer) {
  ordered_json j{{"layer", live::kMapLayerNames[static_cast<std::size_t>(layer)]}};
  j["last_event_time"] = time_or_null(sheet.moment.seen.last[static_cast<std::size_t>(layer)]);
  j["feeds"] = j["uncovered"] = ordered_json::array();
  const auto view = context.live->view();
  for (const live::FeedRow& row : view->feeds) {
    const bool tells = std::any_of(row.types.begin(), row.types.end(),
                                   [&](EventType t) { return live::map_layer(t) == layer; });
    if (!tells || !may_see(eyes.reader, row)) continue;
    j["feeds"].push_back(row.feed);
    const bool is_covered = std::any_of(row.covered.begin(), row.covered.end(), [&](const auto& c) {
      return c.first <= sheet.moment.at && sheet.moment.at <= c.second;
    });
    if (!row.covered.empty() && !is_covered) j["uncovered"].push_back(row.feed);
  }
  return j;
}

// fn(row) of the first limits::kMapRows of them; what is left counts as omitted.
template <typename Rows, typename F>
ordered_json rows_json(const Rows& rows, std::size_t& omitted, F&& fn) {
  auto out = ordered_json::array();
  for (const auto& row : rows)
    if (out.size() < limits::kMapRows) out.push_back(fn(row));
  omitted += rows.size() - out.size();
  return out;
}

ordered_json vessels_json(const MapSheet& sheet, std::size_t& omitted) {
  std::map<const live::VesselSeen*, std::string> berths;
  for (const auto& [feature, here] : sheet.features)
    for (const live::VesselSeen* v : here.vessels) berths[v] = feature_id(*feature);
  // Those that lie at a berth are the port's own: they come first.
  std::vector<const live::VesselSeen*> vessels;
  for (const live::VesselSeen& v : sheet.moment.seen.vessels) vessels.push_back(&v);
  std::stable_partition(vessels.begin(), vessels.end(), [](const auto* v) { return !v->berths.empty(); });
  return rows_json(vessels, omitted,
                   [&](const auto* v) { return vessel_json(*v, sheet.vessels.at(v), berths[v]); });
}

}  // namespace

bool may_see(const identity::Reader& reader, const geo::Feature& feature) {
  return feature.owner.empty() || identity::may_read_owner(reader, feature.owner);
}

std::string feature_id(const geo::Feature& feature) {
  return fmt::format("{}:{}:{}", geo::kFeatureKindNames[static_cast<std::size_t>(feature.kind)], feature.facility,
                     feature.code);
}

ordered_json feature_json(const geo::Feature& feature) {
  ordered_json j{{"feature_id", feature_id(feature)}};
  j["kind"] = geo::kFeatureKindNames[static_cast<std::size_t>(feature.kind)];
  j["code"] = feature.code;
  j["name"] = feature.name.empty() ? feature.code : feature.name;
  j["facility"] = feature.facility;
  j["shape"] = geo::kShapeNames[static_cast<std::size_t>(feature.shape)];
  j["paths"] = ordered_json::array();
  for (const geo::Path& path : feature.paths) {
    auto positions = ordered_json::array();
    for (const geo::Position& p : path) positions.push_back({p.longitude, p.latitude});
    j["paths"].push_back(std::move(positions));
  }
  return j;
}

MapSheet map_sheet(const Context& context, const Eyes& eyes, const geo::Geometry& geometry, live::MapMoment moment) {
  MapSheet sheet{std::move(moment), {}, {}, {}};
  const AlertsBySubject alerts(context, eyes, sheet.moment.at);
  Folding(eyes, geometry, alerts, sheet).fold();
  return sheet;
}

ordered_json sheet_json(const Context& context, const Eyes& eyes, const MapSheet& sheet) {
  std::size_t omitted = 0;
  ordered_json j{{"features", ordered_json::array()}};
  for (const auto& [feature, here] : sheet.features)
    j["features"].push_back({{"feature_id", feature_id(*feature)}, {"counts", counts_json(here)}});
  j["elsewhere"] = counts_json(sheet.elsewhere);
  j["vessels"] = vessels_json(sheet, omitted);
  j["vessels_omitted"] = omitted;
  j["layers"] = ordered_json::array();
  for (std::size_t i = 0; i < live::kMapLayerNames.size(); ++i)
    j["layers"].push_back(layer_json(context, eyes, sheet, static_cast<live::MapLayer>(i)));
  j["dropped"] = sheet.moment.seen.dropped;
  return j;
}

ordered_json standing_json(const Context& context, const Eyes& eyes, const MapSheet& sheet,
                           const geo::Feature& feature) {
  const auto at = sheet.features.find(&feature);
  const Standing here = at == sheet.features.end() ? Standing{} : at->second;
  std::size_t omitted = 0;
  ordered_json j{{"feature_id", feature_id(feature)}, {"counts", counts_json(here)}};
  j["alerts"] = rows_json(alerts_of(here), omitted,
                          [&](const live::AlertRowPtr& a) { return alert_summary(context, eyes, *a); });
  j["boxes"] = rows_json(here.alerted, omitted, [](const auto& row) {
    const auto& [number, box] = row;
    return ordered_json{{"number", number},
                        {"label", display_container_number(number)},
                        {"since", format_rfc3339(box.since)},
                        {"alert_ids", ids_of(box.alerts)}};
  });
  j["cards"] = rows_json(here.cards, omitted, [](const live::CardSeen* c) {
    return ordered_json{{"card", c->card}, {"since", format_rfc3339(c->since)}};
  });
  j["vessels"] = rows_json(here.vessels, omitted, [&](const live::VesselSeen* v) {
    return vessel_json(*v, sheet.vessels.at(v), feature_id(feature));
  });
  j["devices"] = rows_json(here.devices, omitted, [](const live::DeviceSilent* d) {
    return ordered_json{{"device", d->id}, {"zone", d->zone}, {"since", format_rfc3339(d->since)}};
  });
  j["omitted"] = omitted;
  return j;
}

}  // namespace quaywatch::api
