// CODECO: container gate-in and gate-out report, UN/EDIFACT D.95B and D.00B. Mapping and sources: README.md.
#include "adapter/edifact_rows.h"

namespace quaywatch::adapters::codeco {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "BGM", {}, "", {2, 0}, text, F::document_ref, real_file, "1004 document number"},
    {header, "BGM", {}, "", {3, 0}, text, F::document_function, standard, "1225 message function"},
    {header, "DTM", {1, 0}, "137", {1, 1}, reported_at, {}, standard, "document time"},
    {header, "TDT", {1, 0}, "20", {2, 0}, text, F::vessel_voyage, real_file, "8028"},
    {header, "TDT", {1, 0}, "20", {8, 0}, text, F::vessel_call_sign, standard, "C222 8213", "", "", {8, 1}, "103"},
    {header, "TDT", {1, 0}, "20", {8, 0}, imo, F::vessel_imo, real_file, "C222 8213", "", "", {8, 1}, "146 11"},
    {header, "TDT", {1, 0}, "20", {8, 3}, text, F::vessel_name, real_file, "C222 8212"},
    {header, "LOC", {1, 0}, "9", {2, 0}, text, F::location_load, standard, "port of loading"},
    {header, "LOC", {1, 0}, "11", {2, 0}, text, F::location_discharge, standard, "port of discharge"},
    {header, "NAD", {1, 0}, "CF", {2, 0}, text, F::carrier_code, real_file, "container operator"},
    {group, "EQD", {1, 0}, "CN", {2, 0}, container_number, F::container_number, real_file, "C237 8260"},
    {group, "EQD", {1, 0}, "CN", {3, 0}, size_type, F::container_size_type, real_file, "C224 8155"},
    {group, "EQD", {1, 0}, "CN", {5, 0}, status, F::container_status, real_file, "8249"},
    {group, "EQD", {1, 0}, "CN", {6, 0}, full_empty, F::container_full_empty, real_file, "8169"},
    {group, "RFF", {1, 0}, "BM", {1, 1}, text, F::bill_ref, standard, "bill of lading"},
    {group, "RFF", {1, 0}, "BN", {1, 1}, text, F::booking_ref, real_file, "booking"},
    {group, "RFF", {1, 0}, "RE", {1, 1}, text, F::release_ref, standard, "release number"},
    {group, "DTM", {1, 0}, "7", {1, 1}, event_time, {}, real_file, "effective time: the gate move"},
    {group, "LOC", {1, 0}, "165", {2, 0}, facility, {}, real_file, "place of the gate, C519 terminal"},
    {group, "LOC", {1, 0}, "165", {2, 0}, text, F::location_code, real_file, "place of the gate"},
    {group, "LOC", {1, 0}, "9", {2, 0}, text, F::location_load, real_file, "port of loading"},
    {group, "LOC", {1, 0}, "11", {2, 0}, text, F::location_discharge, real_file, "port of discharge"},
    {group, "MEA", {2, 0}, "G EGW", {3, 1}, kg, F::container_weight_kg, standard, "gross weight"},
    {group, "MEA", {2, 0}, "T", {3, 1}, kg, F::container_tare_kg, standard, "tare"},
    {group, "MEA", {2, 0}, "VGM", {3, 1}, kg, F::container_vgm_kg, real_file, "verified gross mass"},
    {group, "SEL", {}, "", {1, 0}, seal, F::seal_number, real_file, "9308, several"},
    {group, "FTX", {1, 0}, "AAA", {4, 0}, text, F::container_cargo, secondary, "goods description"},
    {group, "TDT", {1, 0}, "1", {5, 0}, text, F::party_code, standard, "inland carrier, C040 3127"},
    {group, "TDT", {1, 0}, "1", {8, 0}, squeezed, F::vehicle_plate, real_file, "registration", "", "", {8, 1}, "146"},
};

constexpr EventKind kKinds[] = {{"34", EventType::container_gate_in}, {"36", EventType::container_gate_out}};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {"codeco", "CODECO", {.kinds = kKinds, .function_is_operation = true}, kRows};

}  // namespace quaywatch::adapters::codeco
