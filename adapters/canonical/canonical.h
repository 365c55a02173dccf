// Our own form of an event: one JSON object per line, keys = catalogue names plus a short header. Every vector of a
// detector and the output of `decode` are written in it (README.md of this folder is the reference).
//
// Invariants: write_canonical then decode_canonical gives an event with the same event_id. Our own form is read
// strictly: a line with an unknown key or a value of the wrong kind is rejected whole, never used in part.
// Threads: both functions are pure; call them from any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "adapter/adapter.h"
#include "model/event.h"

namespace quaywatch::adapters::canonical {

void decode_canonical(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink);

// What to show in place of a personal value (DESIGN section 5); empty function: the clear value.
using Redactor = std::function<std::string(PersonalClass, std::string_view)>;

// Appends the event as one line with its line feed. Fields keep their order; a list stands where its first value stood.
void write_canonical(const Event& event, std::string& out, const Redactor& redactor);

}  // namespace quaywatch::adapters::canonical
