// Visibility: which alerts and events a reader may see at all (DESIGN section 8). An alert whole or not at all: every
// record and search that it rests on, every field it reads, and not about the reader himself. Pure; thread-safe.
#pragma once

#include <span>
#include <string>

#include "identity/wall.h"
#include "live/rows.h"

namespace quaywatch::api {

bool may_see(const identity::Reader& reader, const live::AlertRow& alert);
// A subject of it is the reader himself, by an account or card that is linked to him.
bool is_about(const identity::Reader& reader, const live::AlertRow& alert);
// No wall stands before the reader.
bool stands_inside(const identity::Reader& reader);
bool may_see(const identity::Reader& reader, const Event& event);
bool may_see(const identity::Reader& reader, const rules::Rule& rule);
// A feed tells through its counts what it holds: only to whom may read all its owners, and every type that came of it.
// One without owner only to whom may read all there are.
bool may_see_feed(const identity::Reader& reader, std::span<const std::string> owners,
                  std::span<const EventType> types);
bool may_see(const identity::Reader& reader, const live::FeedRow& feed);
// Each of them: to others counts over all of the site would tell of what they must not see.
bool may_see_all(const identity::Reader& reader, std::span<const live::FeedRow> feeds);
// Without the fields and facts behind the wall.
std::vector<live::ShownField> visible(const identity::Reader& reader, const std::vector<live::ShownField>& fields);

}  // namespace quaywatch::api
