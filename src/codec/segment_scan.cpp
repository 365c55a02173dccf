#include "codec/segment_scan.h"

#include <algorithm>
#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace quaywatch::codec {
namespace {

// A stretch is twice as long as the one before it: short where separators change all the time, and its marks still fit
// into the innermost cache.
constexpr std::size_t kShortestBlocks = 4, kLongestBlocks = 256;

void mark_by_byte(const char* text, std::size_t blocks, const MarkedBytes& marked, BlockMarks* out) {
  std::array<std::uint8_t, 256> kinds{};
  const auto kind = [&](char c) -> std::uint8_t& { return kinds[static_cast<std::uint8_t>(c)]; };
  kind(marked.component) = 1;
  kind(marked.element) = 3;
  for (const char c : {marked.terminator, marked.release, '\r', '\n'}) kind(c) = 7;
  for (std::size_t block = 0; block < blocks; ++block) {
    BlockMarks marks;
    for (std::size_t i = 0; i < kScanBytes; ++i) {
      const std::uint64_t of = kind(text[block * kScanBytes + i]);
      marks.ends |= (of & 1) << i;
      marks.closes |= (of >> 1 & 1) << i;
      marks.stops |= (of >> 2) << i;
    }
    out[block] = marks;
  }
}

#if defined(__x86_64__)

// The 64 bytes in two halves.
struct Block {
  __m256i low, high;
};

__attribute__((target("avx2"), always_inline)) inline Block load(const char* block) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(block)),
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32))};
}
__attribute__((target("avx2"), always_inline)) inline Block equal(const Block& b, char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  return {_mm256_cmpeq_epi8(b.low, wanted), _mm256_cmpeq_epi8(b.high, wanted)};
}
__attribute__((target("avx2"), always_inline)) inline Block either(const Block& a, const Block& b) {
  return {_mm256_or_si256(a.low, b.low), _mm256_or_si256(a.high, b.high)};
}
// Bit i stands for byte i.
__attribute__((target("avx2"), always_inline)) inline std::uint64_t places(const Block& b) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(b.low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(b.high))) << 32;
}

__attribute__((target("avx2"))) void mark_by_vector(const char* text, std::size_t blocks, const MarkedBytes& marked,
                                                    BlockMarks* out) {
  for (std::size_t i = 0; i < blocks; ++i) {
    const Block bytes = load(text + i * kScanBytes);
    const Block ends = either(equal(bytes, marked.terminator), equal(bytes, marked.release));
    const Block stops = either(ends, either(equal(bytes, '\r'), equal(bytes, '\n')));
    const Block closes = either(stops, equal(bytes, marked.element));
    out[i] = {places(either(closes, equal(bytes, marked.component))), places(closes), places(stops)};
  }
}

constexpr SegmentScan kScanByVector{mark_by_vector};

#endif

}  // namespace

constinit const SegmentScan kScanByByte{mark_by_byte};

const SegmentScan* avx2_scan() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) return &kScanByVector;
#endif
  return nullptr;
}

const SegmentScan& fastest_scan() {
  static const SegmentScan& fastest = avx2_scan() != nullptr ? *avx2_scan() : kScanByByte;
  return fastest;
}

void SegmentMarker::use(const MarkedBytes& marked) {
  marked_ = marked;
  known_ = 0;
  blocks_.clear();
}

void SegmentMarker::mark_from(std::size_t place) {
  const std::size_t left = text_.size() - place;
  const std::size_t whole = left / kScanBytes;
  const std::size_t most = std::clamp(blocks_.size() * 2, kShortestBlocks, kLongestBlocks);
  const std::size_t blocks = std::min(whole, most);
  begin_ = place;
  blocks_.assign(blocks + 2, {});
  scan_->mark(text_.data() + place, blocks, marked_, blocks_.data());
  known_ = blocks - 1;
  if (whole > most) return;
  // The last bytes fill a block with NUL, which is never marked; behind them is nothing.
  std::array<char, kScanBytes> last{};
  std::memcpy(last.data(), text_.data() + place + whole * kScanBytes, left % kScanBytes);
  scan_->mark(last.data(), 1, marked_, blocks_.data() + blocks);
  known_ = blocks + 1;
}

}  // namespace quaywatch::codec
