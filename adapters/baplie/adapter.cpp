// BAPLIE: bay plan, SMDG 1.5 (directory 911), 2.x (D.95B), 3.1 (D.13B). Mapping and sources: README.md.
#include "adapter/edifact_rows.h"

namespace quaywatch::adapters::baplie {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {header, "BGM", {}, "", {2, 0}, text, F::document_ref, real_file, "1004 document number"},
    {header, "BGM", {}, "", {3, 0}, text, F::document_function, real_file, "1225 message function"},
    {header, "DTM", {1, 0}, "137", {1, 1}, event_time, {}, real_file, "document time: a plan is a statement"},
    {header, "DTM", {1, 0}, "137", {1, 1}, reported_at, {}, real_file, "document time"},
    {header, "LOC", {1, 0}, "5", {2, 0}, text, F::location_code, real_file, "place of departure of the plan"},
    {header, "TDT", {1, 0}, "20", {2, 0}, text, F::vessel_voyage, real_file, "8028"},
    {header, "TDT", {1, 0}, "20", {4, 0}, text, F::vessel_call_sign, real_file, "C222 4th", "911", "", {4, 1}, "103"},
    {header, "TDT", {1, 0}, "20", {4, 3}, text, F::vessel_name, real_file, "C222 4th", "911"},
    {header, "TDT", {1, 0}, "20", {8, 0}, text, F::vessel_call_sign, real_file, "C222 8213", "", "", {8, 1}, "103"},
    {header, "TDT", {1, 0}, "20", {8, 0}, imo, F::vessel_imo, standard, "C222 8213", "", "", {8, 1}, "146 11"},
    {header, "TDT", {1, 0}, "20", {8, 3}, text, F::vessel_name, real_file, "C222 8212"},
    {header, "TDT", {1, 0}, "20", {7, 0}, imo, F::vessel_imo, real_file, "C222 7th", "SMDG31", "", {7, 1}, "11"},
    {header, "TDT", {1, 0}, "20", {7, 2}, text, F::vessel_name, real_file, "C222 7th", "SMDG31", "", {7, 1}, "11"},
    {group, "LOC", {1, 0}, "147", {2, 0}, text, F::container_slot, real_file, "stowage cell"},
    {group, "LOC", {1, 0}, "6", {2, 0}, text, F::location_load, real_file, "1.5: place of loading", "911"},
    {group, "LOC", {1, 0}, "12", {2, 0}, text, F::location_discharge, real_file, "1.5: place of discharge", "911"},
    {group, "LOC", {1, 0}, "9", {2, 0}, text, F::location_load, real_file, "port of loading"},
    {group, "LOC", {1, 0}, "11", {2, 0}, text, F::location_discharge, real_file, "port of discharge"},
    {group, "MEA", {1, 0}, "WT", {3, 1}, kg, F::container_weight_kg, real_file, "1.5 and 2.x: gross weight"},
    {group, "MEA", {1, 0}, "VGM", {3, 1}, kg, F::container_vgm_kg, secondary, "2.2: verified gross mass"},
    {group, "MEA", {2, 0}, "AET", {3, 1}, kg, F::container_weight_kg, real_file, "3.1: gross weight"},
    {group, "MEA", {2, 0}, "VGM", {3, 1}, kg, F::container_vgm_kg, secondary, "3.1: verified gross mass"},
    {group, "TMP", {1, 0}, "2", {2, 0}, celsius, F::container_temperature_c, real_file, "set point"},
    {group, "RFF", {1, 0}, "BN", {1, 1}, text, F::booking_ref, standard, "booking"},
    {group, "EQD", {1, 0}, "CN", {2, 0}, container_number, F::container_number, real_file, "C237 8260"},
    {group, "EQD", {1, 0}, "CN", {3, 0}, size_type, F::container_size_type, real_file, "C224 8155"},
    {group, "EQD", {1, 0}, "CN", {5, 0}, status, F::container_status, standard, "8249"},
    {group, "EQD", {1, 0}, "CN", {6, 0}, full_empty, F::container_full_empty, real_file, "8169"},
    {group, "NAD", {1, 0}, "CA CF", {2, 0}, text, F::carrier_code, real_file, "carrier, in 3.1 operator"},
    {group, "DGS", {1, 0}, "IMD", {2, 0}, dangerous_goods, F::container_dangerous_goods, real_file, "class, UN no."},
};

constexpr EventKind kKinds[] = {{"*", EventType::container_stowed, Classifier::planned}};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "baplie",
    "BAPLIE",
    {.group_segment = "LOC", .group_qualifier_at = {1, 0}, .group_qualifiers = "147", .kinds = kKinds},
    kRows};

}  // namespace quaywatch::adapters::baplie
