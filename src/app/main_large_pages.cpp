// Of the release program alone, which links mimalloc (docs/decisions/0004): pages of 2 MiB where the system gives them.
// Timelines are read all over memory, and finding each small page costs a sixth of the time of a long history.
#include <mimalloc.h>

namespace {

// As if MIMALLOC_LARGE_OS_PAGES were set; who sets it otherwise has his way.
[[maybe_unused]] const bool kAreWanted = (mi_option_set_enabled_default(mi_option_large_os_pages, true), true);

}  // namespace
