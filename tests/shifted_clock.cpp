// A wall clock for tests that play what happened on another day: preloaded into the program, it goes as many seconds
// before or behind the machine's as the file named by SHIFTED_CLOCK says (a number of 8 bytes, which may change while
// it runs). The clock that measures how long something took stays as it is.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

const volatile std::int64_t* map_shift() {
  static constexpr std::int64_t none = 0;
  const char* path = std::getenv("SHIFTED_CLOCK");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  void* page = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  return page == MAP_FAILED ? &none : static_cast<const volatile std::int64_t*>(page);
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* out) noexcept {
  static const volatile std::int64_t* const shift = map_shift();
  const long done = ::syscall(SYS_clock_gettime, clock, out);
  if (done == 0 && clock == CLOCK_REALTIME) out->tv_sec += *shift;
  return static_cast<int>(done);
}
