// COREOR: container release order, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_rows.h"

namespace quaywatch::adapters::coreor {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "BGM", {}, "", {2, 0}, text, F::document_ref, standard, "1004 document number"},
    {header, "BGM", {}, "", {3, 0}, text, F::document_function, standard, "1225 message function"},
    {header, "DTM", {1, 0}, "137", {1, 1}, event_time, {}, standard, "document time"},
    {header, "DTM", {1, 0}, "137", {1, 1}, reported_at, {}, standard, "document time"},
    {header, "DTM", {1, 0}, "36", {1, 1}, time, F::release_valid_until, secondary, "expiry for all equipment"},
    {header, "RFF", {1, 0}, "BM", {1, 1}, text, F::bill_ref, standard, "bill of lading"},
    {header, "RFF", {1, 0}, "BN", {1, 1}, text, F::booking_ref, standard, "booking"},
    {header, "RFF", {1, 0}, "RE", {1, 1}, text, F::release_ref, standard, "release number for all equipment"},
    {header, "TDT", {1, 0}, "20", {2, 0}, text, F::vessel_voyage, standard, "8028"},
    {header, "TDT", {1, 0}, "20", {8, 0}, text, F::vessel_call_sign, standard, "C222 8213", "", "", {8, 1}, "103"},
    {header, "TDT", {1, 0}, "20", {8, 0}, imo, F::vessel_imo, standard, "C222 8213", "", "", {8, 1}, "146 11"},
    {header, "TDT", {1, 0}, "20", {8, 3}, text, F::vessel_name, standard, "C222 8212"},
    {header, "LOC", {1, 0}, "9", {2, 0}, text, F::location_load, standard, "port of loading"},
    {header, "LOC", {1, 0}, "11", {2, 0}, facility, {}, secondary, "place of collection, C519 terminal"},
    {header, "LOC", {1, 0}, "11", {2, 0}, text, F::location_code, secondary, "place of collection"},
    {header, "LOC", {1, 0}, "11", {2, 0}, text, F::location_discharge, standard, "port of discharge"},
    {header, "NAD", {1, 0}, "MS", {2, 0}, text, F::party_sender, standard, "the releasing agent"},
    {header, "NAD", {1, 0}, "CF", {2, 0}, text, F::carrier_code, standard, "container operator"},
    {header, "NAD", {1, 0}, "FW", {2, 0}, text, F::release_holder_named, standard, "forwarder: the holder"},
    {header, "NAD", {1, 0}, "CN", {2, 0}, text, F::party_consignee, standard, "consignee"},
    {group, "EQD", {1, 0}, "CN", {2, 0}, container_number, F::container_number, standard, "C237 8260"},
    {group, "EQD", {1, 0}, "CN", {3, 0}, size_type, F::container_size_type, standard, "C224 8155"},
    {group, "EQD", {1, 0}, "CN", {5, 0}, status, F::container_status, standard, "8249"},
    {group, "EQD", {1, 0}, "CN", {6, 0}, full_empty, F::container_full_empty, standard, "8169"},
    {group, "RFF", {1, 0}, "RE", {1, 1}, text, F::release_ref, standard, "release number"},
    {group, "DTM", {1, 0}, "36", {1, 1}, time, F::release_valid_until, secondary, "expiry"},
    {group, "MEA", {2, 0}, "G EGW", {3, 1}, kg, F::container_weight_kg, standard, "gross weight"},
    {group, "MEA", {2, 0}, "T", {3, 1}, kg, F::container_tare_kg, standard, "tare"},
    {group, "MEA", {2, 0}, "VGM", {3, 1}, kg, F::container_vgm_kg, standard, "verified gross mass"},
    {group, "SEL", {}, "", {1, 0}, seal, F::seal_number, standard, "9308, several"},
    {group, "FTX", {1, 0}, "AAA", {4, 0}, text, F::container_cargo, secondary, "goods description"},
};

constexpr EventKind kKinds[] = {
    {"9", EventType::release_issued}, {"5", EventType::release_replaced}, {"1", EventType::release_cancelled}};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {"coreor", "COREOR", {.kind_at = {3, 0}, .kinds = kKinds}, kRows};

}  // namespace quaywatch::adapters::coreor
