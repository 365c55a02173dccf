// Bytes per second of the readers on one core: EDIFACT segments alone, EDIFACT to events, JSON lines
// alone and to events, CSV and JSON lines to events by a mapping.
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "adapters/canonical/canonical.h"
#include "adapters/edifact.h"
#include "adapters/mapped/mapped.h"
#include "codec/edifact.h"
#include "codec/json_lines.h"

namespace {

using namespace quaywatch;

// A gate-out as real senders write it, 100 to an interchange.
std::string codeco(int messages) {
  std::string out = "UNB+UNOA:2+QBENCH+QLINE+261022:1658+1'\n";
  for (int i = 0; i < messages; ++i)
    out += "UNH+" + std::to_string(i) + "+CODECO:D:95B:UN:ITG14'\nBGM+36+Q" + std::to_string(i) +
           "+9'\nTDT+20+118N+1++QLN:172:ZZZ+++9QX3:103::BENCH STAR'\nEQD+CN+TRHU3871247+22G1:102:5++3+5'\n"
           "RFF+RE:QR26104210'\nDTM+7:202610221708:203'\nLOC+165+SIKOP:139:6+QBT:TER:ZZZ'\nMEA+AAE+G+KGM:18260'\n"
           "SEL+QS04690459+CA'\nTDT+1++3++HT-QALP:172:ZZZ+++QX 330:146'\nCNT+16:1'\nUNT+12+" +
           std::to_string(i) + "'\n";
  return out + "UNZ+" + std::to_string(messages) + "+1'\n";
}

class Counter final : public adapter::Sink {
 public:
  std::int64_t events = 0;
  void event(boost::intrusive_ptr<Event>) override { ++events; }
  void span(adapter::SpanReport) override {}
  void finding(adapter::Finding) override {}
  void coverage(CoverageStatement) override {}
  void expectation(FeedExpectation) override {}
  void tick(Timestamp) override {}
};

void report(benchmark::State& state, std::size_t bytes, std::int64_t events) {
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * static_cast<std::int64_t>(state.iterations()));
  state.SetItemsProcessed(events);
}

void edifact_segments(benchmark::State& state) {
  const std::string text = codeco(10'000);
  std::int64_t segments = 0;
  for (auto _ : state) {
    codec::SegmentReader reader(text);
    codec::Segment segment;
    while (reader.next(segment)) ++segments;
  }
  report(state, text.size(), segments);
}
BENCHMARK(edifact_segments);

void edifact_to_events(benchmark::State& state) {
  const std::string text = codeco(10'000);
  Counter counter;
  adapter::Source source;
  source.time_zone = "Europe/Ljubljana";
  source.received_at = Timestamp::max();
  for (auto _ : state) adapters::decode_edifact(text, source, counter);
  report(state, text.size(), counter.events);
}
BENCHMARK(edifact_to_events);

std::string json_lines(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i)
    text += R"({"type":"order.issued","feed":"orders","facility":"SIKOP/QBT","event_time":"2026-01-01T10:00:00Z",)"
            R"("received_at":"2026-01-01T10:00:00Z","container.number":"TRHU3871247","order.ref":")" +
            std::to_string(i) + R"(","location.to":"B12-3","equipment.id":"SC07"})" + "\n";
  return text;
}

void json_lines_alone(benchmark::State& state) {
  const std::string text = json_lines(10'000);
  codec::JsonLineReader reader;
  std::int64_t members = 0;
  for (auto _ : state)
    for (auto line = codec::line_at(text, 0); line; line = codec::line_at(text, line->offset + line->size))
      if (const auto read = reader.read(text, line->offset, line->text.size())) members += std::ssize(*read);
  report(state, text.size(), members);
}
BENCHMARK(json_lines_alone);

void json_lines_to_events(benchmark::State& state) {
  const std::string text = json_lines(10'000);
  Counter counter;
  adapter::Source source;
  source.received_at = Timestamp::max();
  for (auto _ : state) adapters::canonical::decode_canonical(text, source, counter);
  report(state, text.size(), counter.events);
}
BENCHMARK(json_lines_to_events);

// --- files by a mapping ---------------------------------------------------------------------------------------------

void mapped_to_events(benchmark::State& state, std::string_view format, const std::string& text) {
  const auto mapping = adapters::mapped::parse_mapping(
      fmt::format(R"(feed = "bench"
format = "{}"
facility = "ZZQAY/T1"
[[event]]
type = "container.weighed"
key = ["ticket"]
when = {{ status = "OK" }}
time = {{ column = "weighed_at", format = "rfc3339" }}
fields = [
  {{ to = "container.number", from = "container" }},
  {{ to = "container.weight_kg", from = "container_kg" }},
  {{ to = "weight.point", from = "scale.id" }},
  {{ to = "vehicle.plate", from = "plate", form = "squeeze" }},
  {{ to = "account.id", from = "operator" }},
])",
                  format),
      "bench.toml");
  if (!mapping) return state.SkipWithError(mapping.error().message.c_str());
  Counter counter;
  adapter::Source source;
  source.received_at = Timestamp::max();
  for (auto _ : state) adapters::mapped::decode_mapped(text, *mapping, source, counter);
  report(state, text.size(), counter.events);
}

void mapped_csv_to_events(benchmark::State& state) {
  std::string text = "ticket,status,weighed_at,container,container_kg,scale.id,plate,operator\n";
  for (int i = 0; i < 10'000; ++i)
    text += fmt::format("T{:06},OK,2026-01-01T10:00:00+01:00,TRHU3871247,{},WB2,LJ QA-{:03},op.{:02}\n", i,
                        12'000 + i % 9000, i % 997, i % 41);
  mapped_to_events(state, "csv", text);
}
BENCHMARK(mapped_csv_to_events);

void mapped_json_to_events(benchmark::State& state) {
  std::string text;
  for (int i = 0; i < 10'000; ++i)
    text += fmt::format(
        R"({{"ticket":"T{:06}","status":"OK","weighed_at":"2026-01-01T10:00:00+01:00","container":"TRHU3871247",)"
        R"("container_kg":{},"scale":{{"id":"WB2"}},"plate":"LJ QA-{:03}","operator":"op.{:02}"}})"
        "\n",
        i, 12'000 + i % 9000, i % 997, i % 41);
  mapped_to_events(state, "jsonl", text);
}
BENCHMARK(mapped_json_to_events);

}  // namespace

BENCHMARK_MAIN();
