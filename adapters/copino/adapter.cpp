// COPINO: container pre-notification, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::copino {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "TDT", {1, 0}, "1", {2, 0}, text, F::transport_ref, secondary, "8028 journey"},
    {header, "TDT", {1, 0}, "1", {3, 0}, mode, F::transport_mode, secondary, "8067"},
    {header, "TDT", {1, 0}, "1", {5, 0}, text, F::party_code, secondary, "haulier, C040 3127"},
    {header, "TDT", {1, 0}, "1", {5, 3}, text, F::party_name, standard, "haulier, C040 3128"},
    {header, "TDT", {1, 0}, "1", {8, 0}, squeezed, F::vehicle_plate, secondary, "registration", "", "", {8, 1}, "146"},
    {header, "TDT", {1, 0}, "1", {8, 3}, text, F::driver_name, secondary, "C222 8212", "", "", {8, 1}, "146"},
    {header, "LOC", {1, 0}, "88 60 165", {2, 0}, facility, {}, secondary, "the terminal, C519 or C553"},
    {header, "LOC", {1, 0}, "88 60 165", {2, 0}, text, F::location_code, secondary, "the terminal's port"},
    {header, "DTM", {1, 0}, "132", {1, 1}, time, F::pickup_window_from, secondary, "estimated arrival", "", "171"},
};

constexpr EventKind kKinds[] = {
    {"171", EventType::pickup_announced},
    {"661", EventType::delivery_announced},
    {"663", EventType::delivery_announced},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "copino",
    "COPINO",
    {.kinds = kKinds, .function_is_operation = true, .is_statement = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kPartyRows, kCargoRows, kRows}};

}  // namespace quaywatch::adapters::copino
