#include "timeline/seal_track.h"

#include <algorithm>

#include "base/text.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxSeals = 8;  // ISO 17712 practice is one or two; more are kept out of the comparison

// A box that is put on board and taken off again within a call has made no journey.
constexpr Duration kRestow = hours(36);

std::vector<std::string> seals_of(const Event& event, FieldId field) {
  std::vector<std::string> seals;
  event.fields.each(field, [&](const Value& v) {
    if (std::string s = squeeze(v.text); !s.empty() && seals.size() < kMaxSeals) seals.push_back(std::move(s));
  });
  return seals;
}

bool is_control(EventType t) {
  return t == EventType::container_sealed || t == EventType::container_inspected;
}

std::size_t differing(const std::string& a, const std::string& b) {
  constexpr std::size_t kLongest = 32;  // seals have ten characters; longer text is not compared by character
  const std::size_t longer = std::max(a.size(), b.size());
  return longer > kLongest ? longer * (a == b ? 0 : 1) : edit_distance(a, b);
}

// Plans (a bay plan of another port) do not say what hangs on the door.
bool states_seals(const Event& e) {
  return e.classifier == Classifier::actual && e.fields.has(FieldId::seal_number);
}

}  // namespace

void SealTrack::apply(const EventPtr& event) {
  if (event->classifier != Classifier::actual) return;
  std::vector<std::string> now;
  if (is_control(event->type)) {
    // A scan through the wall leaves the seal alone: only what opened the door, or may have, explains a new one.
    const Value opened = event->fields.get(FieldId::inspection_opened);
    if (opened.kind == Kind::boolean && !opened.boolean()) return;
    explained_ = event;
    now = seals_of(*event, FieldId::seal_new);
  }
  if (now.empty()) now = seals_of(*event, FieldId::seal_number);
  if (now.empty()) return;
  known_ = std::move(now);
  if (!is_control(event->type)) explained_ = nullptr;
  seen_ = event;
}

// Loaded here, carried away, emptied and filled anew before it came back: seals of two journeys are not compared.
bool SealTrack::is_of_earlier_journey(const Event& event) const {
  return event.type == EventType::container_discharged && seen_->type == EventType::container_loaded &&
         may_be_same_place(seen_->facility, event.facility) && event.event_time - seen_->event_time > kRestow;
}

void SealTrack::facts(const Event& event, const Coverage& coverage, Facts& out) const {
  if (!states_seals(event) || is_control(event.type) || !seen_) return;
  if (is_of_earlier_journey(event)) return out.unknown(FieldId::seal_changed, UnknownCause::known_since, seen_);
  for (const std::string& seal : known_) out.text(FieldId::seal_known, seal, seen_);
  const auto now = seals_of(event, FieldId::seal_number);
  if (now.empty()) return;
  const bool kept = std::any_of(now.begin(), now.end(), [&](const std::string& s) {
    return std::find(known_.begin(), known_.end(), s) != known_.end();
  });
  const Truth order = before(*seen_, event);
  if (!kept && order == Truth::unknown)
    out.unknown(FieldId::seal_changed, UnknownCause::order, seen_);
  else
    out.boolean(FieldId::seal_changed, !kept, seen_);
  std::size_t difference = std::string::npos;
  for (const std::string& seal : now)
    for (const std::string& known : known_) difference = std::min(difference, differing(seal, known));
  out.integer(FieldId::seal_difference, static_cast<std::int64_t>(difference), seen_);
  // A reseal record that names its new seal has become `known_`: a third seal after it is not explained by it.
  const FieldId field = FieldId::seal_reseal_recorded;
  out.cite(field, seen_);
  if (explained_ && explained_ != seen_) return out.boolean(field, true, explained_);
  using enum EventType;
  out.if_absent(field, false,
                {{container_sealed, container_inspected}, event.facility, seen_->event_time, event.event_time},
                coverage);
}

}  // namespace quaywatch::timeline
