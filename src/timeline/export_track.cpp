#include "timeline/export_track.h"

#include <algorithm>

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxBoxes = 16;

}  // namespace

void ExportTrack::apply(const EventPtr& event) {
  if (event->type == EventType::object_listed || event->type == EventType::object_delisted) {
    listed_ = event->type == EventType::object_listed ? event : nullptr;
    return;
  }
  const std::string_view box = event->text(FieldId::container_number);
  const bool is_known = std::any_of(stated_.begin(), stated_.end(), [&](const EventPtr& e) {
    return e->text(FieldId::container_number) == box;
  });
  if (is_known) return;
  if (stated_.size() == kMaxBoxes) stated_.erase(stated_.begin());
  stated_.push_back(event);
}

void ExportTrack::facts(const Event& event, std::string_view vin, Facts& out) const {
  const std::string_view box = event.text(FieldId::container_number);
  const auto earlier = std::find_if(stated_.begin(), stated_.end(), [&](const EventPtr& e) {
    return e->text(FieldId::container_number) != box;
  });
  if (earlier != stated_.end()) out.text(FieldId::goods_vin_repeated, vin, *earlier);
  if (listed_) out.text(FieldId::goods_vin_listed, vin, listed_);
}

}  // namespace quaywatch::timeline
