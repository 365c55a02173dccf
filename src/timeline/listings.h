// Entries of the site's lists about one object: since when, until when, on which list. Pure.
#pragma once

#include <vector>

#include "base/truth.h"
#include "model/event.h"

namespace quaywatch::timeline {

class Listings {
 public:
  // Takes in an object.listed or object.delisted; anything else is left alone.
  void apply(const EventPtr& event);
  struct Listing {
    EventPtr listed;    // the first word on the entry
    EventPtr last;      // the last word, which says how long the entry counts
    EventPtr delisted;  // null: on the list. Whether that was before an event is for the event's clock to say
    // At the event or behind it.
    Truth counts_until(const Event& event) const;
  };
  const std::vector<Listing>& all() const { return listings_; }

 private:
  std::vector<Listing> listings_;  // the latest kMaxListings
};

}  // namespace quaywatch::timeline
