#include "adapter/format.h"
#include "adapter/recorder.h"

namespace quaywatch::adapters::dcsa {
extern const adapter::FormatAdapter kFormat;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return quaywatch::adapter::fuzz_decode(
      data, size, [](auto bytes, auto& sink) { quaywatch::adapters::dcsa::kFormat.decode(bytes, {}, sink); });
}
