#include "timeline/coverage.h"

#include <algorithm>
#include <tuple>

namespace quaywatch::timeline {

Coverage::Row& Coverage::row(EventType type, std::string_view feed, std::string_view facility) {
  auto& rows = rows_[static_cast<std::size_t>(type)];
  for (Row& r : rows)
    if (r.feed == feed && r.facility == facility) return r;
  rows.push_back({std::string(feed), std::string(facility), {}, false, {}, Timestamp::min()});
  // Answers must not depend on the order in which feeds were met.
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return std::tie(a.feed, a.facility) < std::tie(b.feed, b.facility); });
  return row(type, feed, facility);
}

// Somebody who answers wherever a statement about `facility` speaks.
bool Coverage::has_provider(EventType type, std::string_view facility) const {
  const auto& all = rows(type);
  return std::any_of(all.begin(), all.end(),
                     [&](const Row& r) { return r.facility.empty() || r.facility == facility; });
}

bool Coverage::add(const CoverageStatement& s) {
  if (s.until < s.from) return false;
  bool is_first = false;
  for (const EventType type : s.types) {
    is_first |= !has_provider(type, s.facility);
    auto& pieces = row(type, s.feed, s.facility).pieces;
    const Piece piece{s.from, s.until, s.stated_at, {}};
    const auto at = std::upper_bound(pieces.begin(), pieces.end(), piece, [](const Piece& a, const Piece& b) {
      return std::tie(a.from, a.until, a.stated_at) < std::tie(b.from, b.until, b.stated_at);
    });
    auto changed = pieces.insert(at, piece);
    Timestamp reach = changed == pieces.begin() ? Timestamp::min() : std::prev(changed)->reach;
    for (; changed != pieces.end(); ++changed) changed->reach = reach = std::max(reach, changed->until);
  }
  return is_first;
}

bool Coverage::expect(const FeedExpectation& e) {
  bool is_first = false;
  for (const EventType type : e.types) {
    is_first |= !has_provider(type, e.facility);
    Row& r = row(type, e.feed, e.facility);
    if (r.expected && std::tie(e.stated_at, e.lateness) < std::tie(r.expected_since, r.lateness)) continue;
    r.expected = true;
    r.lateness = e.lateness;
    r.expected_since = e.stated_at;
  }
  return is_first;
}

void Coverage::tick(Timestamp at) {
  now_ = std::max(now_, at);
}

CoverAnswer Coverage::ask_row(const Row& row, Timestamp from, Timestamp until) const {
  Timestamp reached = from;
  Timestamp known_at = Timestamp::min();
  bool any = false;
  const auto first = std::lower_bound(row.pieces.begin(), row.pieces.end(), from,
                                      [](const Piece& p, Timestamp t) { return p.reach < t; });
  for (auto at = first; at != row.pieces.end(); ++at) {
    const Piece& p = *at;
    if (p.from > (any ? reached + Duration{1} : from)) break;
    if (p.until < reached) continue;
    reached = p.until;
    known_at = std::max(known_at, p.stated_at);
    any = true;
    if (reached >= until) return {Cover::covered, known_at};
  }
  // What is expected may still come until lateness has passed since the end of the interval.
  if (row.expected && until + row.lateness >= now_) return {Cover::pending, {}};
  return {Cover::hole, {}};
}

// The watermark is the minimum over the feeds that provide the type: one pending feed keeps the question open; a feed
// without coverage holds nobody back.
CoverAnswer Coverage::ask(EventType type, std::string_view facility, Timestamp from, Timestamp until) const {
  CoverAnswer best;
  for (const Row& r : rows(type)) {
    if (!facility.empty() && !r.facility.empty() && r.facility != facility) continue;
    const CoverAnswer a = ask_row(r, from, until);
    if (a.cover == Cover::pending) return a;
    if (a.cover == Cover::covered) {
      best = {Cover::covered, best.cover == Cover::covered ? std::max(best.known_at, a.known_at) : a.known_at};
    } else if (best.cover == Cover::no_provider) {
      best.cover = Cover::hole;
    }
  }
  return best;
}

}  // namespace quaywatch::timeline
