// BAPLIE: bay plan, SMDG 1.5 (directory 911), 2.x (D.95B), 3.1 (D.13B). Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::baplie {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

// A plan is a list of cells. Up to 2.x what belongs to a cell stands before and behind its one container; from 3.1 on a
// cell holds equipment groups (several on a flat), each with what belongs to it behind.
constexpr Anchor kAnchors[] = {
    {header, "BGM", {}, "", {1, 0}},
    {group, "LOC", {1, 0}, "147", {}, "!13B+"},
    {part, "LOC", {1, 0}, "147", {}, "13B+"},
    {group, "EQD", {}, "", {}, "13B+"},
};

constexpr EdifactRow kRows[] = {
    {header, "LOC", {1, 0}, "5", {2, 0}, text, F::location_code, real_file, "place of departure of the plan"},
    {header, "TDT", {1, 0}, "20", {4, 0}, text, F::vessel_call_sign, real_file, "C222 4th", "911", "", {4, 1}, "103"},
    {header, "TDT", {1, 0}, "20", {4, 3}, text, F::vessel_name, real_file, "C222 4th", "911"},
    {header, "TDT", {1, 0}, "20", {7, 0}, imo, F::vessel_imo, real_file, "C222 7th", "13B+", "", {7, 1}, "11"},
    {header, "TDT", {1, 0}, "20", {7, 2}, text, F::vessel_name, real_file, "C222 7th", "13B+", "", {7, 1}, "11"},
    {group, "LOC", {1, 0}, "147", {2, 0}, text, F::container_slot, real_file, "stowage cell", "!13B+"},
    {part, "LOC", {1, 0}, "147", {2, 0}, text, F::container_slot, real_file, "stowage cell, anchor", "13B+"},
    {group, "LOC", {1, 0}, "6", {2, 0}, text, F::location_load, real_file, "1.5: place of loading", "911"},
    {group, "LOC", {1, 0}, "12", {2, 0}, text, F::location_discharge, real_file, "1.5: place of discharge", "911"},
    {group, "MEA", {1, 0}, "WT", {3, 1}, kg, F::container_weight_kg, real_file, "1.5 and 2.x: gross weight"},
    {group, "MEA", {1, 0}, "VGM", {3, 1}, kg, F::container_vgm_kg, secondary, "2.2: verified gross mass"},
    {group, "MEA", {2, 0}, "AET", {3, 1}, kg, F::container_weight_kg, real_file, "3.1: gross weight"},
    {group, "MEA", {2, 0}, "VGM", {3, 1}, kg, F::container_vgm_kg, secondary, "3.1: verified gross mass"},
    {group, "TMP", {1, 0}, "2", {2, 0}, celsius, F::container_temperature_c, real_file, "set point"},
    {group, "NAD", {1, 0}, "CA", {2, 0}, text, F::carrier_code, real_file, "carrier"},
    {group, "DGS", {1, 0}, "IMD", {2, 0}, dangerous_goods, F::container_dangerous_goods, real_file, "class, UN no."},
    {group, "RFF", {1, 0}, "BN", {1, 1}, text, F::booking_ref, standard, "booking"},
    {group, "FTX", {1, 0}, "HAN", {4, 0}, text, F::handling_kind, standard, "2.x: handling", "!13B+"},
    {group, "HAN", {}, "", {1, 0}, text, F::handling_kind, secondary, "3.1: handling, C524 4079", "13B+"},
};

constexpr EventKind kKinds[] = {
    {"*", EventType::container_stowed, Classifier::planned},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "baplie",
    "BAPLIE",
    {.anchors = kAnchors, .kinds = kKinds, .is_statement = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kPortRows, kPartyRows, kRows}};

}  // namespace quaywatch::adapters::baplie
