#include "ingest/feed_health.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::ingest {
namespace {

// A file is a burst when it holds this many times the median of the feed's files before, and not merely a few records.
constexpr std::uint64_t kBurstFactor = 10, kBurstEvents = 100;
constexpr std::size_t kBurstFiles = 5;
constexpr std::int64_t kLeastSkewUs = 60'000'000;  // EDIFACT times have whole minutes

template <typename T>
T median(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

struct Told {
  EventType type{};
  std::string_view feed, detail, other = {};
  Timestamp at;
  std::uint64_t count = 0;
  std::optional<std::int64_t> skew_us = {};
};

EventPtr event_of(const Told& told) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = told.type;
  e->feed = std::string(kHealthFeed);
  e->event_time = e->reported_at = e->received_at = told.at;
  e->fields.reserve(5, told.feed.size() + told.other.size() + told.detail.size());
  e->fields.add_text(FieldId::feed_name, told.feed);
  if (!told.other.empty()) e->fields.add_text(FieldId::feed_other, told.other);
  if (told.count > 0) e->fields.add_integer(FieldId::feed_count, static_cast<std::int64_t>(told.count));
  if (told.skew_us) e->fields.add_decimal(FieldId::feed_skew_s, *told.skew_us);  // microseconds are millionths
  if (!told.detail.empty()) e->fields.add_text(FieldId::feed_detail, told.detail);
  seal_event_id(*e, 0);
  return e;
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t n = 0;
  for (const auto& [word, count] : counts) n += count;
  return n;
}

std::uint64_t count_of(const std::map<std::string, std::uint64_t>& counts, const std::string& word) {
  const auto at = counts.find(word);
  return at == counts.end() ? 0 : at->second;
}

}  // namespace

void FeedHealth::see(const Event& event) {
  Feed& feed = feeds_[event.feed];
  ++feed.events;
  ++of_file_[event.span.file][event.feed];
  feed.first = std::min(feed.first, event.event_time);
  feed.last = std::max(feed.last, event.event_time);
  feed.last_received = std::max(feed.last_received, event.received_at);
  if (event.classifier == Classifier::actual) feed.last_actual = std::max(feed.last_actual, event.event_time);
  compare_clocks(event);
}

// Two feeds that report the same passage of a box: the nearest earlier report of another feed, within twice the time in
// which the catalogue calls them one occurrence, so that a skewed clock is still met.
void FeedHealth::compare_clocks(const Event& event) {
  const std::int64_t within_us = seconds(info(event.type).same_within_s).us * 2;
  const std::string_view box = event.text(FieldId::container_number);
  if (within_us == 0 || box.empty() || event.classifier != Classifier::actual) return;
  if (last_seen_.size() >= limits::kSkewSightings) last_seen_.clear();
  Sighting& last = last_seen_[fmt::format("{}\n{}\n{}", info(event.type).name, event.facility, box)];
  const std::int64_t difference = (event.event_time - last.at).us;
  if (!last.feed.empty() && last.feed != event.feed && std::abs(difference) <= within_us) {
    const bool is_first = event.feed < last.feed;
    Pair& pair = pairs_[is_first ? std::pair(event.feed, last.feed) : std::pair(last.feed, event.feed)];
    if (pair.differences_us.size() < limits::kSkewSamples)
      pair.differences_us.push_back(is_first ? difference : -difference);
    pair.last = std::max(pair.last, event.event_time);
  }
  last = {event.feed, event.event_time};
}

void FeedHealth::file(const FileAccount& account, std::uint64_t repeated, Timestamp taken_at) {
  FileSeen seen;
  seen.path = account.path;
  seen.repeated = repeated;
  seen.rejected = total(account.rejected);
  seen.unknown_codes = count_of(account.findings, "unknown_code");
  seen.taken_at = taken_at;
  seen.reasons = counts_text(account.rejected);
  auto& by_feed = of_file_[account.index];
  if (by_feed.empty()) by_feed[feed_of_file(account.feed, account.format)] = 0;  // it brought nothing new
  for (const auto& [name, events] : by_feed) {
    seen.events = events;
    add_file(feeds_[name], seen);
  }
  of_file_.erase(account.index);
}

// What was wrong with a file is what its last reading says: a mapping was mended meanwhile, or it was written anew.
void FeedHealth::add_file(Feed& feed, const FileSeen& seen) {
  if (const auto before = feed.faulty.find(seen.path); before != feed.faulty.end()) {
    FileSeen& f = feed.files[before->second];
    f.rejected = f.unknown_codes = 0;
    f.reasons.clear();
    feed.faulty.erase(before);
  }
  if (seen.rejected + seen.unknown_codes > 0) feed.faulty[seen.path] = feed.files.size();
  feed.files.push_back(seen);
}

void FeedHealth::coverage(const CoverageStatement& s) {
  if (s.types.empty()) return;  // says that it answers for nothing
  feeds_[s.feed].pieces.push_back({s.from, s.until, s.stated_at});
}

void FeedHealth::expectation(const FeedExpectation& e) {
  feeds_[e.feed].lateness = e.lateness;
}

