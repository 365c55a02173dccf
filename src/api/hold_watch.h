// Follows hold requests: puts them into the outbox, and concludes from the records of the box that it had left before
// the answer. Called by the thread of the teller; what its organisation may not read is not concluded from.
#pragma once

#include "api/context.h"

namespace quaywatch::api {

// Into the journal. invalid_argument: a sentence that says why it may not be.
Result<void> note_hold(Context& context, const holds::HoldStep& step);
// Writes the request of a hold into the outbox and records that. An Error: it stays to be written.
Result<void> send_hold(Context& context, const holds::Hold& hold);
void watch_holds(Context& context);

}  // namespace quaywatch::api
