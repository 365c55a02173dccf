// CUSRES: customs response, UN/EDIFACT D.95B to D.13B. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::cusres {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr Anchor kAnchors[] = {
    {header, "GIS", {}, "", {1, 0}},
    {header, "GEI", {}, "", {2, 0}},
    {group, "EQD"},
};

constexpr EdifactRow kRows[] = {
    {header, "BGM", {}, "", {1, 0}, text, F::document_type, standard, "1001"},
    {header, "DTM", {1, 0}, "58 9", {1, 1}, event_time, {}, secondary, "clearance, processing"},
    {header, "GIS", {}, "", {1, 0}, text, F::customs_status, standard, "C529 7365 processing indicator"},
    {header, "GEI", {}, "", {2, 0}, text, F::customs_status, secondary, "C012 7365, from D.02A"},
    {header, "RFF", {1, 0}, "ABT", {1, 1}, text, F::customs_ref, secondary, "declaration number"},
    {header, "RFF", {1, 0}, "BM", {1, 1}, text, F::bill_ref, standard, "bill of lading"},
    {header, "RFF", {1, 0}, "AAQ", {1, 1}, container_number, F::container_number, secondary, "unit load device"},
    {header, "FTX", {1, 0}, "ACD AHN DIN", {4, 0}, text, F::event_reason, secondary, "reason, status, instruction"},
    {anywhere, "SEL", {}, "", {1, 0}, seal, F::seal_number, memory, "9308, several"},
};

constexpr EventKind kKinds[] = {
    {"4", EventType::customs_released},
    {"5", EventType::selection_added},
    {"7", EventType::customs_held},
    {"26", EventType::customs_held},
    {"*", EventType::customs_responded},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "cusres",
    "CUSRES",
    {.anchors = kAnchors,
     .kinds = kKinds,
     .is_statement = true,
     .needs_equipment = false,
     .whole_message = true,
     .header_trails = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kPortRows, kRows}};

}  // namespace quaywatch::adapters::cusres
