// CODECO: container gate-in and gate-out report, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::codeco {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {group, "DTM", {1, 0}, "7", {1, 1}, event_time, {}, real_file, "effective time: the gate move"},
    {group, "LOC", {1, 0}, "165", {2, 0}, facility, {}, real_file, "place of the gate, C519 terminal"},
    {group, "LOC", {1, 0}, "165", {2, 0}, text, F::location_code, real_file, "place of the gate"},
    {group, "TDT", {1, 0}, "1", {5, 0}, text, F::party_code, standard, "inland carrier, C040 3127"},
    {group, "TDT", {1, 0}, "1", {8, 0}, squeezed, F::vehicle_plate, real_file, "registration", "", "", {8, 1}, "146"},
};

constexpr EventKind kKinds[] = {
    {"34", EventType::container_gate_in},
    {"36", EventType::container_gate_out},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "codeco",
    "CODECO",
    {.kinds = kKinds, .function_is_operation = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kPartyRows, kCargoRows, kRows}};

}  // namespace quaywatch::adapters::codeco
