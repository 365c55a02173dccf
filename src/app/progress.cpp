#include "app/progress.h"

#include <unistd.h>

#include <cstdio>

#include "app/print.h"
#include "app/texts.h"

namespace quaywatch::app {

Progress::Progress(std::string_view what) : what_(what), enabled_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (enabled_ && next_ > 0) std::fputs("\r\x1b[K", stderr);
}

void Progress::step(std::uint64_t done, std::uint64_t total, std::string_view detail) {
  if (!enabled_ || done < next_) return;
  next_ = done + total / 200 + 1;  // at most 200 redraws, whatever the length of the work
  const std::string line = "\r\x1b[K" + one_line(say("{} {} of {} {}", what_, done, total, detail.substr(0, 60)));
  std::fputs(line.c_str(), stderr);
}

}  // namespace quaywatch::app
