// Coverage: what the feeds have told us so far, and so where absence may be concluded (DESIGN section 6a).
// Fed by coverage statements, expectations and clock ticks; reads no clock. Not thread-safe; owned by the pipeline.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/coverage.h"

namespace quaywatch::timeline {

enum class Cover : std::uint8_t {
  covered,      // a feed answered for the whole interval
  pending,      // a feed is expected to answer, and its time has not passed
  hole,         // a feed provides the type, but not for this interval
  no_provider,  // no feed provides the type at this facility
};

std::string_view name(Cover cover);

struct CoverAnswer {
  Cover cover = Cover::no_provider;
  Timestamp known_at = Timestamp::min();  // when the last piece of the answer reached us; only for covered
};

class Coverage {
 public:
  // Which answers a statement or an expectation may have changed.
  enum class Change : std::uint8_t {
    none,
    grown,   // only those of intervals that end within it: each feed goes on where it ended, and no other lost a part
    within,  // those of intervals that share an instant with it
    opened,  // any: a type got its first provider at some facility, a feed turns out to have lost a part, or one is
             // waited for, or for longer
  };
  Change add(const CoverageStatement& statement);
  Change expect(const FeedExpectation& expectation);
  void tick(Timestamp at);

  // Does some feed answer for `type` at `facility` over [from, until]? An empty facility asks for any.
  CoverAnswer ask(EventType type, std::string_view facility, Timestamp from, Timestamp until) const;

  // Did this feed answer for `type` at `facility` before and after some part of [from, until], and not for that part?
  // What it has not told yet is not lost.
  bool is_lost(std::string_view feed, EventType type, std::string_view facility, Timestamp from, Timestamp until) const;

  // The feeds that answer for the whole interval, by (feed, facility).
  struct Answerer {
    std::string feed, facility;
    Timestamp known_at;
    bool operator==(const Answerer&) const = default;
  };
  std::vector<Answerer> answerers(EventType type, std::string_view facility, Timestamp from, Timestamp until) const;

  struct Piece {
    Timestamp from, until, stated_at;
    Timestamp reach = Timestamp::min();  // latest `until` of this and all pieces before it: what a search starts from
    // The run that ends here: pieces each of which goes on where the one before ended and was stated no earlier. A feed
    // that tells what it covers in thousands of small steps is one run.
    Timestamp run_from = Timestamp::min();
    Timestamp reach_before_run = Timestamp::min();  // of the piece before the run
  };
  struct Row {  // one feed's answers for one type at one facility
    std::string feed;
    std::string facility;
    std::vector<Piece> pieces;  // by from
    bool expected = false;
    Duration lateness;
    Timestamp expected_since = Timestamp::min();  // when the expectation in force was stated; the latest holds
  };
  const std::vector<Row>& rows(EventType type) const { return rows_[static_cast<std::size_t>(type)]; }
  // Statements and expectations not kept, because limits::kCoverageRows others of the type come first by name. What a
  // type's refused feeds would answer for is a hole: absence is never concluded from it.
  std::uint64_t refused() const { return refused_; }

 private:
  Row* row(EventType type, std::string_view feed, std::string_view facility, bool& changes_absence);
  bool has_provider(EventType type, std::string_view facility) const;
  CoverAnswer ask_row(const Row& row, Timestamp from, Timestamp until) const;

  std::vector<std::vector<Row>> rows_ = std::vector<std::vector<Row>>(kEventTypeCount);  // by (feed, facility)
  std::vector<bool> overflowed_ = std::vector<bool>(kEventTypeCount);
  std::uint64_t refused_ = 0;
  Timestamp now_ = Timestamp::min();
};

}  // namespace quaywatch::timeline
