// EDIFACT files of every message type that has an adapter folder: bytes in; events, spans and findings out.
// Pure, total, thread-safe. Messages without an adapter are ignored with the reason "message_type_not_mapped"; segments
// that no row of an adapter reads are counted per tag in one finding "segment_not_mapped" at the end of the file, codes
// that no table knows per value in "unknown_code".
#pragma once

#include <span>
#include <string_view>

#include "adapter/edifact_rows.h"

namespace quaywatch::adapters {

// Of an upper-case message type such as CODECO; nullptr when no folder brings one.
std::span<const adapter::EdifactAdapter* const> edifact_adapters();
std::span<const std::string_view> edifact_messages();  // their types
const adapter::EdifactAdapter* find_edifact_adapter(std::string_view message);

// Whether a message whose type these bytes name is read for a personal field, such as the plate of CODECO.
bool may_name_persons(std::string_view bytes);

// The feed is source.feed, else message type and sender: codeco/KTVSIKOP.
void decode_edifact(std::string_view bytes, adapter::Source source, adapter::Sink& sink);

}  // namespace quaywatch::adapters
