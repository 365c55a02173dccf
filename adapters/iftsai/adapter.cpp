// IFTSAI: vessel schedule, UN/EDIFACT D.99B as carriers send it to Rotterdam. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::iftsai {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr Anchor kAnchors[] = {
    {part, "TDT", {1, 0}, "20"},
    {subpart, "LOC"},
    {group, "DTM", {1, 0}, "132 133 178 186 189 232", {1, 0}},
};

constexpr EdifactRow kRows[] = {
    {part, "RFF", {1, 0}, "SSX", {1, 1}, text, F::call_ref, real_file, "number of the call or voyage"},
    {subpart, "LOC", {}, "", {2, 0}, port, {}, real_file, "port of call, C519 berth"},
    {subpart, "LOC", {}, "", {2, 0}, text, F::location_code, real_file, "port of call"},
    {subpart, "LOC", {}, "", {3, 0}, text, F::berth_code, real_file, "C519 berth"},
    {group, "DTM", {1, 0}, "132 133 178 186 189 232", {1, 1}, event_time, {}, real_file, "arrival or departure"},
};

constexpr EventKind kKinds[] = {
    {"132", EventType::vessel_arrived, Classifier::estimated},
    {"133", EventType::vessel_departed, Classifier::estimated},
    {"232", EventType::vessel_arrived, Classifier::planned},
    {"189", EventType::vessel_departed, Classifier::planned},
    {"178", EventType::vessel_arrived},
    {"186", EventType::vessel_departed},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "iftsai",
    "IFTSAI",
    {.anchors = kAnchors, .kinds = kKinds, .function_is_operation = true, .needs_equipment = false},
    {kDocumentRows, kVesselRows, kRows}};

}  // namespace quaywatch::adapters::iftsai
