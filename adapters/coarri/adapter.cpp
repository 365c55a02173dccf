// COARRI: container discharge and loading report, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_rows.h"

namespace quaywatch::adapters::coarri {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "BGM", {}, "", {2, 0}, text, F::document_ref, real_file, "1004 document number"},
    {header, "BGM", {}, "", {3, 0}, text, F::document_function, real_file, "1225 message function"},
    {header, "DTM", {1, 0}, "137", {1, 1}, reported_at, {}, standard, "document time"},
    {header, "TDT", {1, 0}, "20", {2, 0}, text, F::vessel_voyage, real_file, "8028"},
    {header, "TDT", {1, 0}, "20", {8, 0}, text, F::vessel_call_sign, real_file, "C222 8213", "", "", {8, 1}, "103"},
    {header, "TDT", {1, 0}, "20", {8, 0}, imo, F::vessel_imo, standard, "C222 8213", "", "", {8, 1}, "146 11"},
    {header, "TDT", {1, 0}, "20", {8, 3}, text, F::vessel_name, real_file, "C222 8212"},
    {header, "LOC", {1, 0}, "11", {2, 0}, facility, {}, real_file, "discharged here, C519 terminal", "", "44"},
    {header, "LOC", {1, 0}, "11", {2, 0}, text, F::location_code, real_file, "discharged here", "", "44"},
    {header, "LOC", {1, 0}, "11", {2, 0}, text, F::location_discharge, real_file, "port of discharge"},
    {header, "LOC", {1, 0}, "9", {2, 0}, facility, {}, real_file, "loaded here, C519 terminal", "", "46"},
    {header, "LOC", {1, 0}, "9", {2, 0}, text, F::location_code, real_file, "loaded here", "", "46"},
    {header, "LOC", {1, 0}, "9", {2, 0}, text, F::location_load, real_file, "port of loading"},
    {header, "NAD", {1, 0}, "CF", {2, 0}, text, F::carrier_code, real_file, "container operator"},
    {group, "EQD", {1, 0}, "CN", {2, 0}, container_number, F::container_number, real_file, "C237 8260"},
    {group, "EQD", {1, 0}, "CN", {3, 0}, size_type, F::container_size_type, real_file, "C224 8155"},
    {group, "EQD", {1, 0}, "CN", {5, 0}, status, F::container_status, real_file, "8249"},
    {group, "EQD", {1, 0}, "CN", {6, 0}, full_empty, F::container_full_empty, real_file, "8169"},
    {group, "RFF", {1, 0}, "BM", {1, 1}, text, F::bill_ref, standard, "bill of lading"},
    {group, "RFF", {1, 0}, "BN", {1, 1}, text, F::booking_ref, real_file, "booking"},
    {group, "DTM", {1, 0}, "203", {1, 1}, event_time, {}, real_file, "execution time: the crane move"},
    {group, "LOC", {1, 0}, "147", {2, 0}, text, F::container_slot, real_file, "stowage cell"},
    {group, "LOC", {1, 0}, "9", {2, 0}, text, F::location_load, real_file, "port of loading"},
    {group, "LOC", {1, 0}, "11", {2, 0}, text, F::location_discharge, real_file, "port of discharge"},
    {group, "MEA", {2, 0}, "G EGW", {3, 1}, kg, F::container_weight_kg, real_file, "gross or estimated gross"},
    {group, "MEA", {2, 0}, "T", {3, 1}, kg, F::container_tare_kg, real_file, "tare"},
    {group, "MEA", {2, 0}, "VGM", {3, 1}, kg, F::container_vgm_kg, standard, "verified gross mass"},
    {group, "DGS", {1, 0}, "IMD", {2, 0}, dangerous_goods, F::container_dangerous_goods, real_file, "class, UN no."},
    {group, "SEL", {}, "", {1, 0}, seal, F::seal_number, real_file, "9308, several"},
    {group, "FTX", {1, 0}, "AAA", {4, 0}, text, F::container_cargo, real_file, "goods description"},
};

constexpr EventKind kKinds[] = {{"44", EventType::container_discharged}, {"46", EventType::container_loaded}};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {"coarri", "COARRI", {.kinds = kKinds, .function_is_operation = true}, kRows};

}  // namespace quaywatch::adapters::coarri
