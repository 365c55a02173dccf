// The mapping parser: a mapping, or an error with a message. What it takes must decode anything.
#include "adapter/recorder.h"
#include "adapters/mapped/mapped.h"
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quaywatch;
  using adapters::mapped::Layout;
  const auto mapping = adapters::mapped::parse_mapping(fuzz::text_of(data, size), "fuzz.toml");
  if (!mapping) {
    fuzz::require(!mapping.error().message.empty());
    return 0;
  }
  if (mapping->layout == Layout::described) return 0;
  static constexpr std::string_view kFile =
      "a,b,c\n2026-10-25 02:30:00,x,{\"a\":[1]}\n{\"a\":\"1\",\"b\":[{\"c\":2}]}\n"
      "<13>Oct 25 02:30:00 host app: CEF:0|a|b|c|d|e|1|a=1 b=2\n";
  return adapter::fuzz_decode(reinterpret_cast<const std::uint8_t*>(kFile.data()), kFile.size(),
      [&](auto bytes, auto& sink) { adapters::mapped::decode_mapped(bytes, *mapping, {}, sink, "a_20261025.csv"); });
}
