#include "timeline/list_track.h"

namespace quaywatch::timeline {

void ListTrack::facts(const Event& event, const Coverage&, Facts& out) const {
  listings_.each(event.event_time, [&](const EventPtr& listed) {
    out.text(FieldId::container_on_list, listed->text(FieldId::list_name), listed);
  });
}

}  // namespace quaywatch::timeline
