#include "sim/happening.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace quaywatch::sim {
namespace {

constexpr auto kNames = std::to_array<std::string_view>(
    {"hour_passed",       "call_planned",        "call_listed",        "truck_called",
     "call_scheduled",    "prearrival_declared", "vessel_arrived",     "discharge_ended",
     "load_ended",        "vessel_departed",     "booking_made",       "export_declared",
     "verified_mass_declared", "release_issued", "release_replaced",   "release_cancelled",
     "release_transferred", "release_viewed",    "box_located",        "ticket_opened",
     "pickup_announced",  "pickup_refused",      "pickup_withdrawn",   "delivery_announced",
     "appointment_made",  "appointment_changed", "sealed",             "discharged",
     "loaded",            "move_ordered",        "moved",              "order_done",
     "gate_entered",      "gate_left",           "depot_entered",      "depot_left",
     "inland_entered",    "inland_left",         "weighed",            "seal_checked",
     "door_opened",       "repaired",            "reefer_plugged",     "reefer_unplugged",
     "reefer_alarmed",    "selected",            "deselected",         "control_ordered",
     "scanned",           "scan_analysed",       "box_opened",         "resealed",
     "control_ended",     "customs_cleared",     "card_issued",        "card_replaced",
     "card_revoked",      "duty_planned",        "duty_changed",       "visitor_announced",
     "door_passed",       "door_refused",        "logged_in",          "login_failed",
     "privilege_granted", "privilege_revoked",   "party_registered",   "party_changed",
     "device_silenced",   "device_restored",     "manifest_known",     "logged_out",
     "seal_swapped",      "load_changed"});
static_assert(kNames.size() == static_cast<std::size_t>(Act::count_));

}  // namespace

std::string_view act_name(Act act) { return kNames[static_cast<std::size_t>(act)]; }

Result<Act> act_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<Act>(i);
  const auto near = nearest(name, kNames);
  return fail(ErrorCode::invalid_argument,
              fmt::format("'{}' is no act{}", name, near.empty() ? "" : fmt::format("; nearest: {}", near)));
}

std::string_view move_name(Move move) {
  constexpr auto kMoves =
      std::to_array<std::string_view>({"yard", "lane", "quay", "rail", "barge", "control", "rehandle"});
  return kMoves[static_cast<std::size_t>(move)];
}

std::string slot_text(const Slot& slot) {
  if (slot.block == 0) return {};
  return fmt::format("{}{:02}-{:02}-{}-{}", static_cast<char>('A' + (slot.block - 1) / 20),
                     (slot.block - 1) % 20 + 1, slot.bay, slot.row, slot.tier);
}

}  // namespace quaywatch::sim
