// Where one vehicle identification number was stated before: in which containers, and on which lists. Read ahead of a
// declaration by kAhead, because a theft is often reported after the car was packed. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "timeline/facts.h"
#include "timeline/listings.h"

namespace quaywatch::timeline {

class ExportTrack {
 public:
  static constexpr Duration kAhead = days(30);
  static constexpr Duration ahead(EventType) { return kAhead; }
  static constexpr bool is_asked(EventType type) {
    return type != EventType::object_listed && type != EventType::object_delisted;
  }
  static constexpr bool is_about(EventType) { return true; }
  void apply(const EventPtr& event);
  // Facts about `event`, which states `vin`: adds to lists, so that every number of the record can be asked.
  void facts(const Event& event, std::string_view vin, Facts& out) const;
  // Of a record that states numbers, after all of them were asked: absent is the answer "none", so it must be
  // established.
  static void none_on_record(const Event& event, const Coverage& coverage, Facts& out);
  // On top of the history span: a car may be packed again the year after.
  bool is_live(Timestamp horizon) const { return heard_at_ >= horizon - days(731); }

 private:
  struct Stated {  // in one container
    EventPtr first;
    EventPtr surest;  // to lie before whatever comes later
  };
  std::vector<Stated> stated_;  // by the first; the latest kMaxExportBoxes
  Listings listings_;
  Timestamp heard_at_ = Timestamp::min();
};

}  // namespace quaywatch::timeline
