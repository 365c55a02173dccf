// Recorder: a Sink that keeps everything, for tests, fuzzing and small tools, and checks the one promise every adapter
// makes: spans are contiguous from 0, never overlap and reach the last byte (DESIGN section 2).
// Not thread-safe. Unbounded: never used on the path of live feeds.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapter/adapter.h"

namespace quaywatch::adapter {

class Recorder final : public Sink {
 public:
  std::vector<boost::intrusive_ptr<Event>> events;
  std::vector<SpanReport> spans;
  std::vector<Finding> findings;
  std::vector<CoverageStatement> coverages;
  std::vector<FeedExpectation> expectations;
  std::vector<Timestamp> ticks;

  void event(boost::intrusive_ptr<Event> e) override { events.push_back(std::move(e)); }
  void span(SpanReport report) override { spans.push_back(std::move(report)); }
  void finding(Finding f) override { findings.push_back(std::move(f)); }
  void coverage(CoverageStatement statement) override { coverages.push_back(std::move(statement)); }
  void expectation(FeedExpectation e) override { expectations.push_back(std::move(e)); }
  void tick(Timestamp at) override { ticks.push_back(at); }

  // True when every one of `size` bytes lies in exactly one span and every refusal has its reason.
  bool accounts_for(std::uint64_t size) const {
    std::uint64_t next = 0;
    for (const SpanReport& s : spans) {
      if (s.offset != next || s.size == 0 || (s.kind != SpanKind::accepted && s.reason.empty())) return false;
      next += s.size;
    }
    return next == size;
  }

  // Spans of one kind by reason, for assertions and counters.
  std::map<std::string, int> reasons(SpanKind kind) const {
    std::map<std::string, int> out;
    for (const SpanReport& s : spans)
      if (s.kind == kind) ++out[std::string(s.reason)];
    return out;
  }
};

// Body of every adapter's fuzz target: decode must return, and account for every byte.
template <typename Decode>
int fuzz_decode(const std::uint8_t* data, std::size_t size, Decode&& decode) {
  Recorder recorder;
  decode(std::string_view(reinterpret_cast<const char*>(data), size), recorder);
  if (!recorder.accounts_for(size)) std::abort();
  return 0;
}

}  // namespace quaywatch::adapter
