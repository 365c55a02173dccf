#include "timeline/listings.h"

#include <algorithm>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxListings = 16;

// Of two words that both name their list and entry, those count; else what one of them leaves out is no difference, as
// long as they come from one feed.
bool is_same_entry(const Event& a, const Event& b) {
  const auto differ = [&](FieldId f) {
    return a.fields.has(f) && b.fields.has(f) && !equals_ignore_case(a.text(f), b.text(f));
  };
  if (differ(FieldId::list_name) || differ(FieldId::list_entry)) return false;
  return a.feed == b.feed || (a.fields.has(FieldId::list_name) && b.fields.has(FieldId::list_name));
}

}  // namespace

Truth Listings::Listing::counts_until(const Event& event) const {
  const Value until = last->fields.get(FieldId::list_valid_until);
  if (until.kind == Kind::time && until.time() < event.event_time) return Truth::no;
  return delisted ? !before(*delisted, event) : Truth::yes;
}

void Listings::apply(const EventPtr& event) {
  const auto open = std::find_if(listings_.begin(), listings_.end(), [&](const Listing& l) {
    return !l.delisted && is_same_entry(*l.listed, *event);
  });
  if (event->type == EventType::object_delisted) {
    for (Listing& l : listings_)
      if (is_same_entry(*l.listed, *event) && (!l.delisted || is_surer(*event, *l.delisted))) l.delisted = event;
  } else if (event->type == EventType::object_listed && open != listings_.end()) {
    open->last = event;
  } else if (event->type == EventType::object_listed) {
    keep_latest(listings_, Listing{event, event, nullptr}, kMaxListings);
  }
}

}  // namespace quaywatch::timeline
