// Entries of the site's lists about one object: since when, until when, on which list. Pure.
#pragma once

#include <vector>

#include "model/event.h"

namespace quaywatch::timeline {

class Listings {
 public:
  // Takes in an object.listed or object.delisted; anything else is left alone.
  void apply(const EventPtr& event);
  // fn(the first word on the entry, the last, which says how long it counts) for each that counts at or after `at`.
  template <typename F>
  void each(Timestamp at, F&& fn) const {
    for (const Listing& l : listings_)
      if (!(l.end() < at)) fn(l.listed, l.last);
  }

 private:
  struct Listing {
    EventPtr listed;    // the first word on the entry
    EventPtr last;      // the last word, which says how long the entry counts
    EventPtr delisted;  // null: on the list
    Timestamp end() const;
  };
  std::vector<Listing> listings_;  // the latest kMaxListings
};

}  // namespace quaywatch::timeline
