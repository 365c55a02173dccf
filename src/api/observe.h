// What the engine tells goes where it is read: decisions and steps into the books, uses into the audit, changes to the
// clients of the event stream.
#pragma once

#include "api/context.h"

namespace quaywatch::api {

// The functions that Live calls, under its lock. `context` outlives the engine.
live::LiveObserver observer_of(Context& context);

}  // namespace quaywatch::api
