// FeedHealth: what the input itself shows of each feed: silent or late against its contract, bursts, repetition,
// rejects, unknown codes, and clocks that differ between two feeds that saw the same happenings (DESIGN section 6a,
// "Skew"). Told as events of the types feed.*; a pure function of what it was shown, so that replay gives the same.
//
// A skew is an estimate and changes nothing: only a person sets an offset. It is told when at least kSkewPairs
// happenings were seen by both feeds and half of their differences lie closer to the median than a quarter of it.
// Not thread-safe. Memory: per feed and file a few numbers, per pair of feeds at most limits::kSkewSamples differences.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/intake.h"
#include "model/coverage.h"
#include "model/event.h"

namespace quaywatch::ingest {

inline constexpr std::string_view kHealthFeed = "intake";  // the feed of these events
// The feed of what our own users looked up (src/api). Nobody delivers it: it covers nothing and has no health.
inline constexpr std::string_view kLookupFeed = "quaywatch.lookups";
inline constexpr std::size_t kSkewPairs = 20;

class FeedHealth {
 public:
  // Events, then the file they came from; those of other files may stand between.
  void see(const Event& event);
  void file(const FileAccount& account, std::uint64_t repeated, Timestamp taken_at);
  void coverage(const CoverageStatement& statement);
  void expectation(const FeedExpectation& expectation);

  struct Summary {
    std::uint64_t files = 0, events = 0, repeated = 0, rejected = 0, unknown_codes = 0;
    Timestamp first = Timestamp::max(), last = Timestamp::min(), last_received = Timestamp::min();
    Timestamp last_actual = Timestamp::min();  // of what happened, and is not only planned
    std::optional<Duration> lateness;  // that its contract allows; none: it states nothing
    std::vector<std::pair<Timestamp, Timestamp>> covered;  // joined intervals, in order
  };
  std::map<std::string, Summary> summaries() const;  // by feed
  // By time; `now` decides what is silent.
  std::vector<EventPtr> events(Timestamp now) const;

 private:
  struct FileSeen {
    std::string path;
    std::uint64_t events = 0, repeated = 0, rejected = 0, unknown_codes = 0;
    std::string reasons;
    Timestamp taken_at;
  };
  struct Piece {
    Timestamp from, until, stated_at;
  };
  struct Feed {
    std::vector<FileSeen> files;
    std::map<std::string, std::size_t> faulty;  // by path: the last reading, where something was wrong with it
    std::uint64_t events = 0;
    Timestamp first = Timestamp::max(), last = Timestamp::min(), last_received = Timestamp::min();
    Timestamp last_actual = Timestamp::min();
    std::vector<Piece> pieces;
    std::optional<Duration> lateness;
  };
  struct Sighting {
    std::string feed;
    Timestamp at;
  };
  struct Pair {  // of feeds a < b: a's time minus b's
    std::vector<std::int64_t> differences_us;
    Timestamp last = Timestamp::min();
  };

  void compare_clocks(const Event& event);
  static void add_file(Feed& feed, const FileSeen& seen);
  std::vector<Piece> joined(const Feed& feed) const;
  void tell_files(const std::string& name, const Feed& feed, std::vector<EventPtr>& out) const;
  void tell_coverage(const std::string& name, const Feed& feed, Timestamp now, std::vector<EventPtr>& out) const;
  void tell_skew(std::vector<EventPtr>& out) const;

  std::map<std::string, Feed> feeds_;
  std::map<std::uint32_t, std::map<std::string, std::uint64_t>> of_file_;  // events by feed, of files that go on
  std::map<std::string, Sighting> last_seen_;     // by type, facility and container
  std::map<std::pair<std::string, std::string>, Pair> pairs_;
};

}  // namespace quaywatch::ingest
