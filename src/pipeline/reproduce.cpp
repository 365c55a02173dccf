#include "pipeline/reproduce.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace quaywatch::pipeline {
namespace {

using timeline::Cover;

constexpr std::string_view kExpected = "expected";

bool is_same_question(const Evidence& a, const Evidence& b) {
  return a.searched == b.searched && (a.facility.empty() || b.facility.empty() || a.facility == b.facility);
}

// Whoever has still to deliver has delivered what the other searches were answered from.
void expect(const Evidence& pending, const std::vector<Evidence>& evidence, Detection& to) {
  const std::string feed(kExpected);
  to.take(FeedExpectation{feed, pending.facility, {pending.searched}, days(100 * 365), Timestamp::min()});
  for (const Evidence& e : evidence)
    if (!e.event && e.cover == Cover::covered && is_same_question(e, pending))
      to.take(CoverageStatement{feed, pending.facility, {e.searched}, e.from, e.until, Timestamp::min()});
}

// A search that was answered becomes a statement of each feed that did; an open one is open again, in the same way.
void state_search(const Evidence& e, const std::vector<Evidence>& evidence, Detection& to, Timestamp& last) {
  switch (e.cover) {
    case Cover::covered:
      for (const auto& feed : e.feeds) {
        to.take(CoverageStatement{feed.feed, feed.facility, {e.searched}, e.from, e.until, feed.known_at});
        last = std::max(last, feed.known_at);
      }
      break;
    case Cover::pending:  // for as long as this run lasts
      expect(e, evidence, to);
      break;
    case Cover::hole:  // somebody provides the type, but spoke of no time that matters
      to.take(CoverageStatement{
          "with a hole", e.facility, {e.searched}, Timestamp::min(), Timestamp::min(), Timestamp::min()});
      break;
    case Cover::no_provider:
      break;
  }
}

}  // namespace

std::unique_ptr<Detection> retell(rules::Pack pack, const std::vector<Evidence>& evidence) {
  auto detection = std::make_unique<Detection>(std::move(pack), [](const Alert&) {});
  std::vector<EventPtr> events;
  Timestamp last = Timestamp::min();
  for (const Evidence& e : evidence) {
    if (!e.event)
      state_search(e, evidence, *detection, last);
    else if (std::find(events.begin(), events.end(), e.event) == events.end())
      events.push_back(e.event);
  }
  std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return place(*a) < place(*b); });
  for (const EventPtr& e : events) {
    detection->take(e);
    last = std::max(last, e->received_at);
  }
  do detection->tick(last);
  while (detection->waiting() > 0);
  return detection;
}

std::optional<Alert> find_alert(const Detection& detection, const Id128& id) {
  for (Alert& alert : detection.standing())
    if (alert.id == id) return std::move(alert);
  return std::nullopt;
}

}  // namespace quaywatch::pipeline
