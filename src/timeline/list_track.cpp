#include "timeline/list_track.h"

namespace quaywatch::timeline {

void ListTrack::facts(const Event& event, const Coverage&, Facts& out) const {
  listings_.each(event.event_time, [&](const EventPtr& listed, const EventPtr& last) {
    out.text(FieldId::container_on_list, listed->text(FieldId::list_name), listed);
    if (last != listed) out.cite(FieldId::container_on_list, last);
  });
}

}  // namespace quaywatch::timeline
