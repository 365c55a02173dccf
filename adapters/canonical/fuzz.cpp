#include "adapter/recorder.h"
#include "adapters/canonical/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return quaywatch::adapter::fuzz_decode(
      data, size, [](auto bytes, auto& sink) { quaywatch::adapters::canonical::decode_canonical(bytes, {}, sink); });
}
