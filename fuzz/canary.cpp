// Proves that the fuzzers can find anything at all: tools/fuzz.py fails unless this one crashes within its time.
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.size() >= 4 && text[0] == 'Q' && text[1] == 'U' && text[2] == 'A' && text[3] == 'Y') std::abort();
  return 0;
}
