#include "timeline/list_track.h"

#include "timeline/occurrence.h"

namespace quaywatch::timeline {

void ListTrack::facts(const Event& event, const Coverage&, Facts& out) const {
  const FieldId fact = FieldId::container_on_list;
  for (const auto& entry : listings_.all()) {
    const Truth counts = both(before(*entry.listed, event), entry.counts_until(event));
    if (counts == Truth::no) continue;
    if (counts == Truth::yes)
      out.text(fact, entry.listed->text(FieldId::list_name), entry.listed);
    else
      out.unknown(fact, UnknownCause::order, entry.listed);
    if (entry.last != entry.listed) out.cite(fact, entry.last);
    if (counts == Truth::unknown) out.cite(fact, entry.delisted);
  }
}

}  // namespace quaywatch::timeline
