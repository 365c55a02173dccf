// What happens in the port, as it truly happened. A `Step` is a happening that is planned; when its instant comes the
// world completes it (which slot, which machine, who was on duty) and shows it to every system, which records of it
// what that system can see. Plain values; times are true time (UTC), before any system's clock has put its error on
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace quaywatch::sim {

using Index = std::uint32_t;  // into a table of Port
inline constexpr Index kNone = ~Index{0};

// The words are those of scenario files and of the ground truth (`act_name`).
enum class Act : std::uint8_t {
  // the world's own: not seen by any system
  hour_passed,
  call_planned,
  call_listed,
  truck_called,
  // vessel calls
  call_scheduled,
  prearrival_declared,
  vessel_arrived,
  discharge_ended,
  load_ended,
  vessel_departed,
  // papers
  booking_made,
  export_declared,
  verified_mass_declared,
  release_issued,
  release_replaced,
  release_cancelled,
  release_transferred,
  release_viewed,
  box_located,
  ticket_opened,
  pickup_announced,
  pickup_refused,
  pickup_withdrawn,
  delivery_announced,
  appointment_made,
  appointment_changed,
  // the box
  sealed,
  discharged,
  loaded,
  move_ordered,
  moved,
  order_done,
  gate_entered,
  gate_left,
  depot_entered,
  depot_left,
  inland_entered,
  inland_left,
  weighed,
  seal_checked,
  door_opened,
  repaired,
  reefer_plugged,
  reefer_unplugged,
  reefer_alarmed,
  // customs
  selected,
  deselected,
  control_ordered,
  scanned,
  scan_analysed,
  box_opened,
  resealed,
  control_ended,
  customs_cleared,
  // people
  card_issued,
  card_replaced,
  card_revoked,
  duty_planned,
  duty_changed,
  visitor_announced,
  door_passed,
  door_refused,
  // accounts
  logged_in,
  login_failed,
  privilege_granted,
  privilege_revoked,
  party_registered,
  party_changed,
  // devices
  device_silenced,
  device_restored,
  manifest_known,  // the world's own
  // accounts, continued
  logged_out,
  // what nobody sees: the box is not what the papers say any more
  seal_swapped,
  load_changed,
  count_,
};

std::string_view act_name(Act act);
Result<Act> act_named(std::string_view name);  // the error names the nearest word

struct Slot {  // of the yard; block 0: not in a block
  std::uint16_t block = 0;
  std::uint8_t bay = 0, row = 0, tier = 0;
  bool operator==(const Slot&) const = default;
};
std::string slot_text(const Slot& slot);

enum class Move : std::uint8_t { to_yard, to_lane, to_quay, to_rail, to_barge, to_control, rehandle };
std::string_view move_name(Move move);

enum class DeviceKind : std::uint8_t { reader, camera, gate_portal, scale, scanner };

// Details that few steps have.
struct Detail {
  std::string ref, note, seal, card, device, place, person;
  std::int32_t weight_kg = -1;
  Slot to{};
  bool ok = true;
  Timestamp due{};  // of an appointment: when the lorry is to come
  Index beside = kNone;  // of moves and their orders: to the stack next to this box
  DeviceKind silences{}; // of device_silenced that names no device: one of this kind
  Duration lasts{};      // of the silence
};

struct Step {
  Timestamp at;
  Act act{};
  bool ok = true;         // a try that failed is a happening too; a door passed behind somebody, without a read
  bool has_task = true;   // of a look-up: opened from a job or for a ticket
  bool carries = false;   // of a passage of a gate: the box is on it, not only its reason
  Index box = kNone, call = kNone;
  Index company = kNone;  // who acts
  Index other = kNone;    // who receives: the new holder; of people's acts: the duty, the visit
  Index account = kNone, vehicle = kNone;
  Index person = kNone, machine = kNone, device = kNone;  // kNone: whoever is on duty, whatever is free
  Move move{};            // of orders and moves
  bool forced = false;    // happens although nobody ordered it, or another order is open
  Index plant = kNone;    // part of a planted crime or twin; counts from 0 in the order of the plants
  Index detail = kNone;   // of the world's details
};

struct Happening : Step {
  Slot from, to;
  std::string ref;          // number of the order, ticket, control, appointment
  std::string note;         // reason or outcome, in the words of the port
  std::string seal, seal_before;
  std::string place;        // zone, lane, transfer point, workstation
  std::int32_t weight_kg = -1;
  Timestamp due{}, due_before{};  // of an appointment: when the lorry is to come, and was to come before a change
  std::string card, card_before;  // read at the door; issued, and which it replaces
};

}  // namespace quaywatch::sim
