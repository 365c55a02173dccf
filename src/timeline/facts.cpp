#include "timeline/facts.h"

#include <algorithm>

namespace quaywatch::timeline {

void Facts::clear() {
  values.clear();
  citations.clear();
}

void Facts::cite(FieldId fact, const EventPtr& event) {
  if (event) citations.push_back({fact, event, event->received_at, {}, {}, {}});
}

bool Facts::if_absent(FieldId f, bool value, const Search& search, const Coverage& coverage) {
  bool covered = false, hole = false, pending = false;
  const std::size_t first_citation = citations.size();
  for (const EventType type : search.types) {
    const CoverAnswer a = coverage.ask(type, search.facility, search.from, search.until);
    hole |= a.cover == Cover::hole;
    pending |= a.cover == Cover::pending;
    if (a.cover != Cover::covered) continue;
    covered = true;
    citations.push_back({f, nullptr, a.known_at, type, search.from, search.until});
  }
  if (covered && !hole && !pending) {
    values.add_boolean(f, value);
    return true;
  }
  citations.resize(first_citation);
  unknown(f, pending ? UnknownCause::pending : UnknownCause::no_coverage);
  return false;
}

bool Facts::none_if_absent(std::initializer_list<FieldId> facts, const Search& search, const Coverage& coverage) {
  const FieldId first = *facts.begin();
  Facts probe;
  if (probe.if_absent(first, true, search, coverage)) return true;
  for (const FieldId f : facts) unknown(f, probe.values.get(first).cause);
  return false;
}

}  // namespace quaywatch::timeline
