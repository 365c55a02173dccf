// APERAK: application error and acknowledgement, UN/EDIFACT D.96A. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::aperak {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

constexpr Anchor kAnchors[] = {{header, "BGM", {}, "", {3, 0}}};

constexpr EdifactRow kRows[] = {
    {anywhere, "RFF", {1, 0}, "ACW", {1, 1}, text, F::message_ref, real_file, "message answered"},
    {anywhere, "RFF", {1, 0}, "AAQ EQ", {1, 1}, container_number, F::container_number, memory, "container"},
    {anywhere, "ERC", {}, "", {1, 0}, text, F::message_error, real_file, "9321 error, several"},
    {anywhere, "FTX", {1, 0}, "AAI AAO", {4, 0}, text, F::event_reason, real_file, "in words"},
};

constexpr EventKind kKinds[] = {
    {"27", EventType::message_refused},
    {"29", EventType::message_acknowledged},
    {"44", EventType::message_acknowledged},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "aperak",
    "APERAK",
    {.anchors = kAnchors,
     .kinds = kKinds,
     .is_statement = true,
     .needs_equipment = false,
     .whole_message = true},
    {kDocumentRows, kReferenceRows, kRows}};

}  // namespace quaywatch::adapters::aperak
