// COARRI: container discharge and loading report, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::coarri {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "LOC", {1, 0}, "11", {2, 0}, facility, {}, real_file, "discharged here, C519 terminal", "", "44 119"},
    {header, "LOC", {1, 0}, "11", {2, 0}, text, F::location_code, real_file, "discharged here", "", "44 119"},
    {header, "LOC", {1, 0}, "9", {2, 0}, facility, {}, real_file, "loaded here, C519 terminal", "", "46 122"},
    {header, "LOC", {1, 0}, "9", {2, 0}, text, F::location_code, real_file, "loaded here", "", "46 122"},
    {group, "DTM", {1, 0}, "203", {1, 1}, event_time, {}, real_file, "execution time: the crane move"},
    {group, "LOC", {1, 0}, "147", {2, 0}, text, F::container_slot, real_file, "stowage cell"},
};

constexpr EventKind kKinds[] = {
    {"44", EventType::container_discharged},
    {"119", EventType::container_discharged},
    {"46", EventType::container_loaded},
    {"122", EventType::container_loaded},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "coarri",
    "COARRI",
    {.kinds = kKinds, .function_is_operation = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kPartyRows, kCargoRows, kRows}};

}  // namespace quaywatch::adapters::coarri
