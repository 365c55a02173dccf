// CONTRL: syntax and service report, ISO 9735-4 (D.4.1) and its D.3 predecessor. Mapping and sources: README.md.
#include "adapter/edifact_segments.h"

namespace quaywatch::adapters::contrl {
namespace {

using namespace adapter;
using enum Where;
using enum Checked;
using enum Convert;
using F = FieldId;

// The interchange is answered (UCI), and single messages of it may be (UCM): an event each.
constexpr Anchor kAnchors[] = {
    {part, "UCI"},
    {group, "UCI", {}, "", {4, 0}},
    {group, "UCM", {}, "", {3, 0}},
};

constexpr EdifactRow kRows[] = {
    {part, "UCI", {}, "", {1, 0}, text, F::message_ref, real_file, "0020 interchange answered"},
    {group, "UCI", {}, "", {5, 0}, text, F::message_error, standard, "0085 syntax error"},
    {group, "UCM", {}, "", {1, 0}, text, F::document_ref, standard, "0062 message answered"},
    {group, "UCM", {}, "", {2, 0}, text, F::document_type, standard, "S009 0065 its type"},
    {group, "UCM", {}, "", {4, 0}, text, F::message_error, standard, "0085 syntax error"},
    {group, "UCS", {}, "", {2, 0}, text, F::message_error, standard, "0085 error in a segment"},
    {group, "UCD", {}, "", {1, 0}, text, F::message_error, standard, "0085 error in an element"},
};

constexpr EventKind kKinds[] = {
    {"4", EventType::message_refused},
    {"7", EventType::message_acknowledged},
    {"8", EventType::message_acknowledged},
};

}  // namespace

extern const EdifactAdapter kAdapter;
const EdifactAdapter kAdapter = {
    "contrl",
    "CONTRL",
    {.anchors = kAnchors, .kinds = kKinds, .is_statement = true, .needs_equipment = false},
    {kRows}};

}  // namespace quaywatch::adapters::contrl
