// On which containers one seal number was stated. A number hangs on one door: a second box that shows it bears a copy,
// unless the seal was taken off the first, or somebody misread it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "timeline/facts.h"
#include "timeline/seal_track.h"

namespace quaywatch::timeline {

class SealUseTrack {
 public:
  // The seal numbers of the record, normal form, each once: what it states and what it says was taken off.
  static std::vector<std::string> numbers_of(const Event& event);
  static constexpr Duration kAhead = {};
  static constexpr Duration ahead(EventType) { return kAhead; }
  static constexpr bool is_asked(EventType type) { return is_about(type); }
  static constexpr bool is_about(EventType t) {
    using enum EventType;
    return t == seal_checked || t == seal_removed || t == container_sealed || t == container_inspected ||
           t == container_gate_in || t == container_gate_out || t == container_discharged || t == container_loaded;
  }
  void apply(const EventPtr& event);
  // Facts about `event`, which states `number`; `seals`: of its container just before. False: on no other.
  bool facts(const Event& event, std::string_view number, const SealTrack& seals, const Coverage& coverage,
             Facts& out) const;
  // After all numbers were asked: absent is the answer "none", so it must be established.
  static void none_on_record(const Event& event, const Coverage& coverage, Facts& out);
  // Does the record say that the seal hangs there?
  static bool states(const Event& event, std::string_view number);

 private:
  // seal.taken_off_there: the number was last stated on another container by `seen`.
  void taken_off_fact(const EventPtr& seen, const Event& event, std::string_view number, const Coverage& coverage,
                      Facts& out) const;

  std::vector<EventPtr> words_;  // by place; of each container the latest kMaxWordsOfBox, of all the latest kMaxWords
};

}  // namespace quaywatch::timeline
