// All EDIFACT adapters share one decoder, so that one target reaches them all; seeds: adapters/*/vectors/*.edi.
#include "adapters/edifact.h"

#include "adapter/recorder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return quaywatch::adapter::fuzz_decode(
      data, size, [](auto bytes, auto& sink) { quaywatch::adapters::decode_edifact(bytes, {}, sink); });
}
