#include <algorithm>
#include <array>

#include "ingest/feed_health.h"
#include "ingest/intake.h"

namespace quaywatch::ingest {
namespace {

using enum EventType;

// Types that come from one source together: a gate that reports entries reports exits.
constexpr std::array<std::array<EventType, 3>, 4> kFamilies{{
    {container_gate_in, container_gate_out, container_gate_out},
    {container_discharged, container_loaded, container_loaded},
    {release_issued, release_replaced, release_cancelled},
    {access_granted, access_denied, access_denied},
}};

// What is planned for next week does not show that the feed will speak until then. A roster speaks of the future alone.
bool shows_life(const Event& e) {
  return e.classifier == Classifier::actual || e.type == roster_planned || e.type == roster_cancelled ||
         e.type == visit_announced;
}

}  // namespace

void ObservedCoverage::see(const Event& event) {
  // That our users looked nothing up says nothing of what others did.
  if (event.feed == kLookupFeed) return;
  Seen& s = seen_[{event.feed, event.facility}];
  s.types[static_cast<std::size_t>(event.type)] = true;
  s.received_at = std::max(s.received_at, event.received_at);
  if (!shows_life(event)) return;
  s.from = std::min(s.from, event.event_time);
  s.until = std::max(s.until, event.event_time);
}

void ObservedCoverage::stated(const CoverageStatement& statement) {
  stated_[statement.feed] = true;
}

std::vector<CoverageStatement> ObservedCoverage::statements() const {
  std::vector<CoverageStatement> out;
  for (const auto& [key, seen] : seen_) {
    if (stated_.contains(key.first) || seen.until < seen.from) continue;
    std::vector<bool> types = seen.types;
    for (const auto& family : kFamilies)
      if (std::any_of(family.begin(), family.end(),
                      [&saw = seen.types](EventType t) { return saw[static_cast<std::size_t>(t)]; }))
        for (const EventType t : family) types[static_cast<std::size_t>(t)] = true;
    CoverageStatement s{key.first, key.second, {}, seen.from, seen.until, seen.received_at};
    for (std::size_t i = 0; i < types.size(); ++i)
      if (types[i]) s.types.push_back(static_cast<EventType>(i));
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace quaywatch::ingest
