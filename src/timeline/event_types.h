// A set of event types.
#pragma once

#include <bitset>

#include "model/catalogue.h"

namespace quaywatch::timeline {

using EventTypes = std::bitset<kEventTypeCount>;

inline bool contains(const EventTypes& types, EventType type) {
  return types.test(static_cast<std::size_t>(type));
}

}  // namespace quaywatch::timeline
