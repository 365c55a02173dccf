#include "io/priority.h"

#include <sys/resource.h>
#include <unistd.h>

#include <tuple>

namespace quaywatch::io {

void give_way() {
  // On Linux the value belongs to the thread whose id is given, not to the process.
  std::ignore = ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
}

}  // namespace quaywatch::io
