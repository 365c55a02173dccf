// EDIFACT 64 bytes at a time: where its separators stand and what ends a segment. A stretch of the text is marked at
// once, in two ways: with AVX2 where the processor has it, else byte by byte; both find the same. SegmentMarker then
// tells what stands behind any place without looking at the bytes again. Not thread-safe; one marker per thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace quaywatch::codec {

inline constexpr std::size_t kScanBytes = 64;

// Four different bytes, none of them NUL, CR or LF; where there is no release character it repeats the terminator.
struct MarkedBytes {
  char component = ':', element = '+', terminator = '\'', release = '?';
};

// Of a block of kScanBytes; bit i stands for byte i.
struct BlockMarks {
  std::uint64_t ends = 0;    // all of MarkedBytes, CR and LF
  std::uint64_t closes = 0;  // those without the component separator
  std::uint64_t stops = 0;   // and without the element separator
  bool operator==(const BlockMarks&) const = default;
};

struct SegmentScan {
  void (*mark)(const char* text, std::size_t blocks, const MarkedBytes& marked, BlockMarks* out);
};

extern const SegmentScan kScanByByte;
const SegmentScan* avx2_scan();  // nullptr where the processor has none
const SegmentScan& fastest_scan();

// Of kScanBytes from some place, up to the first terminator, release character or line end, that included.
struct SegmentMarks {
  std::uint64_t ends = 0;    // where a component ends: all separators, and that first
  std::uint64_t closes = 0;  // where an element ends: element separators, and that first
  bool operator==(const SegmentMarks&) const = default;
};

struct Ahead {
  SegmentMarks marks;
  std::size_t stop = kScanBytes;  // the last of them, where it is no separator; kScanBytes: nothing stops here
};

class SegmentMarker {
 public:
  // The text outlives the marker.
  SegmentMarker(std::string_view text, const SegmentScan& scan) : text_(text), scan_(&scan) {}
  void use(const MarkedBytes& marked);
  // `place` is within the text; behind the text nothing is marked.
  Ahead ahead(std::size_t place) {
    std::size_t block = (place - begin_) / kScanBytes;
    if (block >= known_) [[unlikely]] {  // also where it lies before
      mark_from(place);
      block = 0;
    }
    const std::size_t shift = (place - begin_) % kScanBytes;
    const BlockMarks* const at = blocks_.data() + block;
    const auto word = [&](std::uint64_t BlockMarks::* m) {
      return at[0].*m >> shift | at[1].*m << 1 << (kScanBytes - 1 - shift);
    };
    const std::uint64_t stops = word(&BlockMarks::stops);
    const std::uint64_t up_to_first = stops ^ (stops - 1);
    return {{word(&BlockMarks::ends) & up_to_first, word(&BlockMarks::closes) & up_to_first},
            static_cast<std::size_t>(std::countr_zero(stops))};
  }

 private:
  void mark_from(std::size_t place);

  std::string_view text_;
  const SegmentScan* scan_;
  MarkedBytes marked_;
  std::size_t begin_ = 0;           // of the stretch that is marked
  std::size_t known_ = 0;           // blocks of it that have one behind them
  std::vector<BlockMarks> blocks_;  // of the stretch
};

}  // namespace quaywatch::codec
