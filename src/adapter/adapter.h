// What every feed adapter is: bytes in; events, spans and findings out. Adapters are pure: no clock, no I/O, no state
// between calls. Wire data never throws and never asserts: what cannot be read becomes a rejected span with a reason.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/coverage.h"
#include "model/event.h"

namespace quaywatch::adapter {

// Every byte of a file lies in exactly one span: accepted (an event was made of it, or it is part of the envelope of
// one), rejected (could not be used, reason given, kept) or ignored (understood and not wanted, reason given).
enum class SpanKind : std::uint8_t { accepted, rejected, ignored };
std::string_view name(SpanKind kind);

struct SpanReport {
  SpanKind kind = SpanKind::accepted;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string_view reason;  // a stable snake_case word with static storage, such as "segment_too_long"
  std::string message;      // for a person: field, value, limit, what to do; empty when accepted
};

inline constexpr std::size_t kFindingBytes = 80;  // of a value quoted in a finding

// Decodable but anomalous (Zeek's "weird"): the record was used, and this was seen in it.
struct Finding {
  std::string_view code;  // stable, static storage: "check_digit", "count_mismatch", "future", "charset"...
  std::string field;      // catalogue name or segment, such as container.number or UNT
  std::string value;      // as it stood in the record
  std::uint64_t offset = 0;
  std::string message;
};

// Where an adapter's output goes. Calls come in file order; spans are contiguous from 0 and never overlap.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void event(boost::intrusive_ptr<Event> event) = 0;  // without id: the caller seals it
  virtual void span(SpanReport report) = 0;
  virtual void finding(Finding finding) = 0;
  virtual void coverage(CoverageStatement statement) = 0;
  virtual void expectation(FeedExpectation expectation) = 0;
  virtual void tick(Timestamp at) = 0;  // clock.tick lines of a recorded input log
};

struct EdifactProfile;

// What the feed's contract tells an adapter about the bytes it is given.
struct Source {
  std::string feed;      // id of the feed, such as codeco/KTVSIKOP
  std::string owner;
  std::string facility;  // default when the record names none
  std::string time_zone; // IANA name; empty: UTC is assumed and the finding "no_time_zone" says so once
  Marking marking = Marking::amber;
  Timestamp received_at; // the import's instant: upper bound of every received_at
  std::uint32_t file = 0;
  const EdifactProfile* edifact = nullptr;  // what the sender does differently; outlives the decoding
};

// How sure we are of a mapping row (DOMAIN section 7.9): shown wherever the row is shown.
enum class Checked : std::uint8_t { real_file, standard, secondary, memory };
std::string_view name(Checked checked);

// Sets the three clocks and the error of an event: reported_at falls back to event_time, received_at is the earlier of
// the import and the later of the two; an event dated after the import is placed there with the difference as its error
// and the finding "future" (DESIGN section 6a).
void settle_clocks(Event& event, const Source& source, std::uint64_t offset, Sink& sink);

}  // namespace quaywatch::adapter
