#include "live/whereabouts.h"

#include <algorithm>
#include <cstddef>

#include "base/limits.h"
#include "base/limits_server.h"
#include "journal/pseudonym.h"
#include "timeline/occurrence.h"

namespace quaywatch::live {
namespace {

constexpr std::ptrdiff_t kKeptBefore = 8;  // sightings of a subject that stands still: walls hide some of them
constexpr Duration kForgetEvery = hours(6);

std::string words(const Event& e, FieldId field) {
  return std::string(e.text(field));
}

std::optional<double> number(const Event& e, FieldId field) {
  const Value v = e.fields.get(field);
  if (v.kind != Kind::decimal) return std::nullopt;
  return static_cast<double>(v.number) / static_cast<double>(kDecimalOne);
}

// Nothing of the subject stands behind such a record.
bool is_gone(MapLayer layer, EventType type) {
  switch (layer) {
    case MapLayer::boxes:
      return timeline::is_exit(type);
    case MapLayer::cards:
      return true;
    case MapLayer::vessels:
      return type != EventType::vessel_arrived;
    case MapLayer::devices:
      return type == EventType::sensor_restored;
  }
  return true;
}

// A container at a gate or on the quay has not been given a place yet: the lane is all that is known.
std::string place_of(const Event& e) {
  if (e.type == EventType::container_gate_in) return words(e, FieldId::capture_lane);
  return words(e, FieldId::location_to);
}

using Sightings = std::vector<EventPtr>;

// fn(EventPtr) from the latest up to the instant that is shown backwards; it returns whether to go on.
template <typename F>
void each_before(const Sightings& sightings, Timestamp instant, const Shows& shows, F&& fn) {
  auto at = sightings.end();
  // Most stand where they were seen last.
  if (sightings.back()->event_time > instant)
    at = std::upper_bound(sightings.begin(), sightings.end(), instant,
                          [](Timestamp t, const EventPtr& e) { return t < e->event_time; });
  while (at != sightings.begin()) {
    --at;
    if (shows(*at) && !fn(*at)) return;
  }
}

EventPtr last_before(const Sightings& sightings, Timestamp instant, const Shows& shows) {
  EventPtr found;
  each_before(sightings, instant, shows, [&](const EventPtr& e) { return found = e, false; });
  return found;
}

// By key: what is told of them must not depend on the order in a table.
template <typename Subjects>
std::vector<const typename Subjects::value_type*> in_order(const Subjects& subjects) {
  std::vector<const typename Subjects::value_type*> out;
  for (const auto& row : subjects) out.push_back(&row);
  std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  return out;
}

void note_last(Seen& out, MapLayer layer, Timestamp at) {
  auto& last = out.last[static_cast<std::size_t>(layer)];
  if (!last || *last < at) last = at;
}

// Where several feeds tell one arrival, some name the berth, and some the terminal in its place.
void add_call(VesselSeen& vessel, const Event& e) {
  vessel.berthed_at = e.event_time;
  std::string berth = words(e, FieldId::berth_code);
  if (berth.empty() || std::find(vessel.berths.begin(), vessel.berths.end(), berth) != vessel.berths.end()) return;
  vessel.berths.push_back(std::move(berth));
  if (vessel.facility.empty()) vessel.facility = e.facility;
}

void add_position(VesselSeen& vessel, const Event& e) {
  const auto latitude = number(e, FieldId::position_latitude), longitude = number(e, FieldId::position_longitude);
  const bool is_older = vessel.position_at && *vessel.position_at >= e.event_time;
  if (!latitude || !longitude || is_older) return;
  vessel.position_at = e.event_time;
  vessel.latitude = *latitude;
  vessel.longitude = *longitude;
  vessel.course_deg = number(e, FieldId::vessel_course_deg);
  vessel.speed_kn = number(e, FieldId::vessel_speed_kn);
}

void fill(std::string& text, const Event& e, FieldId field) {
  if (text.empty()) text = words(e, field);
}

}  // namespace

std::optional<MapLayer> map_layer(EventType type) {
  using enum EventType;
  if (timeline::is_entry(type) || timeline::is_exit(type) || type == container_moved || type == container_positioned)
    return MapLayer::boxes;
  if (type == access_granted) return MapLayer::cards;
  if (type == vessel_arrived || type == vessel_departed || type == vessel_positioned) return MapLayer::vessels;
  if (type == sensor_silent || type == sensor_restored) return MapLayer::devices;
  return std::nullopt;
}

// Empty: the record names no subject of the layer.
Whereabouts::Key Whereabouts::key_of(MapLayer layer, const Event& e) {
  switch (layer) {
    case MapLayer::boxes:
      return {words(e, FieldId::container_number), {}};
    case MapLayer::cards: {
      const std::string_view card = e.text(FieldId::credential_id), zone = e.text(FieldId::access_zone);
      if (card.empty() || zone.empty() || e.text(FieldId::access_direction).empty()) return {};
      return {journal::shown_text(*keys_, info(FieldId::credential_id).personal, card),
              e.facility + '\n' + std::string(zone)};
    }
    case MapLayer::vessels: {
      std::string imo = words(e, FieldId::vessel_imo), mmsi = words(e, FieldId::vessel_mmsi);
      if (!imo.empty() && !mmsi.empty() && imo_of_mmsi_.size() < limits::kMapSubjects) imo_of_mmsi_[mmsi] = imo;
      return imo.empty() ? Key{std::move(mmsi), "mmsi"} : Key{std::move(imo), "imo"};
    }
    case MapLayer::devices:
      return {words(e, FieldId::device_id), e.facility};
  }
  return {};
}

void Whereabouts::add(const EventPtr& event) {
  const auto layer = map_layer(event->type);
  if (!layer || event->classifier != Classifier::actual || event->op == Op::void_) return;
  Key key = key_of(*layer, *event);
  if (key.first.empty()) return;
  Subjects& subjects = subjects_[static_cast<std::size_t>(*layer)];
  if (subjects.size() >= limits::kMapSubjects && !subjects.contains(key)) return void(++dropped_);
  Sightings& sightings = subjects[std::move(key)];
  const auto at =
      std::lower_bound(sightings.begin(), sightings.end(), place(*event),
                       [](const EventPtr& e, const Place& p) { return place(*e) < p; });
  if (at != sightings.end() && (*at)->id == event->id) return;
  sightings.insert(at, event);
  if (sightings.size() > limits::kSubjectHistoryEvents) sightings.erase(sightings.begin());
  latest_ = std::max(latest_, event->event_time);
  if (latest_ >= next_forget_) forget();
}

void Whereabouts::clear() {
  for (Subjects& subjects : subjects_) subjects.clear();
  imo_of_mmsi_.clear();
  latest_ = next_forget_ = Timestamp::min();
  dropped_ = 0;
}

void Whereabouts::forget() {
  next_forget_ = latest_ + kForgetEvery;
  const Timestamp horizon = latest_ - limits::kMapReach;
  for (std::size_t i = 0; i < subjects_.size(); ++i)
    boost::unordered::erase_if(subjects_[i], [&](auto& row) {
      Sightings& sightings = row.second;
      const auto from = std::find_if(sightings.begin(), sightings.end(),
                                     [&](const EventPtr& e) { return e->event_time >= horizon; });
      const bool is_over = from == sightings.end() && is_gone(static_cast<MapLayer>(i), sightings.back()->type);
      if (from - sightings.begin() > kKeptBefore) sightings.erase(sightings.begin(), from - kKeptBefore);
      return is_over;
    });
}

void Whereabouts::add_boxes(Timestamp instant, const Shows& shows, Seen& out) const {
  for (const auto& [key, sightings] : of(MapLayer::boxes)) {
    const EventPtr e = last_before(sightings, instant, shows);
    if (!e) continue;
    note_last(out, MapLayer::boxes, e->event_time);
    if (!timeline::is_exit(e->type)) out.boxes.push_back({key.first, e->facility, place_of(*e), e->event_time});
  }
}

void Whereabouts::add_cards(Timestamp instant, const Shows& shows, Seen& out) const {
  for (const auto* row : in_order(of(MapLayer::cards))) {
    const auto& [key, sightings] = *row;
    const EventPtr e = last_before(sightings, instant, shows);
    if (!e) continue;
    note_last(out, MapLayer::cards, e->event_time);
    if (e->text(FieldId::access_direction) == "in" && instant - e->event_time <= kPresence)
      out.cards.push_back({key.first, e->facility, words(*e, FieldId::access_zone), e->event_time});
  }
}

void Whereabouts::add_vessels(Timestamp instant, const Shows& shows, Seen& out) const {
  std::map<std::string, VesselSeen> vessels;
  for (const auto* row : in_order(of(MapLayer::vessels))) {
    const auto& [key, sightings] = *row;
    const auto imo = key.second == "mmsi" ? imo_of_mmsi_.find(key.first) : imo_of_mmsi_.end();
    VesselSeen& vessel = vessels[imo == imo_of_mmsi_.end() ? key.second + key.first : "imo" + imo->second];
    bool has_left = false;
    each_before(sightings, instant, shows, [&](const EventPtr& e) {
      note_last(out, MapLayer::vessels, e->event_time);
      fill(vessel.imo, *e, FieldId::vessel_imo);
      fill(vessel.mmsi, *e, FieldId::vessel_mmsi);
      fill(vessel.name, *e, FieldId::vessel_name);
      has_left |= e->type == EventType::vessel_departed;
      if (e->type == EventType::vessel_positioned && instant - e->event_time <= kVesselPosition)
        add_position(vessel, *e);
      if (e->type == EventType::vessel_arrived && !has_left) add_call(vessel, *e);
      return !has_left && instant - e->event_time <= kBerthStay;
    });
  }
  for (auto& [key, vessel] : vessels)
    if (!vessel.berths.empty() || vessel.position_at) out.vessels.push_back(std::move(vessel));
}

void Whereabouts::add_devices(Timestamp instant, const Shows& shows, Seen& out) const {
  for (const auto* row : in_order(of(MapLayer::devices))) {
    const auto& [key, sightings] = *row;
    const EventPtr e = last_before(sightings, instant, shows);
    if (!e) continue;
    note_last(out, MapLayer::devices, e->event_time);
    if (e->type == EventType::sensor_silent)
      out.devices.push_back({key.first, e->facility, words(*e, FieldId::device_zone), e->event_time});
  }
}

Seen Whereabouts::at(Timestamp instant, const Shows& shows) const {
  Seen out;
  out.dropped = dropped_;
  add_boxes(instant, shows, out);
  add_cards(instant, shows, out);
  add_vessels(instant, shows, out);
  add_devices(instant, shows, out);
  return out;
}

std::optional<Timestamp> Whereabouts::latest(const Shows& shows) const {
  std::optional<Timestamp> out;
  for (const Subjects& subjects : subjects_)
    for (const auto& [key, sightings] : subjects) {
      // Most are older than what was found already: they need no look.
      if (out && sightings.back()->event_time <= *out) continue;
      if (const EventPtr e = last_before(sightings, Timestamp::max(), shows); e && (!out || e->event_time > *out))
        out = e->event_time;
    }
  return out;
}

}  // namespace quaywatch::live
