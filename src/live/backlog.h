// Backlog: what stands in the input log, durable, and is not judged yet; from those who write to the thread that
// judges, in the order of the log.
//
// Invariants: whoever hands over keeps no reference to an event of it, because these are counted without atomics.
// `wait_for_room` holds back who brings more while limits::kBacklogEntries wait, so that one file may go beyond; single
// entries, such as look-ups and decisions, are never held back. Thread-safe; one thread judges.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ingest/input_log.h"
#include "journal/entry.h"

namespace quaywatch::live {

// What one writer made durable.
struct Written {
  std::deque<journal::Entry> entries;
  std::vector<ingest::TakenFile> ended;  // whose last entries are among those
  std::vector<std::string> file_names;   // of files that have begun
  bool has_decisions = false;            // on rules
  bool must_replay = false;  // it takes something back, or says which rules judge: all is to be judged anew
};

class Backlog {
 public:
  using Position = std::uint64_t;  // entries handed over so far

  Position hand_over(Written written);

  // The judge: false when the stop was requested. Then `take`, unless all is to be judged anew: then `drop`.
  bool wait(std::stop_token stop);
  bool must_replay() const;
  // At most so many entries, and what goes with them.
  Written take(std::size_t most);
  bool drop();  // all; whether a decision on rules was among it
  bool is_empty() const;
  void judged();  // and published: all that was taken or dropped

  // The judge ends; an Error: it could not go on.
  void close(const Result<void>& why);
  Result<void> why_closed() const;

  // Error: the judge ended before.
  Result<void> wait_until(Position judged);
  void wait_for_room();
  bool has_room() const;
  std::uint64_t waiting() const;  // entries that are not judged

 private:
  bool is_there_room() const;  // the lock is held

  mutable std::mutex mutex_;
  std::condition_variable_any handed_or_judged_;
  std::deque<journal::Entry> entries_;
  std::deque<std::pair<Position, ingest::TakenFile>> ended_;  // by the position of their end
  std::vector<std::string> file_names_;
  bool has_decisions_ = false, must_replay_ = false;
  Position handed_ = 0, taken_ = 0, judged_ = 0;
  bool is_closed_ = false;
  Result<void> why_;
};

}  // namespace quaywatch::live
