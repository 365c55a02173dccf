#include "adapter/recorder.h"
#include "adapters/mapped/mapped.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quaywatch::adapters::mapped;
  static const auto mapping = parse_mapping(R"(feed="f"
format="csv"
time_zone="Europe/Amsterdam"
in_order=true
covers="whole_days"
[[event]]
type="container.gate_in"
time={column="t",format="%Y-%m-%d %H:%M:%S"}
fields=[{to="container.number",from="c"},{to="seal.number",from="s",split=","}])",
                                            "fuzz.toml");
  static const auto logs = parse_mapping(R"(feed="f"
format="syslog"
payload="json"
time_zone="Europe/Amsterdam"
in_order=true
[[event]]
type="access.denied"
when={event={words="bacnet_access"}}
time={column="syslog.timestamp",format="syslog"}
fields=[{to="access.reader",from=["sd.a.b","door"]},{to="access.reason",from="event",words="bacnet_access"}])",
                                         "fuzz.toml");
  for (const auto* m : {&*mapping, &*logs})
    quaywatch::adapter::fuzz_decode(data, size, [&](auto bytes, auto& sink) { decode_mapped(bytes, *m, {}, sink); });
  return 0;
}
