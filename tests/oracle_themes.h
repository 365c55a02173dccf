// What random streams for the oracle are about. See oracle_stream.h.
#pragma once

#include <cstdint>
#include <vector>

#include "model/event.h"

namespace quaywatch::tests {

using Types = std::vector<EventType>;

// What a stream is about: which types, in which mix, and of which some feed may say that it delivers all.
struct Theme {
  const char* name;
  Types types;
  std::vector<Types> covered;
  std::uint32_t least = 6, span = 22;  // how many happenings
  // Minutes of which a stream chooses one: how far its instants lie apart.
  std::vector<std::uint32_t> steps = {10, 10, 10, 10, 60, 360, 2'160};
  bool is_rush = false;  // of many boxes, within few hours
};

namespace theme {

using enum EventType;

inline const Theme kBox = {
    "box",
    {container_moved,     container_moved,    container_moved,      order_issued,      order_issued,
     order_cancelled,     release_issued,     release_issued,       release_replaced,  release_cancelled,
     release_transferred, pickup_announced,   pickup_announced,     container_gate_in, container_gate_in,
     container_gate_out,  container_gate_out, container_discharged, container_loaded,  container_sealed,
     container_inspected},
    {{container_gate_in, container_gate_out},
     {container_discharged, container_loaded},
     {order_issued, order_cancelled},
     {release_issued, release_replaced, release_cancelled},
     {release_transferred},
     {release_issued, release_transferred},
     {container_gate_out},
     {container_sealed, container_inspected}}};
inline const Theme kYard = {"yard",
                            {container_moved, container_moved, container_moved, container_status_reported,
                             container_status_reported, order_issued, order_issued, order_issued, order_cancelled,
                             container_sealed, container_inspected, container_stuffed, container_stripped,
                             sensor_silent, sensor_restored, container_stowed, container_discharged, container_weighed},
                            {{order_issued},
                             {container_sealed, container_inspected},
                             {container_stuffed, container_stripped},
                             {container_sealed, container_inspected, container_stuffed, container_stripped},
                             {sensor_silent}}};
inline const Theme kBays = {"bays",
                            {container_moved, container_moved, container_moved, container_moved, container_moved,
                             container_moved, container_moved, order_issued, order_cancelled, release_issued,
                             release_issued, release_issued, release_replaced, release_cancelled, container_gate_out,
                             container_loaded},
                            {{order_issued}, {order_issued, order_cancelled}, {release_issued}}};
inline const Theme kRights = {
    "rights",
    {release_issued, release_issued, release_replaced, release_cancelled, release_transferred, pickup_announced,
     pickup_denied, pickup_withdrawn, container_gate_out, container_gate_out, account_queried, account_queried,
     release_viewed, task_opened, party_registered, party_registered, account_changed},
    {{release_issued},
     {release_transferred},
     {release_issued, release_transferred},
     {task_opened},
     {party_registered},
     {pickup_denied}}};
inline const Theme kAccess = {
    "access",
    {access_granted, access_granted, access_granted, access_granted, access_denied, credential_issued,
     credential_revoked, credential_replaced, roster_planned, roster_planned, roster_cancelled, sensor_silent,
     sensor_restored, vehicle_passed, vehicle_passed, vehicle_passed},
    {{roster_planned},
     {sensor_silent},
     {credential_revoked},
     {credential_issued, credential_replaced},
     {sensor_silent, sensor_restored},
     {vehicle_passed}}};
inline const Theme kControls = {
    "controls",
    {selection_added,      selection_added,   selection_removed, container_inspected, container_inspected,
     container_inspected,  scan_analysed,     scan_analysed,     container_gate_out,  container_loaded,
     container_discharged, container_gate_in, container_weighed, container_weighed,   container_weighed,
     seal_checked,         container_sealed,  container_stuffed, order_issued,        release_issued},
    {{container_inspected},
     {selection_removed},
     {container_sealed, container_inspected},
     {scan_analysed},
     {container_sealed, container_inspected, container_stuffed, container_stripped},
     {container_weighed},
     {order_issued, release_issued, container_inspected, selection_added}}};
inline const Theme kPapers = {
    "papers",
    {document_changed, document_changed, document_changed, container_gate_in, container_gate_out, container_moved,
     container_loaded, object_listed, object_delisted, account_queried, account_queried},
    {{container_gate_in, container_loaded},
     {container_gate_in, container_discharged, container_loaded},
     {document_changed},
     {object_listed},
     {document_changed, object_listed}}};
inline const Theme kSeals = {
    "seals",
    {seal_checked, seal_checked, seal_removed, seal_removed, container_sealed, container_sealed, container_inspected,
     container_gate_in, container_gate_out, container_discharged, container_loaded},
    {{container_sealed, seal_removed},
     {seal_checked, container_sealed, seal_removed},
     {container_sealed, seal_removed, container_inspected},
     {container_gate_in, container_gate_out, container_discharged, container_loaded}}};
inline const Theme kArrivals = {
    "arrivals",
    {container_discharged, container_discharged, container_discharged, container_gate_in, container_gate_out,
     container_loaded, account_queried, account_queried, account_queried, account_queried, account_queried,
     release_viewed, task_opened, task_opened, task_opened, release_issued, release_cancelled},
    {{task_opened}, {release_issued}, {task_opened, release_issued}, {container_gate_out, container_loaded}},
    12,
    28};
inline const Theme kQueries = {
    "queries",
    {account_queried, account_queried, account_queried, account_queried, account_queried, release_viewed,
     release_viewed, task_opened},
    {{task_opened}, {account_queried}, {account_queried, release_viewed}, {task_opened, account_queried}},
    50,
    50,
    // A rush comes twice, half the grid apart: hours, a shift, days, or about the two weeks that are looked back.
    {10, 60, 130, 360, 1'620, 1'740},
    true};
// Ships that are heard every few hours, for longer than a declared day may last; now and then a little too rarely.
inline const Theme kCalls = {"calls", {vessel_positioned, vessel_positioned, vessel_positioned, vessel_positioned,
                                       vessel_positioned, vessel_positioned, vessel_positioned, vessel_call_declared},
                             {{vessel_positioned}}, 60, 50, {150, 190, 700}};

}  // namespace theme

inline const std::vector<Theme>& themes() {
  static const std::vector<Theme> kAll = {theme::kBox,      theme::kYard,     theme::kBays,   theme::kRights,
                                          theme::kAccess,   theme::kControls, theme::kPapers, theme::kArrivals,
                                          theme::kSeals,    theme::kQueries,  theme::kCalls};
  return kAll;
}

}  // namespace quaywatch::tests
