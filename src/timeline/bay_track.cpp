#include "timeline/bay_track.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <optional>

#include "timeline/lookup_track.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxBayBoxes = 128;    // a bay of a gantry block holds forty; what left since counts too
constexpr Duration kStanding = days(30);  // what was brought earlier may have left unseen

struct Slot {
  std::string_view bay;  // with its block
  std::int64_t row = 0;
};

std::optional<Slot> slot_of(std::string_view place) {
  const auto block = place.find('-');
  const auto bay = block == std::string_view::npos ? block : place.find('-', block + 1);
  if (block == 0 || bay == std::string_view::npos) return std::nullopt;
  const std::string_view rest = place.substr(bay + 1);
  Slot slot{place.substr(0, bay), 0};
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), slot.row);
  if (read.ec != std::errc()) return std::nullopt;
  return slot;
}

std::size_t bay_hash(const Slot& slot) {
  return std::hash<std::string_view>{}(slot.bay);
}

std::string key_of(const Event& move, FieldId place) {
  const auto slot = slot_of(move.text(place));
  return slot ? move.facility + '/' + std::string(slot->bay) : std::string();
}

}  // namespace

std::string BayTrack::bay_of_target(const Event& move) {
  return key_of(move, FieldId::location_to);
}

std::vector<std::string> BayTrack::bays_of(const Event& move) {
  std::vector<std::string> bays;
  if (!is_about(move.type) || move.classifier != Classifier::actual) return bays;
  if (!move.fields.has(FieldId::container_number)) return bays;
  for (const FieldId place : {FieldId::location_from, FieldId::location_to})
    if (std::string bay = key_of(move, place); !bay.empty() && (bays.empty() || bays.front() != bay))
      bays.push_back(std::move(bay));
  return bays;
}

// Wherever in the bay it stood: a box stands at one place. The bay that it left hears of it too, and keeps where it is.
// Where it stood before is forgotten once no clock can put another move between.
void BayTrack::apply(const EventPtr& move) {
  if (move->classifier != Classifier::actual) return;
  const std::string_view number = move->text(FieldId::container_number);
  const std::size_t hash = box_hash(number);
  for (Box& b : boxes_)
    if (b.number == hash && b.until == Timestamp::max() && b.move->text(FieldId::container_number) == number)
      b.until = move->event_time;
  std::erase_if(boxes_, [&](const Box& b) { return b.until < move->event_time - kErrorReach; });
  const auto slot = slot_of(move->text(FieldId::location_to));
  keep_latest(boxes_, Box{move, hash, slot ? bay_hash(*slot) : 0, slot ? slot->row : 0, Timestamp::max()},
              kMaxBayBoxes);
}

std::vector<EventPtr> BayTrack::beside(const Event& move) const {
  std::vector<EventPtr> out;
  const auto here = slot_of(move.text(FieldId::location_to));
  if (!here) return out;
  const std::size_t bay = bay_hash(*here), number = box_hash(move.text(FieldId::container_number));
  for (const Box& b : boxes_) {
    if (b.bay != bay || std::abs(b.row - here->row) > 1) continue;
    const auto there = slot_of(b.move->text(FieldId::location_to));
    if (!there || there->bay != here->bay || move.event_time - b.move->event_time > kStanding) continue;
    if (b.number != number || b.move->text(FieldId::container_number) != move.text(FieldId::container_number))
      out.push_back(b.move);
  }
  return out;
}

}  // namespace quaywatch::timeline
