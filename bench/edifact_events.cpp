// What a file of EDIFACT holds, read by the shipped adapters and dropped: one JSON line with the counts, a checksum of
// the container numbers, and the processor and wall time of decoding alone. bench/edifact_peers.py holds it against
// other readers.
//   edifact_events FILE [MAX_BYTES]
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "adapters/edifact.h"
#include "codec/edifact.h"

namespace {

using namespace quaywatch;

// The sum of the digits of each number times its place in the file: order, loss and repetition show.
class Tally final : public adapter::Sink {
 public:
  std::uint64_t events = 0, containers = 0, checksum = 0, findings = 0, rejected_bytes = 0, bytes = 0;
  void event(boost::intrusive_ptr<Event> e) override {
    ++events;
    const std::string_view number = e->text(FieldId::container_number);
    if (number.empty()) return;
    ++containers;
    std::uint64_t digits = 0;
    for (const char c : number.substr(4)) digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
    checksum += digits * (containers % 1000);
  }
  void span(adapter::SpanReport s) override {
    bytes += s.size;
    if (s.kind == adapter::SpanKind::rejected) rejected_bytes += s.size;
  }
  void finding(adapter::Finding) override { ++findings; }
  void coverage(CoverageStatement) override {}
  void expectation(FeedExpectation) override {}
  void tick(Timestamp) override {}
};

// Of this process; on a busy machine the wall clock measures the others.
double processor_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::uint64_t segments(std::string_view text) {
  codec::SegmentReader reader(text);
  codec::Segment segment;
  std::uint64_t n = 0;
  while (reader.next(segment)) n += segment.tag() != "UNA" ? 1 : 0;
  return n;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: edifact_events FILE [MAX_BYTES]\n";
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t most = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : text.size();
  const std::string_view bytes = std::string_view(text).substr(0, most);
  adapter::Source source;
  source.time_zone = "Europe/Ljubljana";
  source.received_at = Timestamp::max();
  Tally tally;
  const auto start = std::chrono::steady_clock::now();
  const double before = processor_seconds();
  adapters::decode_edifact(bytes, source, tally);
  const double processor = processor_seconds() - before;
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::cout << fmt::format(
      R"({{"bytes": {}, "segments": {}, "containers": {}, "checksum": {}, "events": {}, "findings": {}, )"
      R"("rejected_bytes": {}, "cpu_s": {:.6f}, "wall_s": {:.6f}}})",
      tally.bytes, segments(bytes), tally.containers, tally.checksum, tally.events, tally.findings,
      tally.rejected_bytes, processor, taken.count()) << '\n';
}