std::vector<FeedHealth::Piece> FeedHealth::joined(const Feed& feed) const {
  std::vector<Piece> pieces = feed.pieces, out;
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.from < b.from; });
  for (const Piece& p : pieces) {
    // Both ends are included: days that follow one another leave a microsecond between them.
    if (!out.empty() && p.from <= out.back().until + Duration{1}) {
      out.back().until = std::max(out.back().until, p.until);
      out.back().stated_at = std::max(out.back().stated_at, p.stated_at);
    } else {
      out.push_back(p);
    }
  }
  return out;
}

std::map<std::string, FeedHealth::Summary> FeedHealth::summaries() const {
  std::map<std::string, Summary> out;
  for (const auto& [name, feed] : feeds_) {
    Summary& s = out[name];
    s.files = feed.files.size();
    s.events = feed.events;
    s.first = feed.first, s.last = feed.last, s.last_received = feed.last_received;
    s.last_actual = feed.last_actual;
    s.lateness = feed.lateness;
    for (const FileSeen& f : feed.files)
      s.repeated += f.repeated, s.rejected += f.rejected, s.unknown_codes += f.unknown_codes;
    for (const Piece& p : joined(feed)) s.covered.emplace_back(p.from, p.until);
  }
  return out;
}

void FeedHealth::tell_files(const std::string& name, const Feed& feed, std::vector<EventPtr>& out) const {
  std::vector<std::uint64_t> before;
  for (const FileSeen& f : feed.files) {
    const auto tell = [&](EventType type, std::uint64_t count, const std::string& detail) {
      if (count > 0)
        out.push_back(event_of({.type = type, .feed = name, .detail = detail, .at = f.taken_at, .count = count}));
    };
    tell(EventType::feed_rejected, f.rejected, fmt::format("{}: {}", file_name(f.path), f.reasons));
    tell(EventType::feed_unknown_code, f.unknown_codes, std::string(file_name(f.path)));
    tell(EventType::feed_repeated, f.repeated, std::string(file_name(f.path)));
    const bool is_burst = before.size() >= kBurstFiles && f.events >= kBurstEvents &&
                          f.events > kBurstFactor * std::max<std::uint64_t>(median(before), 1);
    if (is_burst)
      tell(EventType::feed_burst, f.events,
           fmt::format("{}: {} records, {} in the middle one of {} files before", file_name(f.path), f.events,
                       median(before), before.size()));
    before.push_back(f.events);
  }
}

void FeedHealth::tell_coverage(const std::string& name, const Feed& feed, Timestamp now,
                               std::vector<EventPtr>& out) const {
  const auto pieces = joined(feed);
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::string hole = fmt::format("nothing covers {} to {}", format_rfc3339(pieces[i - 1].until),
                                         format_rfc3339(pieces[i].from));
    out.push_back(event_of({.type = EventType::feed_silent, .feed = name, .detail = hole, .at = pieces[i - 1].until}));
    out.push_back(event_of({.type = EventType::feed_restored, .feed = name, .detail = hole, .at = pieces[i].from}));
  }
  if (!feed.lateness) return;
  for (const Piece& p : feed.pieces)
    if (p.stated_at > p.until + *feed.lateness)
      out.push_back(event_of({.type = EventType::feed_late,
                              .feed = name,
                              .detail = fmt::format("what covers until {} came at {}", format_rfc3339(p.until),
                                                    format_rfc3339(p.stated_at)),
                              .at = p.until + *feed.lateness}));
  if (!pieces.empty() && now > pieces.back().until + *feed.lateness)
    out.push_back(event_of({.type = EventType::feed_silent,
                            .feed = name,
                            .detail = fmt::format("nothing after {}", format_rfc3339(pieces.back().until)),
                            .at = pieces.back().until + *feed.lateness}));
}

void FeedHealth::tell_skew(std::vector<EventPtr>& out) const {
  for (const auto& [names, pair] : pairs_) {
    if (pair.differences_us.size() < kSkewPairs) continue;
    const std::int64_t middle = median(pair.differences_us);
    std::vector<std::int64_t> spread;
    for (const std::int64_t d : pair.differences_us) spread.push_back(std::abs(d - middle));
    if (std::abs(middle) < kLeastSkewUs || median(spread) * 4 > std::abs(middle)) continue;
    out.push_back(
        event_of({.type = EventType::feed_skewed,
                  .feed = names.first,
                  .detail = "differences of happenings that both feeds saw; see clock_offset_s of the contract",
                  .other = names.second,
                  .at = pair.last,
                  .count = pair.differences_us.size(),
                  .skew_us = middle}));
  }
}

std::vector<EventPtr> FeedHealth::events(Timestamp now) const {
  std::vector<EventPtr> out;
  for (const auto& [name, feed] : feeds_) {
    tell_files(name, feed, out);
    tell_coverage(name, feed, now, out);
  }
  tell_skew(out);
  std::stable_sort(out.begin(), out.end(),
                   [](const EventPtr& a, const EventPtr& b) { return a->event_time < b->event_time; });
  return out;
}

}  // namespace quaywatch::ingest
