// Feeds as the documents show them: what their contracts state, and what came of them. Pure; thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/mapped/mapped.h"
#include "legal/documents.h"

namespace quaywatch::legal {

// What came of a feed.
struct Seen {
  std::set<std::string> owners;
  std::set<EventType> types;
  std::set<FieldId> personal;
};
void note(const Event& event, Seen& seen);

// By name. A feed of several contracts stands there once for each, one without any with what came of it.
std::vector<Feed> feeds_of(const std::vector<adapters::mapped::Mapping>& contracts,
                           const std::map<std::string, Seen>& seen);

}  // namespace quaywatch::legal
