// Of the release program alone, which links mimalloc (docs/decisions/0004): how it asks the system for memory and gives
// it back. As if the variables MIMALLOC_LARGE_OS_PAGES and MIMALLOC_*_DELAY were set; who sets them otherwise has his
// way.
#include <mimalloc.h>

namespace {

// What was not used for so long, in milliseconds, goes back to the system. By default it is a fortieth of a second,
// and a server that takes one batch after another has the same pages cleared again for each.
constexpr long kGiveBackAfter = 2000;

[[maybe_unused]] const bool kIsSet = [] {
  // Pages of 2 MiB where the system gives them: timelines are read all over memory, and finding each small page costs a
  // sixth of the time of a long history.
  mi_option_set_enabled_default(mi_option_large_os_pages, true);
  mi_option_set_default(mi_option_decommit_delay, kGiveBackAfter);
  mi_option_set_default(mi_option_segment_decommit_delay, kGiveBackAfter);
  return true;
}();

}  // namespace
