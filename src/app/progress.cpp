#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace quaywatch::app {

Progress::Progress(std::string_view what) : what_(what), enabled_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (enabled_ && next_ > 0) fmt::print(stderr, "\r\x1b[K");
}

void Progress::step(std::uint64_t done, std::uint64_t total, std::string_view detail) {
  if (!enabled_ || done < next_) return;
  next_ = done + total / 200 + 1;  // at most 200 redraws, whatever the length of the work
  fmt::print(stderr, "\r\x1b[K{} {} of {} {}", what_, done, total, detail.substr(0, 60));
}

}  // namespace quaywatch::app
