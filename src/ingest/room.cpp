#include "ingest/room.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "io/files.h"

namespace quaywatch::ingest {

Result<void> room_for_intake(const std::string& data_dir, std::uint64_t feed_bytes) {
  constexpr std::uint64_t kMiB = 1024 * 1024;
  const auto free = io::free_bytes(data_dir);
  if (!free) return tl::unexpected(free.error());
  const std::uint64_t needed = feed_bytes * limits::kJournalGrowth;
  if (*free >= limits::kIntakeRoomBytes + needed) return {};
  return fail(ErrorCode::io_failure,
              fmt::format("nothing is taken in: {} MiB are free where '{}' lies, {} MiB are kept for what people "
                          "decide and look up, and {} MiB may be needed; free space there, and it goes on by itself",
                          *free / kMiB, data_dir, limits::kIntakeRoomBytes / kMiB, needed / kMiB + 1));
}

}  // namespace quaywatch::ingest
