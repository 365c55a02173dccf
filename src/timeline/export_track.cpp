#include "timeline/export_track.h"

#include <algorithm>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxBoxes = 16;
constexpr std::size_t kMaxListings = 16;
constexpr Duration kSearched = days(1);

}  // namespace

// Of two words that both name their list and entry, those count; else what one of them leaves out is no difference, as
// long as they come from one feed.
bool ExportTrack::is_same_entry(const Event& a, const Event& b) {
  const auto differ = [&](FieldId f) {
    return a.fields.has(f) && b.fields.has(f) && !equals_ignore_case(a.text(f), b.text(f));
  };
  if (differ(FieldId::list_name) || differ(FieldId::list_entry)) return false;
  return a.feed == b.feed || (a.fields.has(FieldId::list_name) && b.fields.has(FieldId::list_name));
}

Timestamp ExportTrack::Listing::end() const {
  const Value until = last->fields.get(FieldId::list_valid_until);
  const Timestamp valid = until.kind == Kind::time ? until.time() : Timestamp::max();
  return delisted ? std::min(valid, delisted->event_time) : valid;
}

void ExportTrack::list(const EventPtr& event) {
  for (Listing& l : listings_)
    if (!l.delisted && is_same_entry(*l.listed, *event)) return void(l.last = event);
  if (listings_.size() == kMaxListings) listings_.erase(listings_.begin());
  listings_.push_back({event, event, nullptr});
}

void ExportTrack::delist(const EventPtr& event) {
  for (Listing& l : listings_)
    if (!l.delisted && is_same_entry(*l.listed, *event)) l.delisted = event;
}

void ExportTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  heard_at_ = std::max(heard_at_, event->event_time);
  if (event->type == EventType::object_listed) return list(event);
  if (event->type == EventType::object_delisted) return delist(event);
  const std::string_view box = event->text(FieldId::container_number);
  const bool is_known = box.empty() || std::any_of(stated_.begin(), stated_.end(), [&](const EventPtr& e) {
    return e->text(FieldId::container_number) == box;
  });
  if (is_known) return;
  keep_latest(stated_, event, kMaxBoxes);
}

void ExportTrack::facts(const Event& event, std::string_view vin, Facts& out) const {
  const std::string_view box = event.text(FieldId::container_number);
  const auto earlier = std::find_if(stated_.begin(), stated_.end(), [&](const EventPtr& e) {
    return place(*e) < place(event) && e->text(FieldId::container_number) != box;
  });
  if (earlier != stated_.end()) out.text(FieldId::goods_vin_repeated, vin, *earlier);
  const auto listing = std::find_if(listings_.begin(), listings_.end(), [&](const Listing& l) {
    return !(l.end() < event.event_time);
  });
  if (listing == listings_.end()) return;
  out.text(FieldId::goods_vin_listed, vin, listing->listed);
  if (listing->last != listing->listed) out.cite(FieldId::goods_vin_listed, listing->last);
}

void ExportTrack::none_on_record(const Event& event, const Coverage& coverage, Facts& out) {
  const auto establish = [&](FieldId fact, EventType type, std::string_view facility, Duration back) {
    if (out.values.has(fact)) return;
    const Timestamp at = event.event_time;
    out.none_if_absent({fact}, {{type}, facility, at - back, at}, coverage);
  };
  establish(FieldId::goods_vin_repeated, event.type, event.facility, kSearched);
  establish(FieldId::goods_vin_listed, EventType::object_listed, {}, Duration{});
}

}  // namespace quaywatch::timeline
