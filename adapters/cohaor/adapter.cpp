// COHAOR: container special handling order, UN/EDIFACT D.95B and later. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::cohaor {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "BGM", {}, "", {1, 0}, text, F::document_type, secondary, "1001"},
    {header, "RFF", {1, 0}, "ATX", {1, 1}, text, F::order_ref, standard, "order of the sender"},
    {group, "LOC", {1, 0}, "165", {2, 0}, facility, {}, standard, "where it stands, C519 terminal"},
    {group, "LOC", {1, 0}, "165", {2, 0}, text, F::location_code, standard, "where it stands"},
    {group, "HAN", {}, "", {1, 0}, text, F::handling_kind, standard, "C524 4079 code, several"},
    {group, "HAN", {}, "", {1, 3}, text, F::handling_kind, standard, "C524 4078 in words"},
    {group, "FTX", {1, 0}, "HAN", {4, 0}, text, F::handling_kind, standard, "handling instructions"},
};

constexpr EventKind kKinds[] = {
    {"*", EventType::handling_ordered},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "cohaor",
    "COHAOR",
    {.kinds = kKinds, .function_is_operation = true, .is_statement = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kPartyRows, kCargoRows, kRows}};

}  // namespace quaywatch::adapters::cohaor
