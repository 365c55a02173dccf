#include "codec/segment_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace quaywatch::codec {
namespace {

std::size_t cut_by_byte(const char* block, const MarkedBytes& marked, std::uint32_t first, Cuts& cuts) {
  for (std::size_t i = 0; i < kScanBytes; ++i) {
    const char c = block[i];
    if (c == marked.terminator || c == marked.release || c == '\r' || c == '\n') return i;
    if (c != marked.component && c != marked.element) continue;
    if (c == marked.element) cuts.elements[cuts.element_count++] = static_cast<std::uint32_t>(cuts.part_count);
    cuts.parts[cuts.part_count++] = first + static_cast<std::uint32_t>(i);
  }
  return kScanBytes;
}

std::size_t find_end_by_byte(const char* block, const MarkedBytes& marked) {
  std::size_t i = 0;
  while (i < kScanBytes && block[i] != marked.terminator && block[i] != marked.release) ++i;
  return i;
}

#if defined(__x86_64__)

// The 64 bytes in two halves.
struct Block {
  __m256i low, high;
};

__attribute__((target("avx2,bmi"), always_inline)) inline Block load(const char* block) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(block)),
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32))};
}
__attribute__((target("avx2,bmi"), always_inline)) inline Block equal(const Block& b, char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  return {_mm256_cmpeq_epi8(b.low, wanted), _mm256_cmpeq_epi8(b.high, wanted)};
}
__attribute__((target("avx2,bmi"), always_inline)) inline Block either(const Block& a, const Block& b) {
  return {_mm256_or_si256(a.low, b.low), _mm256_or_si256(a.high, b.high)};
}
// Bit i stands for byte i.
__attribute__((target("avx2,bmi"), always_inline)) inline std::uint64_t places(const Block& b) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(b.low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(b.high))) << 32;
}

__attribute__((target("avx2,bmi"))) std::size_t cut_by_vector(const char* block, const MarkedBytes& marked,
                                                              std::uint32_t first, Cuts& cuts) {
  const Block bytes = load(block);
  const Block ends = either(equal(bytes, marked.terminator), equal(bytes, marked.release));
  const Block line_ends = either(equal(bytes, '\r'), equal(bytes, '\n'));
  const Block elements = equal(bytes, marked.element);
  const std::uint64_t stops = places(either(ends, line_ends));
  const std::uint64_t is_element = places(elements);
  std::uint64_t left = places(either(elements, equal(bytes, marked.component))) & _blsmsk_u64(stops);
  std::uint32_t* part = cuts.parts + cuts.part_count;
  std::uint32_t* element = cuts.elements + cuts.element_count;
  auto number = static_cast<std::uint32_t>(cuts.part_count);
  for (; left != 0; left = _blsr_u64(left)) {
    const std::uint64_t place = _tzcnt_u64(left);
    *part++ = first + static_cast<std::uint32_t>(place);
    *element = number++;
    element += is_element >> place & 1;  // no branch: it could not be foretold
  }
  cuts.part_count = number;
  cuts.element_count = static_cast<std::size_t>(element - cuts.elements);
  return _tzcnt_u64(stops);
}

__attribute__((target("avx2,bmi"))) std::size_t find_end_by_vector(const char* block, const MarkedBytes& marked) {
  const Block bytes = load(block);
  return _tzcnt_u64(places(either(equal(bytes, marked.terminator), equal(bytes, marked.release))));
}

constexpr SegmentScan kScanByVector{cut_by_vector, find_end_by_vector};

#endif

}  // namespace

constinit const SegmentScan kScanByByte{cut_by_byte, find_end_by_byte};

const SegmentScan* avx2_scan() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0) return &kScanByVector;
#endif
  return nullptr;
}

const SegmentScan& fastest_scan() {
  static const SegmentScan& fastest = avx2_scan() != nullptr ? *avx2_scan() : kScanByByte;
  return fastest;
}

}  // namespace quaywatch::codec
