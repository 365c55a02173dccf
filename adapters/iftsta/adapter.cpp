// IFTSTA: multimodal status report, UN/EDIFACT D.96A to D.00B. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::iftsta {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr Anchor kAnchors[] = {{part, "CNI"}, {group, "STS", {}, "", {2, 0}}};

constexpr EdifactRow kRows[] = {
    {part, "CNI", {}, "", {2, 0}, text, F::bill_ref, real_file, "C503 1004 consignment"},
    {anywhere, "RFF", {1, 0}, "EQ", {1, 1}, container_number, F::container_number, secondary, "equipment number"},
    {group, "STS", {}, "", {2, 0}, text, F::transport_status, real_file, "9011, later 4405: UN/ECE Rec. 24"},
    {group, "STS", {}, "", {3, 0}, text, F::event_reason, real_file, "9013 reason"},
    {group, "DTM", {1, 0}, "334 78 7", {1, 1}, event_time, {}, real_file, "when the status was reached"},
    {group, "LOC", {1, 0}, "175 165", {2, 0}, facility, {}, secondary, "where, C519 terminal"},
    {group, "LOC", {1, 0}, "175 165", {2, 0}, text, F::location_code, secondary, "where"},
    {anywhere, "TDT", {1, 0}, "1 20 30", {3, 0}, mode, F::transport_mode, standard, "8067"},
    {anywhere, "NAD", {1, 0}, "CA", {2, 0}, text, F::carrier_code, secondary, "carrier"},
    {anywhere, "SEL", {}, "", {1, 0}, seal, F::seal_number, standard, "9308, several"},
};

constexpr EventKind kKinds[] = {
    {"12", EventType::customs_released, Classifier::actual, F::container_number},
    {"13", EventType::container_picked_up, Classifier::actual, F::container_number},
    {"17", EventType::customs_held, Classifier::actual, F::container_number},
    {"21", EventType::container_dropped_off, Classifier::actual, F::container_number},
    {"22", EventType::container_dropped_off, Classifier::actual, F::container_number},
    {"28", EventType::container_stripped, Classifier::actual, F::container_number},
    {"29", EventType::container_discharged, Classifier::actual, F::transport_mode, "sea"},
    {"48", EventType::container_loaded, Classifier::actual, F::transport_mode, "sea"},
    {"83", EventType::container_sealed, Classifier::actual, F::container_number},
    {"93", EventType::container_stuffed, Classifier::actual, F::container_number},
    {"94", EventType::container_stuffed, Classifier::actual, F::container_number},
    {"*", EventType::container_status_reported},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "iftsta",
    "IFTSTA",
    {.anchors = kAnchors, .kinds = kKinds, .needs_equipment = false},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kRows}};

}  // namespace quaywatch::adapters::iftsta
