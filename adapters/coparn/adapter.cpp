// COPARN: container announcement, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::coparn {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "BGM", {}, "", {1, 0}, text, F::document_type, secondary, "1001: 126 acceptance, 129 release order"},
    {header, "RFF", {1, 0}, "ATX", {1, 1}, text, F::order_ref, secondary, "order of the sender"},
    {header, "NAD", {1, 0}, "FW", {2, 0}, text, F::party_code, standard, "forwarder"},
    {header, "DTM", {1, 0}, "36", {1, 1}, time, F::release_valid_until, standard, "expiry"},
    {group, "LOC", {1, 0}, "98 165", {2, 0}, facility, {}, standard, "where it is brought or fetched"},
    {group, "TDT", {1, 0}, "1", {3, 0}, mode, F::transport_mode, secondary, "8067, pre-carriage"},
    {group, "TDT", {1, 0}, "1", {5, 0}, text, F::party_code, standard, "inland carrier, C040 3127"},
};

constexpr EventKind kKinds[] = {
    {"*", EventType::container_announced},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "coparn",
    "COPARN",
    {.kinds = kKinds, .function_is_operation = true, .is_statement = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kPartyRows, kCargoRows, kRows}};

}  // namespace quaywatch::adapters::coparn
