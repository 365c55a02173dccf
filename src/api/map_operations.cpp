#include <fmt/format.h>

#include "api/answer.h"
#include "api/map_pages.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "api/visibility.h"
#include "base/limits_server.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

const geo::Geometry& or_none(const std::shared_ptr<const geo::Geometry>& geometry) {
  static const geo::Geometry none;
  return geometry ? *geometry : none;
}

// Where the map stands in time, and how far it can be asked.
ordered_json moment_json(const live::MapMoment& moment) {
  std::optional<Timestamp> from;
  if (moment.until) from = *moment.until - limits::kMapReach;
  return {{"at", moment.until ? ordered_json(format_rfc3339(moment.at)) : ordered_json(nullptr)},
          {"from", time_or_null(from)},
          {"until", time_or_null(moment.until)}};
}

// What was seen at the instant that the query names; a problem otherwise.
tl::expected<live::MapMoment, io::HttpResponse> read_moment(const Context& context, const Call& call) {
  Reading in(call.query);
  const auto at = in.time("at");
  if (!in.is_good()) return tl::unexpected(invalid(in));
  live::MapMoment moment =
      context.live->map_at(at, [&](const Event& e) { return may_see(call.reader, e); });
  if (!moment.until || moment.at >= *moment.until - limits::kMapReach) return moment;
  return tl::unexpected(problem(
      400, "invalid",
      fmt::format("the map goes back to {}; further back, ask the timelines",
                  format_rfc3339(*moment.until - limits::kMapReach)),
      "at"));
}

}  // namespace

io::HttpResponse get_map(Context& context, const Call& call) {
  const auto geometry = context.geometry.load();
  ordered_json j{{"features", ordered_json::array()}};
  for (const geo::Feature& f : or_none(geometry).features)
    if (may_see(call.reader, f)) j["features"].push_back(feature_json(f));
  return json_answer(j);
}

io::HttpResponse get_map_state(Context& context, const Call& call) {
  auto moment = read_moment(context, call);
  if (!moment) return std::move(moment.error());
  const auto geometry = context.geometry.load();
  ordered_json j = moment_json(*moment);
  j.update(sheet_json(context, eyes(call), map_sheet(context, eyes(call), or_none(geometry), std::move(*moment))));
  return json_answer(j);
}

// It lists cards and boxes, so it is a look-up.
io::HttpResponse get_map_feature(Context& context, const Call& call) {
  const auto geometry = context.geometry.load();
  const std::string& id = call.path.at("featureId");
  const geo::Feature* feature = nullptr;
  for (const geo::Feature& f : or_none(geometry).features)
    if (f.kind != geo::FeatureKind::ground && feature_id(f) == id && may_see(call.reader, f)) feature = &f;
  if (feature == nullptr) return problem(404, "not_found", "the map that you may see has no such feature");
  auto moment = read_moment(context, call);
  if (!moment) return std::move(moment.error());
  const Use use{"getMapFeature", "feature:" + id, "at " + format_rfc3339(moment->at), {}, {}};
  if (auto recorded = record(context, call, use); !recorded) return problem(recorded.error());
  ordered_json j = moment_json(*moment);
  const MapSheet sheet = map_sheet(context, eyes(call), *geometry, std::move(*moment));
  j.update(standing_json(context, eyes(call), sheet, *feature));
  return json_answer(j);
}

}  // namespace quaywatch::api
