// The wall clock. Only io and what wires it (app, ingest) may ask for it: everything below takes time as an input
// (DESIGN section 6a), so that a replay next year gives the same result. Thread-safe.
#pragma once

#include "base/time.h"

namespace quaywatch::io {

// CLOCK_REALTIME in microseconds since the epoch, POSIX time without leap seconds. May step backwards when an operator
// or NTP sets the clock: nothing may use a difference of two calls as an elapsed time.
Timestamp now();

// CLOCK_MONOTONIC: time since some instant of this start of the machine. For elapsed time only; never in a record.
Duration monotonic_now();

}  // namespace quaywatch::io
