// EDIFACT 64 bytes at a time: where its separators stand and what ends a segment, in two ways: with AVX2 where the
// processor has it, else byte by byte; both find the same. Nothing is allocated. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quaywatch::codec {

inline constexpr std::size_t kScanBytes = 64;

// Four different bytes, none of them NUL, CR or LF; where there is no release character it repeats the terminator.
struct MarkedBytes {
  char component = ':', element = '+', terminator = '\'', release = '?';
};

// Of a block up to its first terminator, release character or line end; bit i stands for byte i. Where the block has
// none of these, the last bit of `closes` is one of an element separator, or there is none.
struct SegmentMarks {
  std::uint64_t ends = 0;    // where a component ends: all separators, and that first
  std::uint64_t closes = 0;  // where an element ends: element separators, and that first
  bool operator==(const SegmentMarks&) const = default;
};

// `block` has kScanBytes bytes.
struct SegmentScan {
  SegmentMarks (*mark)(const char* block, const MarkedBytes& marked);
  // All terminators and release characters of the block.
  std::uint64_t (*ends)(const char* block, const MarkedBytes& marked);
};

extern const SegmentScan kScanByByte;
const SegmentScan* avx2_scan();  // nullptr where the processor has none
const SegmentScan& fastest_scan();

}  // namespace quaywatch::codec
