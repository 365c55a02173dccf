#include "timeline/coverage.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "timeline/occurrence.h"

namespace quaywatch::timeline {
namespace {

// The feed answered before and after: what lies between was lost, and no other feed says what it held.
bool is_amid(const Coverage::Row& row, Timestamp from, Timestamp until) {
  return !row.pieces.empty() && row.pieces.front().from <= from && until <= row.pieces.back().reach;
}

// Would a piece leave a hole between itself and those that are there?
bool opens_hole(const Coverage::Row& row, const Coverage::Piece& piece) {
  if (row.pieces.empty()) return false;
  return piece.from > row.pieces.back().reach + Duration{1} || piece.until + Duration{1} < row.pieces.front().from;
}

// Does a piece from there on add to the end of what is covered, and to nothing else?
bool goes_on(const Coverage::Row& row, Timestamp from) {
  return !row.pieces.empty() && row.pieces.back().reach <= from && from <= row.pieces.back().reach + Duration{1};
}

// Within the interval the feed answers for all that lies between its beginning and its end.
bool lost_nothing(const Coverage::Row& row, Timestamp from, Timestamp until) {
  if (row.pieces.empty() || row.pieces.back().reach < from || until < row.pieces.front().from) return true;
  return row.pieces.back().run_from <= std::max(from, row.pieces.front().from);
}

// Of a piece, from the one before it. Says whether that changed anything.
bool link(const Coverage::Piece* before, Coverage::Piece& piece) {
  const Coverage::Piece old = piece;
  piece.reach = piece.until;
  piece.run_from = piece.from;
  piece.reach_before_run = Timestamp::min();
  if (before != nullptr) {
    const bool goes_on = piece.from <= before->until + Duration{1} && before->until <= piece.until &&
                         before->stated_at <= piece.stated_at;
    piece.reach = std::max(before->reach, piece.until);
    piece.run_from = goes_on ? before->run_from : piece.from;
    piece.reach_before_run = goes_on ? before->reach_before_run : before->reach;
  }
  return std::tie(piece.reach, piece.run_from, piece.reach_before_run) !=
         std::tie(old.reach, old.run_from, old.reach_before_run);
}

}  // namespace

std::string_view name(Cover cover) {
  constexpr std::string_view kNames[] = {"covered", "pending", "hole", "no_provider"};
  return kNames[static_cast<std::size_t>(cover)];
}

// Which rows are kept, and what they answer, must not depend on the order in which feeds were met: the first by name
// stay. Null: refused.
// `changes_absence` is set when "nobody answers" ends for somebody: with a first provider, or with the first refusal.
Coverage::Row* Coverage::row(EventType type, std::string_view feed, std::string_view facility, bool& changes_absence) {
  const auto index = static_cast<std::size_t>(type);
  auto& rows = rows_[index];
  const std::pair key(feed, facility);
  const auto name = [](const Row& r) { return std::pair<std::string_view, std::string_view>(r.feed, r.facility); };
  auto at = std::lower_bound(rows.begin(), rows.end(), key, [&](const Row& r, const auto& k) { return name(r) < k; });
  if (at != rows.end() && name(*at) == key) return &*at;
  changes_absence |= !overflowed_[index] && !has_provider(type, facility);
  if (rows.size() == limits::kCoverageRows) {
    changes_absence |= !overflowed_[index];
    overflowed_[index] = true;
    ++refused_;
    if (at == rows.end()) return nullptr;
  }
  at = rows.insert(at, {std::string(feed), std::string(facility), {}, false, {}, Timestamp::min()});
  const auto place = at - rows.begin();
  if (rows.size() > limits::kCoverageRows) rows.pop_back();
  return &rows[static_cast<std::size_t>(place)];
}

// Somebody who answers wherever a statement about `facility` speaks.
bool Coverage::has_provider(EventType type, std::string_view facility) const {
  const auto& all = rows(type);
  return std::any_of(all.begin(), all.end(),
                     [&](const Row& r) { return r.facility.empty() || r.facility == facility; });
}

Coverage::Change Coverage::add(const CoverageStatement& s) {
  if (s.until < s.from) return Change::none;
  bool changes_absence = false, only_grows = true;
  for (const EventType type : s.types) {
    Row* const kept = row(type, s.feed, s.facility, changes_absence);
    if (kept == nullptr) continue;
    auto& pieces = kept->pieces;
    only_grows &= goes_on(*kept, s.from) && std::all_of(rows(type).begin(), rows(type).end(), [&](const Row& r) {
      return &r == kept || lost_nothing(r, s.from, s.until);
    });
    const Piece piece{s.from, s.until, s.stated_at};
    changes_absence |= opens_hole(*kept, piece);
    const auto at = std::upper_bound(pieces.begin(), pieces.end(), piece, [](const Piece& a, const Piece& b) {
      return std::tie(a.from, a.until, a.stated_at) < std::tie(b.from, b.until, b.stated_at);
    });
    auto changed = pieces.insert(at, piece);
    // Later pieces change only as far as what the new one brings reaches.
    while (link(changed == pieces.begin() ? nullptr : &*std::prev(changed), *changed) && ++changed != pieces.end())
      continue;
  }
  return changes_absence ? Change::opened : only_grows ? Change::grown : Change::within;
}

Coverage::Change Coverage::expect(const FeedExpectation& e) {
  bool changes_absence = false;
  for (const EventType type : e.types) {
    Row* const kept = row(type, e.feed, e.facility, changes_absence);
    if (kept == nullptr) continue;
    if (kept->expected && std::tie(e.stated_at, e.lateness) < std::tie(kept->expected_since, kept->lateness)) continue;
    // Whom it is waited for reopens what another feed's coverage had answered.
    changes_absence |= !kept->expected || kept->lateness < e.lateness;
    kept->expected = true;
    kept->lateness = e.lateness;
    kept->expected_since = e.stated_at;
  }
  return changes_absence ? Change::opened : Change::within;
}

void Coverage::tick(Timestamp at) {
  now_ = std::max(now_, at);
}

CoverAnswer Coverage::ask_row(const Row& row, Timestamp from, Timestamp until) const {
  const auto reaches = [](const Piece& p, Timestamp t) { return p.reach < t; };
  // The first piece that ends it, where all of the answer is one run.
  const auto last = std::lower_bound(row.pieces.begin(), row.pieces.end(), until, reaches);
  if (last != row.pieces.end() && last->run_from <= from && last->reach_before_run < from)
    return {Cover::covered, last->stated_at};
  Timestamp reached = from;
  Timestamp known_at = Timestamp::min();
  bool any = false;
  const auto first = std::lower_bound(row.pieces.begin(), last, from, reaches);
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
// that has not begun or has ended holds nobody back, one that lost a part leaves a hole there.
CoverAnswer Coverage::ask(EventType type, std::string_view facility, Timestamp from, Timestamp until) const {
  CoverAnswer best;
  bool is_lost = false;
  if (overflowed_[static_cast<std::size_t>(type)]) best.cover = Cover::hole;
  for (const Row& r : rows(type)) {
    if (!facility.empty() && !r.facility.empty() && r.facility != facility) continue;
    const CoverAnswer a = ask_row(r, from, until);
    if (a.cover == Cover::pending) return a;
    if (a.cover == Cover::covered) {
      best = {Cover::covered, best.cover == Cover::covered ? std::max(best.known_at, a.known_at) : a.known_at};
    } else if (best.cover == Cover::no_provider) {
      best.cover = Cover::hole;
    }
    is_lost |= a.cover == Cover::hole && is_amid(r, from, until);
  }
  if (is_lost) return {Cover::hole, {}};
  return best;
}

bool Coverage::is_lost(std::string_view feed, EventType type, std::string_view facility, Timestamp from,
                       Timestamp until) const {
  const auto& all = rows(type);
  return std::any_of(all.begin(), all.end(), [&](const Row& r) {
    if (r.feed != feed || !may_be_same_place(r.facility, facility) || r.pieces.empty()) return false;
    const Timestamp first = std::max(from, r.pieces.front().from), last = std::min(until, r.pieces.back().reach);
    return first <= last && ask_row(r, first, last).cover != Cover::covered;
  });
}

std::vector<Coverage::Answerer> Coverage::answerers(EventType type, std::string_view facility, Timestamp from,
                                                    Timestamp until) const {
  std::vector<Answerer> out;
  for (const Row& r : rows(type)) {
    if (!facility.empty() && !r.facility.empty() && r.facility != facility) continue;
    const CoverAnswer a = ask_row(r, from, until);
    if (a.cover == Cover::covered) out.push_back({r.feed, r.facility, a.known_at});
  }
  return out;
}

}  // namespace quaywatch::timeline
