// VERMAS: verified gross mass, UN/EDIFACT D.16A, SMDG guide 1.0 (SOLAS VI/2). Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::vermas {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr EdifactRow kRows[] = {
    {group, "DTM", {1, 0}, "798 WAT", {1, 1}, event_time, {}, secondary, "time of weighing"},
    {group,
     "DOC",
     {1, 0},
     "SM1 SM2",
     {1, 0},
     vgm_method,
     F::container_vgm_method,
     secondary,
     "SM1 weighed, SM2 summed"},
    {group, "NAD", {1, 0}, "SPC", {4, 0}, text, F::party_name, secondary, "responsible party, C080 3036"},
    {group, "NAD", {1, 0}, "SPC", {2, 0}, text, F::party_code, standard, "responsible party, C082 3039"},
    {group, "NAD", {1, 0}, "WPA", {4, 0}, text, F::weight_point, memory, "who weighed, C080 3036"},
    {group, "CTA", {1, 0}, "RP", {2, 1}, text, F::container_vgm_by, secondary, "responsible person, C056 3412"},
};

constexpr EventKind kKinds[] = {
    {"*", EventType::container_weighed},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "vermas",
    "VERMAS",
    {.kinds = kKinds, .function_is_operation = true},
    {kDocumentRows, kVesselRows, kEquipmentRows, kReferenceRows, kPortRows, kPartyRows, kCargoRows, kRows}};

}  // namespace quaywatch::adapters::vermas
