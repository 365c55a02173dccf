#include "timeline/export_track.h"

#include <algorithm>

#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxExportBoxes = 16;
constexpr Duration kExportsSearched = days(1);

}  // namespace

void ExportTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  heard_at_ = std::max(heard_at_, event->event_time);
  if (event->type == EventType::object_listed || event->type == EventType::object_delisted)
    return listings_.apply(event);
  const std::string_view box = event->text(FieldId::container_number);
  const bool is_known = box.empty() || std::any_of(stated_.begin(), stated_.end(), [&](const EventPtr& e) {
    return e->text(FieldId::container_number) == box;
  });
  if (is_known) return;
  keep_latest(stated_, event, kMaxExportBoxes);
}

void ExportTrack::facts(const Event& event, std::string_view vin, Facts& out) const {
  const std::string_view box = event.text(FieldId::container_number);
  const auto earlier = std::find_if(stated_.begin(), stated_.end(), [&](const EventPtr& e) {
    return place(*e) < place(event) && e->text(FieldId::container_number) != box;
  });
  if (earlier != stated_.end()) out.text(FieldId::goods_vin_repeated, vin, *earlier);
  EventPtr listed, last;
  listings_.each(event.event_time, [&](const EventPtr& first_word, const EventPtr& last_word) {
    if (!listed) listed = first_word, last = last_word;
  });
  if (!listed) return;
  out.text(FieldId::goods_vin_listed, vin, listed);
  if (last != listed) out.cite(FieldId::goods_vin_listed, last);
}

void ExportTrack::none_on_record(const Event& event, const Coverage& coverage, Facts& out) {
  const auto establish = [&](FieldId fact, EventType type, std::string_view facility, Duration back) {
    if (out.values.has(fact)) return;
    const Timestamp at = event.event_time;
    out.none_if_absent({fact}, {{type}, facility, at - back, at}, coverage);
  };
  establish(FieldId::goods_vin_repeated, event.type, event.facility, kExportsSearched);
  establish(FieldId::goods_vin_listed, EventType::object_listed, {}, Duration{});
}

}  // namespace quaywatch::timeline
