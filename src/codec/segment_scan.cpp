#include "codec/segment_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace quaywatch::codec {
namespace {

SegmentMarks mark_by_byte(const char* block, const MarkedBytes& marked) {
  SegmentMarks out;
  for (std::size_t i = 0; i < kScanBytes; ++i) {
    const char c = block[i];
    const bool stops = c == marked.terminator || c == marked.release || c == '\r' || c == '\n';
    if (!stops && c != marked.component && c != marked.element) continue;
    const std::uint64_t bit = std::uint64_t{1} << i;
    out.ends |= bit;
    if (c != marked.component) out.closes |= bit;
    if (stops) break;
  }
  return out;
}

std::uint64_t ends_by_byte(const char* block, const MarkedBytes& marked) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < kScanBytes; ++i)
    if (block[i] == marked.terminator || block[i] == marked.release) out |= std::uint64_t{1} << i;
  return out;
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

__attribute__((target("avx2,bmi"))) SegmentMarks mark_by_vector(const char* block, const MarkedBytes& marked) {
  const Block bytes = load(block);
  const Block ends = either(equal(bytes, marked.terminator), equal(bytes, marked.release));
  const Block stops = either(ends, either(equal(bytes, '\r'), equal(bytes, '\n')));
  const Block closes = either(stops, equal(bytes, marked.element));
  const std::uint64_t up_to_first = _blsmsk_u64(places(stops));
  return {places(either(closes, equal(bytes, marked.component))) & up_to_first, places(closes) & up_to_first};
}

__attribute__((target("avx2,bmi"))) std::uint64_t ends_by_vector(const char* block, const MarkedBytes& marked) {
  const Block bytes = load(block);
  return places(either(equal(bytes, marked.terminator), equal(bytes, marked.release)));
}

constexpr SegmentScan kScanByVector{mark_by_vector, ends_by_vector};

#endif

}  // namespace

constinit const SegmentScan kScanByByte{mark_by_byte, ends_by_byte};

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
