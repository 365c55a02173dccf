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

// The tables of a segment that is being cut, each with room for kScanBytes entries more than are counted.
struct Cuts {
  std::uint32_t* parts;     // where each component begins
  std::uint32_t* elements;  // which component each element begins with
  std::size_t part_count, element_count;
};

// `block` has kScanBytes bytes.
struct SegmentScan {
  // Cuts at the separators before the first terminator, release character or line end, and returns the place of that;
  // kScanBytes where there is none. Behind a separator at place i a component begins at first + i.
  std::size_t (*cut)(const char* block, const MarkedBytes& marked, std::uint32_t first, Cuts& cuts);
  // The place of the first terminator or release character; kScanBytes where there is none.
  std::size_t (*find_end)(const char* block, const MarkedBytes& marked);
};

extern const SegmentScan kScanByByte;
const SegmentScan* avx2_scan();  // nullptr where the processor has none
const SegmentScan& fastest_scan();

}  // namespace quaywatch::codec
