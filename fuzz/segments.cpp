// Segments are the same cut with AVX2, cut byte by byte, and taken from what was cut before.
#include <string>
#include <vector>

#include "codec/edifact.h"
#include "fuzz/fuzz.h"

namespace {

namespace codec = quaywatch::codec;
using quaywatch::fuzz::require;

void same(const codec::Segment& a, const codec::Segment& b) {
  require(a.tag() == b.tag() && a.fault() == b.fault() && a.begin() == b.begin() && a.offset() == b.offset() &&
          a.end() == b.end() && a.text() == b.text() && a.elements() == b.elements() &&
          a.has_dropped_elements() == b.has_dropped_elements());
  std::string of_a, of_b;
  for (std::size_t e = 0; e <= a.elements() + 1; ++e) {
    require(a.components(e) == b.components(e));
    for (std::size_t c = 0; c <= a.components(e); ++c) require(a.value(e, c, of_a) == b.value(e, c, of_b));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = quaywatch::fuzz::text_of(data, size);
  codec::SegmentReader fast(bytes), by_byte(bytes, {}, 0, codec::kScanByByte);
  std::vector<codec::CutSegment> cut;
  codec::Segment a, b;
  for (bool more = true; more; same(a, b)) {
    codec::SegmentReader ahead = fast;
    cut.clear();
    const std::uint64_t read = ahead.read_body(cut, 100);
    fast.know(cut);
    for (std::uint64_t i = 0; i < read; ++i) {
      require(fast.next(a) && by_byte.next(b) && a.fault() == codec::SegmentFault::none && a.tag()[0] != 'U');
      same(a, b);
    }
    require(fast.position() == ahead.position());
    more = fast.next(a);
    require(by_byte.next(b) == more);
  }
  return 0;
}
