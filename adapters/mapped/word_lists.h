// Word lists that a mapping names instead of writing them out: words = "bacnet_access". Immutable, thread-safe.
//
// bacnet_access: BACnetAccessEvent of ANSI/ASHRAE 135 clause 21, the vocabulary of physical access control. Read in
// every spelling that gateways use (denied-lockout, denied_lockout, DENIED_LOCKOUT, deniedLockout, DeniedLockout, 161);
// ours is the standard's own. A word stands for an event type where it is a decision or an alarm of its own; what
// accompanies a decision (trace, muster, a factor that was read) stands for none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/catalogue.h"

namespace quaywatch::adapters::mapped {

struct ListedWord {
  std::string theirs;
  std::string_view ours;
  std::optional<EventType> type;
};

std::span<const std::string_view> word_list_names();
std::span<const ListedWord> find_word_list(std::string_view name);  // empty when there is none of this name

}  // namespace quaywatch::adapters::mapped
