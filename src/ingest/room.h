// Room on the disk of the site. Intake stops while there is little left, so that what people decide and look up can
// still be written: otherwise nothing could be shown any more.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace quaywatch::ingest {

// io_failure: less would be free than limits::kIntakeRoomBytes after so many bytes of feeds were taken in; the message
// says how much is free, where, and what to do.
Result<void> room_for_intake(const std::string& data_dir, std::uint64_t feed_bytes = 0);

}  // namespace quaywatch::ingest
