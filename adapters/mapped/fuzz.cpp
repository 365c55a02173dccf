// One mapping per layout and kind of payload, each reading the same bytes.
#include "adapter/recorder.h"
#include "adapters/mapped/mapped.h"

namespace {

using namespace quaywatch::adapters::mapped;

constexpr std::string_view kMappings[] = {
    R"(feed="f"
format="csv"
time_zone="Europe/Amsterdam"
in_order=true
covers="whole_days"
[[event]]
type="container.gate_in"
time={column="t",format="%Y-%m-%d %H:%M:%S"}
fields=[{to="container.number",from="c"},{to="seal.number",from="s",split=","}])",
    R"(feed="f"
format="jsonl"
[[event]]
type="container.gate_in"
key=["id"]
time={column="t",format="rfc3339"}
fields=[{to="container.number",from="a.c"},{to="container.weight_kg",from="w"}])",
    R"(feed="f"
format="syslog"
payload="json"
time_zone="Europe/Amsterdam"
in_order=true
[[event]]
type="access.denied"
when={event={words="bacnet_access"}}
time={column="syslog.timestamp",format="syslog"}
fields=[{to="access.reader",from=["sd.a.b","door"]},{to="access.reason",from="event",words="bacnet_access"}])",
    R"(feed="f"
format="cef"
time_zone="UTC"
[[event]]
type="access.granted"
time={column="rt",format="syslog"}
fields=[{to="access.reader",from="cs1"},{to="credential.id",from="duser"}])",
    R"(feed="f"
format="keyvalue"
time_zone="UTC"
[[event]]
type="account.logged_in"
time={column=["date","time"],format="%Y-%m-%d %H:%M:%S"}
fields=[{to="account.id",from="user"}])",
};

std::vector<Mapping> parse_all() {
  std::vector<Mapping> out;
  for (const std::string_view toml : kMappings) {
    auto mapping = parse_mapping(toml, "fuzz.toml");
    if (!mapping) std::abort();  // a mapping above no longer fits the catalogue
    out.push_back(std::move(*mapping));
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Mapping> mappings = parse_all();
  for (const Mapping& mapping : mappings)
    quaywatch::adapter::fuzz_decode(data, size,
                                    [&](auto bytes, auto& sink) { decode_mapped(bytes, mapping, {}, sink); });
  return 0;
}
