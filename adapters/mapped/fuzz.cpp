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
  return quaywatch::adapter::fuzz_decode(data, size,
                                         [](auto bytes, auto& sink) { decode_mapped(bytes, *mapping, {}, sink); });
}
