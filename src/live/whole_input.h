// WholeInput: an input that is gathered first, so that every search knows what is covered, and judged then, in order,
// by several detections side by side: what `detect`, `backtest` and their kin do with files or the journal, and the
// server's back-tests with its journal. Deterministic but for the time that each judge took. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ingest/event_sorter.h"
#include "ingest/feed_health.h"
#include "ingest/input_log.h"
#include "ingest/intake.h"
#include "pipeline/detection.h"

namespace quaywatch::live {

// An input as one stream. Each is called in the order taken in; empty functions are not called.
struct InputVisitor {
  std::function<bool(const EventPtr&)> event;  // false: no more is wanted
  std::function<void(const CoverageStatement&)> coverage;
  std::function<void(const FeedExpectation&)> expectation;
  std::function<void(Timestamp)> tick;
  // After the events of a file; `repeated` of them the journal had before.
  std::function<void(const ingest::FileAccount&, std::uint64_t repeated, Timestamp taken_at)> file_ends;
};

// How far long work is; false ends it, with an Error.
using OnStep = std::function<bool(std::uint64_t done, std::uint64_t all)>;

ingest::FileAccount account_of(const ingest::TakenFile& file);
// The files that the journal names, in the order that span.file counts.
Result<std::vector<ingest::FileAccount>> read_log(const ingest::InputLog& log, const InputVisitor& visitor,
                                                  const OnStep& on_entry);

struct Judge {
  pipeline::Detection* detection = nullptr;
  Duration spent = {};  // of the processor's time on the wall, set by judge(); differs from run to run
};

class WholeInput {
 public:
  // `on_event` sees each event after the first judge took it. Without it, nothing is kept of what no judge asks about
  // but that it happened. `judges` outlive it. The ticks of what is read may be later than `first_tick`.
  WholeInput(std::span<Judge> judges, Timestamp first_tick, std::function<void(const EventPtr&)> on_event = {});

  // What gathers; it refers to this object.
  InputVisitor visitor();
  // Nothing more is read: what the input shows of its feeds joins it, where a judge asks for it.
  Result<void> close(Timestamp now);
  // Coverage and expectations first, then the events, then ticks until nothing waits. Once.
  Result<void> judge(const OnStep& on_step);

  const std::vector<CoverageStatement>& coverage() const { return coverage_; }  // after judge: with what was observed
  std::uint64_t events() const { return events_; }
  std::uint64_t duplicates() const { return sorter_.duplicates(); }  // the same event delivered by several files

 private:
  void add(const Event& event);

  std::span<Judge> judges_;
  Timestamp last_tick_;
  const std::function<void(const EventPtr&)> on_event_;
  bool with_health_ = false;
  ingest::EventSorter sorter_;
  Result<void> sorted_;
  std::uint64_t events_ = 0;
  ingest::ObservedCoverage observed_;
  ingest::FeedHealth health_;
  std::vector<CoverageStatement> coverage_;
  std::vector<FeedExpectation> expectations_;
};

}  // namespace quaywatch::live
