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
  if (box.empty()) return;
  const auto known = std::find_if(stated_.begin(), stated_.end(), [&](const Stated& s) {
    return s.first->text(FieldId::container_number) == box;
  });
  if (known == stated_.end())
    keep_latest(stated_, {event, event}, kMaxExportBoxes);
  else if (is_surer(*event, *known->surest))
    known->surest = event;
}

void ExportTrack::facts(const Event& event, std::string_view vin, Facts& out) const {
  const std::string_view box = event.text(FieldId::container_number);
  Truth is_repeated = Truth::no;
  EventPtr earlier;
  for (const Stated& s : stated_)
    for (const EventPtr& e : {s.first, s.surest}) {
      if (e->text(FieldId::container_number) == box || !(place(*e) < place(event))) continue;
      if (before(*e, event) > is_repeated) is_repeated = before(*e, event), earlier = e;
    }
  if (is_repeated == Truth::yes) out.text(FieldId::goods_vin_repeated, vin, earlier);
  if (is_repeated == Truth::unknown) out.unknown(FieldId::goods_vin_repeated, UnknownCause::order, earlier);
  const auto entry_that = [&](Truth counts) {
    return std::find_if(listings_.all().begin(), listings_.all().end(),
                        [&](const auto& l) { return l.counts_until(event) == counts; });
  };
  auto entry = entry_that(Truth::yes);
  const bool is_sure = entry != listings_.all().end();
  if (!is_sure) entry = entry_that(Truth::unknown);
  if (entry == listings_.all().end()) return;
  if (is_sure)
    out.text(FieldId::goods_vin_listed, vin, entry->listed);
  else
    out.unknown(FieldId::goods_vin_listed, UnknownCause::order, entry->listed);
  if (entry->last != entry->listed) out.cite(FieldId::goods_vin_listed, entry->last);
  if (!is_sure) out.cite(FieldId::goods_vin_listed, entry->delisted);
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
