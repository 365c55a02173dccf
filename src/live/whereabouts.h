// Whereabouts: where boxes, cards and vessels were last seen as of an instant, and which devices were silent then: what
// the map shows. Every question is answered through a reader's eyes: a sighting that he may not see is as if it were
// not there, so that another may count for him. One thread at a time.
//
// Bounds: of a subject what is older than limits::kMapReach is kept only as its last few sightings, and nothing of what
// has left by then; limits::kMapSubjects of each kind, kSubjectHistoryEvents of each subject. An answer costs one look
// per subject.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "journal/key_ring.h"
#include "model/event.h"

namespace quaywatch::live {

// A card that went in and never came out is somewhere else by then; so is a ship whose departure nobody told.
inline constexpr Duration kPresence = hours(24), kBerthStay = days(7);
// A vessel that sent no position for longer is shown only where it lies.
inline constexpr Duration kVesselPosition = hours(1);

struct BoxSeen {
  std::string number, facility;
  std::string place;  // as the record says; empty: it says none
  Timestamp since;
};
struct CardSeen {
  std::string card;  // the pseudonym
  std::string facility, zone;
  Timestamp since;
};
struct VesselSeen {
  std::string imo, mmsi, name;
  std::string facility;
  std::vector<std::string> berths;  // as each feed names it, the latest first; empty: it lies nowhere, as far as known
  std::optional<Timestamp> berthed_at, position_at;
  double latitude = 0, longitude = 0;  // when position_at is there
  std::optional<double> course_deg, speed_kn;
};
struct DeviceSilent {
  std::string id, facility, zone;
  Timestamp since;
};

// What the layers of the map rest on.
enum class MapLayer : std::uint8_t { boxes, cards, vessels, devices };
inline constexpr std::array<std::string_view, 4> kMapLayerNames{"boxes", "cards", "vessels", "devices"};
std::optional<MapLayer> map_layer(EventType type);

struct Seen {
  std::vector<BoxSeen> boxes;  // in no order: there are very many
  std::vector<CardSeen> cards;
  std::vector<VesselSeen> vessels;
  std::vector<DeviceSilent> devices;
  std::array<std::optional<Timestamp>, kMapLayerNames.size()> last;  // record of each layer, up to the instant
  std::uint64_t dropped = 0;  // sightings of subjects beyond limits::kMapSubjects
};

// Whose eyes, and which records still stand.
using Shows = std::function<bool(const EventPtr&)>;

class Whereabouts {
 public:
  explicit Whereabouts(const journal::KeyRing& keys) : keys_(&keys) {}

  void add(const EventPtr& event);
  void clear();
  Seen at(Timestamp instant, const Shows& shows) const;
  // Of the latest sighting that is shown; nullopt: there is none.
  std::optional<Timestamp> latest(const Shows& shows) const;

 private:
  using Sightings = std::vector<EventPtr>;  // of one subject, by place
  using Key = std::pair<std::string, std::string>;
  using Subjects = boost::unordered_flat_map<Key, Sightings>;

  Key key_of(MapLayer layer, const Event& event);
  void forget();
  void add_boxes(Timestamp instant, const Shows& shows, Seen& out) const;
  void add_cards(Timestamp instant, const Shows& shows, Seen& out) const;
  void add_vessels(Timestamp instant, const Shows& shows, Seen& out) const;
  void add_devices(Timestamp instant, const Shows& shows, Seen& out) const;
  const Subjects& of(MapLayer layer) const { return subjects_[static_cast<std::size_t>(layer)]; }

  const journal::KeyRing* keys_;
  std::array<Subjects, kMapLayerNames.size()> subjects_;
  std::map<std::string, std::string, std::less<>> imo_of_mmsi_;
  Timestamp latest_ = Timestamp::min(), next_forget_ = Timestamp::min();
  std::uint64_t dropped_ = 0;
};

}  // namespace quaywatch::live
