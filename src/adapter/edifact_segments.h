// Rows that mean the same in every container message, once: each adapter lists the sets it reads (EdifactAdapter::rows)
// and adds its own. UN/EDIFACT directories D.95B to D.13B. `real file` means that a public file of some message has it.
#pragma once

#include "adapter/edifact_rows.h"

namespace quaywatch::adapter {

inline constexpr EdifactRow kDocumentRows[] = {
    {Where::header, "BGM", {}, "", {2, 0}, Convert::text, FieldId::document_ref, Checked::real_file,
     "1004 document number"},
    {Where::header, "BGM", {}, "", {3, 0}, Convert::text, FieldId::document_function, Checked::real_file,
     "1225 message function"},
    {Where::header, "DTM", {1, 0}, "137", {1, 1}, Convert::reported_at, {}, Checked::real_file, "document time"},
};

// Main carriage; in some messages it stands in the header, in others (COPINO) behind the container.
inline constexpr EdifactRow kVesselRows[] = {
    {Where::anywhere, "TDT", {1, 0}, "20", {2, 0}, Convert::text, FieldId::vessel_voyage, Checked::real_file, "8028"},
    {Where::anywhere, "TDT", {1, 0}, "20", {8, 0}, Convert::text, FieldId::vessel_call_sign, Checked::real_file,
     "C222 8213", "", "", {8, 1}, "103"},
    {Where::anywhere, "TDT", {1, 0}, "20", {8, 0}, Convert::imo, FieldId::vessel_imo, Checked::real_file, "C222 8213",
     "", "", {8, 1}, "146 11"},
    {Where::anywhere, "TDT", {1, 0}, "20", {8, 3}, Convert::text, FieldId::vessel_name, Checked::real_file,
     "C222 8212"},
};

inline constexpr EdifactRow kEquipmentRows[] = {
    {Where::anywhere, "EQD", {1, 0}, "CN", {2, 0}, Convert::container_number, FieldId::container_number,
     Checked::real_file, "C237 8260"},
    {Where::anywhere, "EQD", {1, 0}, "CN", {3, 0}, Convert::size_type, FieldId::container_size_type,
     Checked::real_file, "C224 8155"},
    {Where::anywhere, "EQD", {1, 0}, "CN", {5, 0}, Convert::status, FieldId::container_status, Checked::real_file,
     "8249"},
    {Where::anywhere, "EQD", {1, 0}, "CN", {6, 0}, Convert::full_empty, FieldId::container_full_empty,
     Checked::real_file, "8169"},
};

inline constexpr EdifactRow kReferenceRows[] = {
    {Where::anywhere, "RFF", {1, 0}, "BM", {1, 1}, Convert::text, FieldId::bill_ref, Checked::real_file,
     "bill of lading"},
    {Where::anywhere, "RFF", {1, 0}, "BN", {1, 1}, Convert::text, FieldId::booking_ref, Checked::real_file, "booking"},
    {Where::anywhere, "RFF", {1, 0}, "RE", {1, 1}, Convert::text, FieldId::release_ref, Checked::standard,
     "release number"},
};

inline constexpr EdifactRow kPortRows[] = {
    {Where::anywhere, "LOC", {1, 0}, "9", {2, 0}, Convert::text, FieldId::location_load, Checked::real_file,
     "port of loading"},
    {Where::anywhere, "LOC", {1, 0}, "11", {2, 0}, Convert::text, FieldId::location_discharge, Checked::real_file,
     "port of discharge"},
};

inline constexpr EdifactRow kPartyRows[] = {
    {Where::anywhere, "NAD", {1, 0}, "CF", {2, 0}, Convert::text, FieldId::carrier_code, Checked::real_file,
     "container operator"},
    {Where::anywhere, "NAD", {1, 0}, "MS", {2, 0}, Convert::text, FieldId::party_sender, Checked::real_file,
     "sender of the message"},
};

// Of one container.
inline constexpr EdifactRow kCargoRows[] = {
    {Where::group, "MEA", {2, 0}, "G EGW", {3, 1}, Convert::kg, FieldId::container_weight_kg, Checked::real_file,
     "gross or estimated gross"},
    {Where::group, "MEA", {2, 0}, "T", {3, 1}, Convert::kg, FieldId::container_tare_kg, Checked::real_file, "tare"},
    {Where::group, "MEA", {2, 0}, "VGM", {3, 1}, Convert::kg, FieldId::container_vgm_kg, Checked::real_file,
     "verified gross mass"},
    {Where::group, "SEL", {}, "", {1, 0}, Convert::seal, FieldId::seal_number, Checked::real_file, "9308, several"},
    {Where::group, "TMP", {1, 0}, "2", {2, 0}, Convert::celsius, FieldId::container_temperature_c, Checked::real_file,
     "set point"},
    {Where::group, "FTX", {1, 0}, "AAA", {4, 0}, Convert::text, FieldId::container_cargo, Checked::real_file,
     "goods description"},
    {Where::group, "DGS", {1, 0}, "IMD", {2, 0}, Convert::dangerous_goods, FieldId::container_dangerous_goods,
     Checked::real_file, "class, UN no."},
};

}  // namespace quaywatch::adapter
