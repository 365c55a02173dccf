// COREOR: container release order, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::coreor {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr Anchor kAnchors[] = {{header, "BGM", {}, "", {3, 0}}, {group, "EQD"}};

constexpr EdifactRow kRows[] = {
    {header, "DTM", {1, 0}, "36", {1, 1}, time, F::release_valid_until, secondary, "expiry for all equipment"},
    {header, "LOC", {1, 0}, "11", {2, 0}, facility, {}, secondary, "place of collection, C519 terminal"},
    {header, "LOC", {1, 0}, "11", {2, 0}, text, F::location_code, secondary, "place of collection"},
    {header, "NAD", {1, 0}, "FW", {2, 0}, text, F::release_holder_named, standard, "forwarder: the holder"},
    {header, "NAD", {1, 0}, "CN", {2, 0}, text, F::party_consignee, standard, "consignee"},
    {group, "DTM", {1, 0}, "36", {1, 1}, time, F::release_valid_until, secondary, "expiry"},
};

constexpr EventKind kKinds[] = {
    {"9", EventType::release_issued},
    {"5", EventType::release_replaced},
    {"1", EventType::release_cancelled},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "coreor",
    "COREOR",
    {.anchors = kAnchors, .kinds = kKinds, .is_statement = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kPartyRows, kCargoRows, kRows}};

}  // namespace quaywatch::adapters::coreor
