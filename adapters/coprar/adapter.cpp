// COPRAR: container discharge and loading order, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::coprar {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "LOC", {1, 0}, "11", {2, 0}, facility, {}, standard, "to be discharged here", "", "43 118 145"},
    {header, "LOC", {1, 0}, "11", {2, 0}, text, F::location_code, standard, "to be discharged here", "", "43 118 145"},
    {header, "LOC", {1, 0}, "9", {2, 0}, facility, {}, secondary, "to be loaded here", "", "45 121 146"},
    {header, "LOC", {1, 0}, "9", {2, 0}, text, F::location_code, secondary, "to be loaded here", "", "45 121 146"},
    {header, "NAD", {1, 0}, "CA", {2, 0}, text, F::carrier_code, secondary, "carrier"},
    {group, "LOC", {1, 0}, "147", {2, 0}, text, F::container_slot, standard, "stowage cell"},
    {group, "HAN", {}, "", {1, 0}, text, F::handling_kind, standard, "C524 4079, several"},
};

constexpr EventKind kKinds[] = {
    {"43", EventType::container_discharged, Classifier::requested},
    {"118", EventType::container_discharged, Classifier::requested},
    {"145", EventType::container_discharged, Classifier::requested},
    {"45", EventType::container_loaded, Classifier::requested},
    {"121", EventType::container_loaded, Classifier::requested},
    {"146", EventType::container_loaded, Classifier::requested},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "coprar",
    "COPRAR",
    {.kinds = kKinds, .function_is_operation = true, .is_statement = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kPartyRows, kCargoRows, kRows}};

}  // namespace quaywatch::adapters::coprar
